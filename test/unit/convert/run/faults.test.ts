import { afterEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { ItemError, problemBehind, wordsOf } from '../../../../src/convert/run/faults.ts';
import { MediaError } from '../../../../src/media/mediaError.ts';
import { ToolError } from '../../../../src/process/toolError.ts';
import { cleanUp, newFolder } from './runBench.ts';

afterEach(cleanUp);

const failure = (code: string, path?: string): Error => Object.assign(new Error(`${code}: no`), { code, ...(path && { path }) });

describe('a failure', () => {
  it.each<[string, unknown, string | undefined]>([
    ['no room', failure('ENOSPC'), 'There is no room left in ROOT: the disk is full.'],
    ['no quota', failure('EDQUOT'), 'There is no room left in ROOT: the disk quota is used up.'],
    ['a read-only file system', failure('EROFS'), 'Nothing can be written into ROOT: the file system is read-only.'],
    ['a tool that is gone', new ToolError('notFound', 'sox', 'sox is no longer at /usr/bin/sox'), 'sox is no longer at /usr/bin/sox'],
    ['a locked folder in an open one', failure('EACCES'), undefined],
    ['a damaged file', new ItemError('sox stopped with 2 · damaged'), undefined],
    ['a file that is gone', failure('ENOENT'), undefined],
  ])('%s is the whole job’s problem, or not', (_, error, problem) => {
    const root = newFolder();
    expect(problemBehind(error, { root, folder: root, wasThere: true })?.message).toBe(problem?.replace('ROOT', root));
  });

  it('of a folder that has gone is the whole job’s only where it had been there', () => {
    const root = join(newFolder(), 'gone');
    const error = new ItemError('no output was written');
    expect(problemBehind(error, { root, folder: root, wasThere: true })?.message).toContain('was removed while the job ran');
    expect(problemBehind(error, { root, folder: root, wasThere: false })).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [failure('EACCES', '/out'), '/out: permission denied'],
    [failure('EWHATEVER'), 'EWHATEVER'],
    [new MediaError('io', '/a', '/a cannot be read'), '/a cannot be read'],
    [new RangeError('out of range'), 'out of range'],
    ['text', 'text'],
  ])('is told in words: %s', (error, words) => {
    expect(wordsOf(error)).toBe(words);
  });
});
