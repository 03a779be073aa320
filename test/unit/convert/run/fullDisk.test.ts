import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, hashes, makeImages, newFolder, newJob, planFor, tree, type TestJob } from './runBench.ts';
import { copyEngine, copyPreset, standIn } from './standIn.ts';

const isRoot = process.getuid?.() === 0;
let output: string;
let images: readonly string[];
let before: readonly string[];

beforeEach(() => {
  output = newFolder();
  if (isRoot) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', output]);
  }
});
afterEach(() => {
  if (isRoot) {
    execFileSync('umount', [output]);
  }
  cleanUp();
});

async function copying(files: readonly string[], calls: number, target = output, bytes = 0): Promise<TestJob> {
  images = makeImages(newFolder(), files);
  images.forEach((path) => appendFileSync(path, Buffer.alloc(Math.max(0, bytes - statSync(path).size))));
  before = hashes(images);
  const { toolbox } = standIn(newFolder());
  return newJob({
    plan: planFor(images, target, 'sox'),
    output: target,
    preset: copyPreset,
    toolbox,
    engines: [copyEngine(calls)],
    workers: 1,
  });
}

describe.skipIf(!isRoot)('on a small file system', () => {
  it.each([1, 4])('ends with a problem when the disk is full, %i files to a process', async (calls) => {
    const job = await copying(
      ['a.jpg', 'b.jpg', 'fills-1.jpg', 'c.jpg', ...Array.from({ length: 30 }, (_, index) => `d${index}.jpg`)],
      calls,
    );
    const status = await job.run();
    expect(status).toMatchObject({ state: 'failed', problem: `There is no room left in ${output}: the disk is full.` });
    expect(status.counts.done).toBe(calls === 1 ? 2 : 0);
    expect(status.counts.failed).toBeLessThanOrEqual(1);
    expect(tree(output)).toHaveLength(status.counts.done);
    expect(hashes(images)).toEqual(before);
  });

  it('does what is left when there is room again', async () => {
    const job = await copying(['a.jpg', 'b.jpg', 'c.jpg'], 1, output, 700_000);
    expect(await job.run()).toMatchObject({ state: 'failed', counts: { done: 1 } });
    const inode = statSync(join(output, 'a.jpg')).ino;
    execFileSync('mount', ['-o', 'remount,size=8m', output]);
    const status = await job.run();
    expect(status).toMatchObject({ state: 'done', progress: 1, counts: { done: 3, failed: 0 } });
    expect(status.problem).toBeUndefined();
    expect(tree(output)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(statSync(join(output, 'a.jpg')).ino).toBe(inode);
    expect(hashes(images)).toEqual(before);
  });

  it('ends with a problem where nothing can be written', async () => {
    execFileSync('mount', ['-o', 'remount,ro', output]);
    const job = await copying(
      Array.from({ length: 20 }, (_, index) => `a${index}.jpg`),
      4,
      join(output, 'new'),
    );
    const status = await job.run();
    expect(status).toMatchObject({
      state: 'failed',
      problem: `Nothing can be written into ${join(output, 'new')}: the file system is read-only.`,
    });
    expect(status.counts).toMatchObject({ done: 0, failed: 1 });
    expect(hashes(images)).toEqual(before);
  });
});
