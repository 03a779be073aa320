/** `keepDay FILE SECONDS`: keeps so many samples, reads them, and prints what it took as JSON. */
import { createCheckpointer } from '../../../src/monitor/history/checkpointer.ts';
import { createHistoryReader } from '../../../src/monitor/history/historyReader.ts';
import { createHistoryWriter } from '../../../src/monitor/history/historyWriter.ts';
import { openDatabase } from '../../../src/monitor/history/sqlite.ts';
import { busyBox } from '../../unit/monitor/history/busyBox.ts';
import { START } from '../../unit/monitor/inventedSample.ts';

/** Milliseconds and bytes. */
export interface HistoryFigures {
  /** With what brings the log into the file. */
  readonly cpuPerSample: number;
  /** What taking a sample lasts that brings a write with it: each in five, on a disk that does nothing else or much. */
  readonly writeMedian: number;
  readonly writeP99: number;
  readonly writeLongest: number;
  /** To bring the log into the file: the time for which another thread waits for the disk. */
  readonly checkpointLongest: number;
  /** All that is kept of the last hour by the second, host, cores and processes too, by GPUs and samples. */
  readonly bytesPerGpu: number;
  readonly dayByMinutes: number;
  readonly dayOfGpus: number;
  readonly moment: number;
}

const GPUS = 8;
const SERIES = ['utilization', 'memoryUsed', 'power', 'powerLimit', 'temperature', 'clock', 'limit.powerCap'].map((name) => `gpu.${name}`);

/** Samples between two times that the log is brought into the file, as the collector does it. */
const LOG_SAMPLES = 60;

const [path = '', count = '0'] = process.argv.slice(2);
const seconds = Number(count);
const writer = createHistoryWriter(path, { leavesLog: true });
const checkpointer = createCheckpointer(path);
const box = busyBox({ gpus: GPUS, processes: 300, cores: 112 });
let microseconds = 0;
const taken: number[] = [];
let checkpointLongest = 0;
for (let second = 0; second < seconds; second++) {
  const sample = box(second);
  const before = process.cpuUsage();
  const began = performance.now();
  writer.add(sample);
  taken.push(performance.now() - began);
  if (second % LOG_SAMPLES === LOG_SAMPLES - 1) {
    const waited = performance.now();
    await checkpointer.run();
    checkpointLongest = Math.max(checkpointLongest, performance.now() - waited);
  }
  const { user, system } = process.cpuUsage(before);
  microseconds += user + system;
}
writer.dispose();
checkpointer.dispose();

const host = 'hgx-01';
const range = { host, from: START, to: START + seconds * 1000 };
const figures: HistoryFigures = {
  cpuPerSample: microseconds / 1000 / seconds,
  ...writes(taken),
  checkpointLongest,
  bytesPerGpu: bytesPerGpu(),
  // Each with a reader of its own, as when a dashboard is opened.
  dayByMinutes: timed(() => createHistoryReader(path).range({ ...range, points: 1440 })),
  dayOfGpus: timed(() => createHistoryReader(path).range({ ...range, points: 2000, series: SERIES })),
  moment: timed(() => createHistoryReader(path).at({ host, time: range.to - 5_000_000 })),
};
process.stdout.write(JSON.stringify(figures));

/** A write is among each five of them; those without are the quickest by far. */
function writes(all: readonly number[]): Pick<HistoryFigures, 'writeMedian' | 'writeP99' | 'writeLongest'> {
  const sorted = [...all].sort((a, b) => b - a).slice(0, Math.ceil(all.length / 5));
  const at = (share: number): number => sorted[Math.floor(sorted.length * (1 - share))] ?? NaN;
  return { writeMedian: at(0.5), writeP99: at(0.99), writeLongest: sorted[0] ?? NaN };
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function bytesPerGpu(): number {
  const database = openDatabase(path, true);
  const [row] = database.prepare('SELECT sum(length(system) + length(processes)) AS bytes, max(last) - min(first) AS time FROM block WHERE level = 0').all();
  database.close();
  return Number(row?.['bytes']) / (Number(row?.['time']) / 1000) / GPUS;
}
