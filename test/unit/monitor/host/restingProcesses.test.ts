import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { createProcessFiles } from '../../../../src/monitor/host/processFiles.ts';
import type { ProcessSample } from '../../../../src/monitor/hostSample.ts';
import { createLocalFiles } from '../../../../src/monitor/localFiles.ts';
import { fakeMachine, put, type FakeProcess } from './fakeProcesses.ts';
import type { Tree } from './tree.ts';

describe('one with a single thread that rests', () => {
  /** By then it has been identified once more since it ran last. */
  const START = 130;
  const resting = { threads: 1, runs: 7, io: [4096, 0] } as const;

  function rested(more: FakeProcess = resting): { tree: Tree; at: (second: number) => ProcessSample | undefined } {
    const { tree, read } = fakeMachine();
    put(tree, 77, more);
    for (let second = 0; second < START; second++) {
      read(second);
    }
    return { tree, at: (second) => read(second).find(({ pid }) => pid === 77) };
  }

  /** After how many seconds what it does shows. */
  function shownAfter(at: (second: number) => ProcessSample | undefined, isShown: (sample: ProcessSample | undefined) => boolean): number {
    for (let second = START; second < START + 100; second++) {
      if (isShown(at(second))) {
        return second - START;
      }
    }
    return Infinity;
  }

  it('is not looked at as long as it has not run, but for the memory that may be taken from it', () => {
    const { tree, at } = rested();
    put(tree, 77, { ...resting, resident: 500, command: 'other\0' });
    const after = shownAfter(at, (sample) => sample?.memory === 500 * 4096);
    expect(after).toBeGreaterThan(1);
    expect(after).toBeLessThanOrEqual(32);
    for (let second = START + after + 1; second < START + 100; second++) {
      expect(at(second)?.command).toEqual(['python', 'train.py']);
    }
  });

  it('is told of within eight seconds when it runs, with its share of the time since it was known to rest', () => {
    const { tree, at } = rested();
    put(tree, 77, { ...resting, runs: 8, ticks: 100, io: [8192, 0], resident: 500 });
    let shown: ProcessSample | undefined;
    expect(shownAfter(at, (sample) => (shown = sample)?.memory === 500 * 4096)).toBeLessThanOrEqual(7);
    expect(shown?.cpu).toBeGreaterThanOrEqual(12);
    expect(shown?.read).toBeGreaterThanOrEqual(512);
  });

  it('is told of at once when it runs and the machine works more than those who are looked at', () => {
    for (const pid of [71, 72, 73, 74, 75, 76, 77, 78]) {
      const { tree, read } = fakeMachine();
      put(tree, pid, resting);
      for (let second = 0; second < START; second++) {
        read(second, 0.5);
      }
      put(tree, pid, { ...resting, runs: 8, ticks: 50 });
      // Half of one of eight cores. Its share is of the time since it was known to rest, of eight seconds at most.
      expect(read(START, 0.5 + 6.25).find((process) => process.pid === pid)?.cpu).toBeGreaterThanOrEqual(50 / 8);
    }
  });

  it('has another parent as soon as its own has ended', () => {
    const { tree, read } = fakeMachine();
    put(tree, 70, {});
    put(tree, 77, { ...resting, parent: 70 });
    for (let second = 0; second < 40; second++) {
      read(second);
    }
    tree.remove('/proc/70');
    put(tree, 77, { ...resting, parent: 1 });
    for (let second = 40; second < 44; second++) {
      read(second);
    }
    expect(read(44).find(({ pid }) => pid === 77)?.parent).toBe(1);
  });

  it.each([
    ['the kernel does not count', { ...resting, runs: 0 }],
    ['another thread of it may have run', { ...resting, threads: 2 }],
  ])('is looked at all the same where %s', (_, more) => {
    const { tree, at } = rested(more);
    put(tree, 77, { ...more, resident: 500 });
    expect(shownAfter(at, (sample) => sample?.memory === 500 * 4096)).toBeLessThanOrEqual(7);
  });

  it('of this machine is known to rest and to run', async () => {
    const files = createLocalFiles();
    const processFiles = createProcessFiles(files);
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const runs = processFiles.runs(child.pid ?? 0);
    await vi.waitFor(() => expect(runs?.rested()).toBe(true));
    child.kill('SIGSTOP');
    await vi.waitFor(() => expect(runs?.rested()).toBe(false));
    runs?.dispose();
    files.dispose();
  });
});
