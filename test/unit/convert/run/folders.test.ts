import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import { inProcess, requestFor } from './jobsBench.ts';
import { cleanUp, hashes, newFolder, tree } from './runBench.ts';

let data: string;
let output: string;
let jobs: Jobs;

beforeEach(async () => {
  data = newFolder();
  output = `${data}-chunks`;
  jobs = await inProcess();
  execFileSync('/usr/bin/sox', ['-n', '-r', '8000', '-b', '16', join(data, 'a.wav'), 'synth', '2.5', 'sine', '300']);
});
afterEach(cleanUp);

const chunks = (seconds: number): ReturnType<typeof requestFor> => requestFor([data], { preset: 'audio.chunks', options: { seconds } });

describe('an output that is a folder', () => {
  it('holds its files and its sidecar, and is known the next time', async () => {
    const before = hashes([join(data, 'a.wav')]);
    const { id } = await jobs.plan(chunks(1));
    expect(await jobs.run(id)).toMatchObject({ state: 'done', counts: { write: 1, done: 1, failed: 0 } });
    const files = tree(output);
    expect(files[0]).toBe('a/');
    expect(files.filter((name) => name.endsWith('.wav'))).toHaveLength(3);
    expect(files.filter((name) => !name.endsWith('.wav') && !name.endsWith('/'))).toHaveLength(1);
    expect(hashes([join(data, 'a.wav')])).toEqual(before);
    expect((await jobs.plan(chunks(1))).counts).toMatchObject({ write: 0, replace: 0, skip: 1, refuse: 0 });
  });

  it('takes the place of an old one that is as we left it', async () => {
    await jobs.run((await jobs.plan(chunks(1))).id);
    const { id, counts } = await jobs.plan(chunks(2));
    expect(counts).toMatchObject({ write: 0, replace: 1 });
    expect(await jobs.run(id)).toMatchObject({ state: 'done', counts: { done: 1, failed: 0 } });
    expect(tree(output).filter((name) => name.endsWith('.wav'))).toHaveLength(2);
    expect(tree(output).filter((name) => name.includes('.trainyard'))).toEqual([]);
  });

  it.each<[string, (folder: string) => void]>([
    ['a file was added to it', (folder) => writeFileSync(join(folder, 'labels.csv'), 'mine')],
    ['a file in it was changed', (folder) => writeFileSync(join(folder, tree(folder).find((name) => name.endsWith('.wav')) ?? ''), 'mine')],
    [
      'a file in it was renamed',
      (folder) => renameSync(join(folder, tree(folder).find((name) => name.endsWith('.wav')) ?? ''), join(folder, 'x.wav')),
    ],
  ])('is left alone where %s after the plan', async (_, change) => {
    await jobs.run((await jobs.plan(chunks(1))).id);
    const { id } = await jobs.plan(chunks(2));
    change(join(output, 'a'));
    const before = tree(output);
    const status = await jobs.run(id);
    expect(status.failures.map(({ reason }) => reason)).toEqual(['the old output has been changed since it was made · it was left alone']);
    expect(tree(output)).toEqual(before);
  });

  it('is not replaced by a plan that sees the change', async () => {
    await jobs.run((await jobs.plan(chunks(1))).id);
    writeFileSync(join(output, 'a', 'labels.csv'), 'mine');
    expect((await jobs.plan(chunks(2))).counts).toMatchObject({ write: 0, replace: 0, refuse: 1 });
    expect(readFileSync(join(output, 'a', 'labels.csv'), 'utf8')).toBe('mine');
  });

  it('does not come about where its name has been taken', async () => {
    const { id } = await jobs.plan(chunks(1));
    execFileSync('mkdir', ['-p', join(output, 'a')]);
    const status = await jobs.run(id);
    expect(status.counts).toMatchObject({ done: 0, failed: 1 });
    expect([tree(output), existsSync(join(output, 'a'))]).toEqual([['a/'], true]);
  });
});
