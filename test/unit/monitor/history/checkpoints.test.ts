import { statSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import type { Disposable } from '../../../../src/base/disposable.ts';
import { createCheckpointer, type Checkpointer } from '../../../../src/monitor/history/checkpointer.ts';
import { createHistoryKeeper, type HistoryKeeper } from '../../../../src/monitor/history/historyKeeper.ts';
import { LOG_BYTES, setAside } from '../../../../src/monitor/history/schema.ts';
import { busyBox } from './busyBox.ts';
import { at, historyPath, NAME, reader, writer } from './support.ts';

const opened: Disposable[] = [];
afterEach(() => opened.splice(0).forEach((each) => each.dispose()));

const box = busyBox({ gpus: 8, processes: 100, cores: 16 });

function keeperOf(path: string, checkpointer: Checkpointer): HistoryKeeper {
  const keeper = createHistoryKeeper({ path, checkpointer }, (line) => {
    throw new Error(line);
  });
  opened.push(keeper);
  return keeper;
}

function samplesKept(path: string, last: number): number {
  const { samples } = reader(path).range({ host: NAME, from: at(0), to: at(last) + 1, points: 500 });
  return samples.reduce((sum, count) => sum + count, 0);
}

/** One whose disk answers when a test says so. */
function heldCheckpointer(): Checkpointer & { runs: number; answer: (done: boolean) => void } {
  const held = {
    runs: 0,
    answer: (_: boolean): void => {},
    run: () => {
      held.runs++;
      return new Promise<boolean>((resolve) => (held.answer = resolve));
    },
    dispose: () => {},
  };
  return held;
}

it('a disk that takes long over the log holds no sample up, and none is lost', async () => {
  const path = historyPath();
  const checkpointer = heldCheckpointer();
  const keeper = keeperOf(path, checkpointer);
  let second = 0;
  while (checkpointer.runs === 0) {
    keeper.keep(box(second++));
  }
  const before = reader(path).kept(NAME)?.to;
  for (const end = second + 200; second < end; ) {
    keeper.keep(box(second++));
  }
  // Nothing was written, and so nothing waited for.
  expect(reader(path).kept(NAME)?.to).toBe(before);
  expect(checkpointer.runs).toBe(1);
  checkpointer.answer(true);
  await Promise.resolve();
  await Promise.resolve();
  keeper.keep(box(second));
  keeper.dispose();
  expect(reader(path).kept(NAME)?.to).toBe(at(second));
  expect(samplesKept(path, second)).toBe(second + 1);
});

it('a checkpointer that fails leaves its work to the writer', async () => {
  const path = historyPath();
  const checkpointer = heldCheckpointer();
  const keeper = keeperOf(path, checkpointer);
  let second = 0;
  while (checkpointer.runs === 0) {
    keeper.keep(box(second++));
  }
  checkpointer.answer(false);
  await vi.waitFor(() => {
    keeper.keep(box(second++));
    expect(reader(path).kept(NAME)?.to).toBeGreaterThan(at(second - 10));
  });
  for (let more = 0; more < 2000; more++) {
    keeper.keep(box(second++));
  }
  expect(checkpointer.runs).toBe(1);
  expect(statSync(`${path}-wal`).size).toBeLessThanOrEqual(LOG_BYTES);
});

it('in its own thread the log is brought into the file and begins anew', async () => {
  const path = historyPath();
  const keeper = keeperOf(path, heldCheckpointer());
  const checkpointer = createCheckpointer(path);
  opened.push(checkpointer);
  let second = 0;
  let largest = 0;
  for (let turn = 0; turn < 20; turn++) {
    for (let more = 0; more < 50; more++) {
      keeper.keep(box(second++));
    }
    expect(await checkpointer.run()).toBe(true);
    largest = Math.max(largest, statSync(`${path}-wal`).size);
  }
  expect(largest).toBeLessThanOrEqual(LOG_BYTES);
  expect(statSync(path).size).toBeGreaterThan(20_000);
});

it('brings the log into its file where that was set aside and begun anew, too', async () => {
  const path = historyPath();
  const checkpointer = createCheckpointer(path);
  opened.push(checkpointer);
  for (let time = 0; time < 2; time++) {
    const history = writer(path, { leavesLog: true });
    for (let second = 0; second < 50; second++) {
      history.add(box(second));
    }
    const before = statSync(path).size;
    expect(await checkpointer.run()).toBe(true);
    expect(statSync(path).size).toBeGreaterThan(before);
    history.abandon();
    setAside(path);
  }
});

it('whose thread cannot read the file says so', async () => {
  const lines: string[] = [];
  const checkpointer = createCheckpointer('/nowhere/history.db', (line) => lines.push(line));
  expect(await checkpointer.run()).toBe(false);
  expect(await checkpointer.run()).toBe(false);
  expect(lines).toHaveLength(1);
});
