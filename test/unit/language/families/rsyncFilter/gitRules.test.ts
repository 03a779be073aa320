import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFilter, parseFilterRules } from '../../../../../src/base/rsyncFilter.ts';
import { fromGitignore } from '../../../../../src/language/families/rsyncFilter/gitRules.ts';

const FILES = [
  'a', 'b.txt', 'a b', '#a', '!a', 'star*', 'foo/a', 'foo/bar/a', 'foo/bar/b.txt', 'foo/bar/baz/a', 'bar/foo/a', 'bar/a', 'x/foo/bar/q', 'x/foo/a',
  'x/y/z/a', 'x/y/z/b.txt', 'logs/keep.log', 'logs/a.log', 'sub/logs/a.log', 'dataset/b', 'sub/dataset/b', '.env', 'x/.env',
]; // prettier-ignore

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'trainyard-git-rules-'));
  for (const file of FILES) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  spawnSync('git', ['init', '-q', root]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function keptByGit(lines: readonly string[]): readonly string[] {
  writeFileSync(join(root, '.git', 'info', 'exclude'), `${lines.join('\n')}\n`);
  const { stdout, status } = spawnSync('git', ['-C', root, 'ls-files', '-zco', '--exclude-standard'], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout.split('\0').filter((name) => name !== '').sort();
}

function keptByUs(lines: readonly string[]): readonly string[] {
  const filter = createFilter(parseFilterRules(fromGitignore(lines)), 'sender');
  return FILES.filter((file) => filter.leftOutBy(file, false) === undefined).sort();
}

const part = fc.constantFrom('a', 'foo', 'bar', 'x', 'y', 'logs', 'dataset', '.env', '*', '**', '*.txt', '*.log', '?', '[ab]', '[!a]', 'b*', '\\a', 'star\\*', 'a\\ b', '[a-f]oo');
const line = fc
  .tuple(fc.constantFrom('', '', '!'), fc.constantFrom('', '/', '**/'), fc.array(part, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '/'), fc.constantFrom('', ' '))
  .map(([sign, start, parts, end, space]) => sign + start + parts.join('/') + end + space);

describe('the rules of a .gitignore for rsync', () => {
  it('keep what git keeps, over random lines', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        expect(keptByUs(lines)).toEqual(keptByGit(lines));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [['*.log', '!keep.log']],
    [['dataset/*']],
    [['foo/bar']],
    [['\\#a', '\\!a']],
    [['foo/**/a']],
    [['x/**']],
    [['**']],
    [['*', '!*/', '!*.txt']],
    [['# words', '', 'star\\*']],
  ])('keep what git keeps of %j', (lines) => {
    expect(keptByUs(lines)).toEqual(keptByGit(lines));
  });

  it('have comments above what they were above, in the other order', () => {
    expect(fromGitignore(['# logs', '*.log', '', '# but this', '!keep.log'])).toEqual(['# but this', '+ keep.log', '# logs', '- *.log']);
  });
});
