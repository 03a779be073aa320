import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { readdirSync, statfsSync } from 'node:fs';
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

async function copying(files: readonly string[], calls: number, target = output): Promise<TestJob> {
  images = makeImages(newFolder(), files);
  before = hashes(images);
  const { toolbox } = standIn(newFolder());
  return newJob({ plan: planFor(images, target, 'sox'), output: target, preset: copyPreset, toolbox, engines: [copyEngine(calls)], workers: 1 });
}

describe.skipIf(!isRoot)('on a small file system', () => {
  it.each([1, 4])('ends with a problem when the disk is full, %i files to a process', async (calls) => {
    const job = await copying(['a.jpg', 'b.jpg', 'fills-1.jpg', 'c.jpg', ...Array.from({ length: 30 }, (_, index) => `d${index}.jpg`)], calls);
    const status = await job.run();
    expect(status).toMatchObject({ state: 'failed', problem: `There is no room left in ${output}: the disk is full.` });
    expect(status.counts.done).toBe(calls === 1 ? 2 : 0);
    expect(status.counts.failed).toBeLessThanOrEqual(1);
    expect(tree(output)).toHaveLength(status.counts.done);
    expect(hashes(images)).toEqual(before);
  });

  it('goes on where it stopped when there is room again', async () => {
    const files = ['a.jpg', 'fills-1.jpg', 'b.jpg'];
    const job = await copying(files, 1);
    expect((await job.run()).state).toBe('failed');
    execFileSync('/usr/bin/convert', ['-size', '32x24', 'xc:red', images[1] ?? '']);
    const status = await job.run();
    // The stand-in fills the disk again: what matters is that the others are done, and once.
    expect(status.counts.done).toBeGreaterThanOrEqual(1);
    expect(readdirSync(output).every((name) => !name.startsWith('.'))).toBe(true);
    const { bavail, blocks } = statfsSync(output);
    expect(bavail).toBeGreaterThan(blocks / 2);
  });

  it('ends with a problem where nothing can be written', async () => {
    execFileSync('mount', ['-o', 'remount,ro', output]);
    const job = await copying(Array.from({ length: 20 }, (_, index) => `a${index}.jpg`), 4, join(output, 'new'));
    const status = await job.run();
    expect(status).toMatchObject({ state: 'failed', problem: `Nothing can be written into ${join(output, 'new')}: the file system is read-only.` });
    expect(status.counts).toMatchObject({ done: 0, failed: 1 });
    expect(hashes(images)).toEqual(before);
  });
});
