import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WalkOptions } from '../../../src/media/walk.ts';
import { walk } from '../../../src/media/walk.ts';
import { temporaryFolder } from './support.ts';

const home = realpathSync(temporaryFolder());

/** A folder of its own with these files in it. */
function tree(...names: readonly string[]): string {
  const root = mkdtempSync(join(home, 'tree-'));
  for (const name of names) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), name);
  }
  return root;
}

async function walked(paths: readonly string[], options?: WalkOptions) {
  const files: string[] = [];
  const targets = new Map<string, string>();
  const problems: [string, string][] = [];
  for await (const batch of walk(paths, options)) {
    for (const file of batch.files) {
      files.push(file.path);
      if (file.target !== undefined) {
        targets.set(file.path, file.target);
      }
    }
    problems.push(...batch.problems.map(({ reason, path }): [string, string] => [reason, path]));
  }
  return { files, targets, problems };
}

describe('a walk', () => {
  it('gives the files of a folder before those of its folders, in byte order', async () => {
    const root = tree('b.wav', 'a.wav', 'B.wav', 'z/1.wav', 'c/d/2.wav', 'c/1.wav', '\u{1f600}.wav', '\uff5e.wav');
    const { files, problems } = await walked([root]);
    expect(files.map((file) => file.slice(root.length + 1))).toEqual(['B.wav', 'a.wav', 'b.wav', '\uff5e.wav', '\u{1f600}.wav', 'c/1.wav', 'c/d/2.wav', 'z/1.wav']);
    expect(problems).toEqual([]);
  });

  it('leaves out hidden names and node_modules, but not what was named itself', async () => {
    const root = tree('a', '.hidden', '.git/config', 'node_modules/x.png', '.cache/b');
    expect((await walked([root])).files).toEqual([join(root, 'a')]);
    expect((await walked([join(root, '.hidden'), join(root, '.cache')])).files).toEqual([join(root, '.hidden'), join(root, '.cache/b')]);
  });

  it('leaves out what is excluded, folders with all in them', async () => {
    const root = tree('a', 'out/b', 'out/c/d');
    expect((await walked([root], { exclude: (path) => path === join(root, 'out') })).files).toEqual([join(root, 'a')]);
  });

  it('follows links to files and tells both ends, and follows no link to a folder', async () => {
    const root = tree('real/a.wav', 'real/b.wav');
    symlinkSync('real/a.wav', join(root, 'link.wav'));
    symlinkSync('real', join(root, 'loop'));
    symlinkSync('..', join(root, 'real/up'));
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('round', join(root, 'round'));
    const { files, targets, problems } = await walked([root]);
    expect(files).toEqual([join(root, 'link.wav'), join(root, 'real/a.wav'), join(root, 'real/b.wav')]);
    expect(targets).toEqual(new Map([[join(root, 'link.wav'), join(root, 'real/a.wav')]]));
    expect(problems).toEqual([
      ['notFound', join(root, 'dangling')],
      ['linkedFolder', join(root, 'loop')],
      ['notFound', join(root, 'round')],
      ['linkedFolder', join(root, 'real/up')],
    ]);
    expect((await walked([join(root, 'loop')])).files).toEqual([join(root, 'loop/a.wav'), join(root, 'loop/b.wav')]);
  });

  it('tells what is missing and what is no file, and goes on', async () => {
    const root = tree('a');
    execFileSync('/usr/bin/mkfifo', [join(root, 'pipe')]);
    const { files, problems } = await walked([join(root, 'gone'), root, '/dev/null']);
    expect(files).toEqual([join(root, 'a')]);
    expect(problems).toEqual([['notFound', join(root, 'gone')], ['notAFile', join(root, 'pipe')], ['notAFile', '/dev/null']]);
  });

  it('drops no name that is not UTF-8 without a word', async () => {
    const root = tree('good.wav', 'replaced \ufffd.wav');
    execFileSync('/bin/sh', ['-c', `cd "$1" && printf x > "$(printf 'caf\\351 \\\\.wav')"`, 'sh', root]);
    const { files, problems } = await walked([root]);
    expect(files.sort()).toEqual([join(root, 'good.wav'), join(root, 'replaced \ufffd.wav')]);
    expect(problems).toEqual([['nameNotUtf8', join(root, 'caf\\xe9 \\x5c.wav')]]);
  });

  it('takes names as they are', async () => {
    const names = ['-rf', '$(x)', '%d.png', "'quote'", 'a\nb', 'e\u0301', '\u00e9', '|touch x'];
    const root = tree(...names);
    expect((await walked([root])).files).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map((name) => join(root, name)));
  });

  it('stops at an abort with its reason', async () => {
    const root = tree('a/1', 'b/2', 'c/3');
    const controller = new AbortController();
    const batches = walk([root], { signal: controller.signal });
    await batches.next();
    controller.abort(new Error('enough'));
    await expect(batches.next()).rejects.toThrow('enough');
  });
});
