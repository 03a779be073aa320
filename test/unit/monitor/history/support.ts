import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Disposable } from '../../../../src/base/disposable.ts';
import { createHistoryReader, type HistoryReader } from '../../../../src/monitor/history/historyReader.ts';
import { createHistoryWriter, type HistoryWriter, type HistoryWriterOptions } from '../../../../src/monitor/history/historyWriter.ts';
import { GPU, HOST, reading, sample, START } from '../inventedSample.ts';
import type { GpuSample } from '../../../../src/monitor/gpuSample.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';

export const NAME = 'hgx-01';

const opened: Disposable[] = [];
const folders: string[] = [];

afterEach(() => {
  opened.splice(0).forEach((each) => each.dispose());
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

export function historyPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-history-'));
  folders.push(folder);
  return join(folder, 'history.db');
}

export function writer(path: string, options: HistoryWriterOptions = {}): HistoryWriter {
  const made = createHistoryWriter(path, {
    onProblem: (problem) => {
      throw problem;
    },
    ...options,
  });
  opened.push(made);
  return made;
}

export function reader(path: string): HistoryReader {
  const made = createHistoryReader(path);
  opened.push(made);
  return made;
}

/** A sample whose one GPU is as given. */
export function withGpu(second: number, gpu: Partial<GpuSample>): SystemSample {
  return sample(second, { gpus: [reading([{ ...GPU, ...gpu }], { time: START + second * 1000 })], system: { ...HOST, uptime: 86_400 + second } });
}

export function at(second: number): number {
  return START + second * 1000;
}
