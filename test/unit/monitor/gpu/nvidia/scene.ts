import { vi } from 'vitest';
import type { GpuReading } from '../../../../../src/monitor/gpuSample.ts';
import { nvidia } from '../../../../../src/monitor/gpu/nvidia/nvidia.ts';
import type { GpuSource } from '../../../../../src/monitor/gpu/vendor.ts';
import { HELP, fakeStreams, rowFor, type FakeStreams } from './fakeStreams.ts';
import { cardFiles, filesOf } from './support.ts';

export const CARDS = { ...cardFiles('0000:01:00.0'), ...cardFiles('0000:02:00.0') };
export const ONE_TICK = 1000;

export interface Scene {
  readonly streams: FakeStreams;
  readonly source: GpuSource;
  readonly readings: GpuReading[];
  readonly last: GpuReading;
  /** Both GPUs answer once. */
  tick(others?: Readonly<Record<string, string>>): void;
}

/** The source over streams without programs, on a clock that the test moves. */
export async function begin(answers: Parameters<typeof fakeStreams>[0] = {}, texts: Readonly<Record<string, string>> = CARDS): Promise<Scene> {
  const streams = fakeStreams({ '--help-query-gpu': HELP, ...answers });
  const readings: GpuReading[] = [];
  const source = nvidia.start({ files: filesOf(texts), streams, now: () => Date.now() }, (reading) => readings.push(reading), ONE_TICK);
  await vi.advanceTimersByTimeAsync(0);
  return {
    streams,
    source,
    readings,
    get last() {
      const reading = readings.at(-1);
      if (reading === undefined) {
        throw new Error('no reading');
      }
      return reading;
    },
    tick(others) {
      const stream = streams.open1('query-gpu');
      stream.say(rowFor(stream, 0, others), rowFor(stream, 1, others));
    },
  };
}
