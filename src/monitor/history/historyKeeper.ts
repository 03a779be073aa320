import type { Disposable } from '../../base/disposable.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import { answerHistory } from './historyQuery.ts';
import { createHistoryReader } from './historyReader.ts';
import { createHistoryWriter } from './historyWriter.ts';
import { LEVELS } from './levels.ts';

/** Keeps every sample, and answers what is asked of them. */
export interface HistoryKeeper extends Disposable {
  /** Ends without writing what is left: somebody else writes the file now. */
  abandon(): void;
  readonly wish: SampleWish;
  keep(sample: SystemSample): void;
  answer(query: unknown): Promise<unknown>;
}

export interface KeptHistory {
  /** Absolute path of the file. */
  readonly path: string;
  /** Bytes that it may take on disk; the writer's own bound where left out. */
  readonly bound?: number;
}

/** @throws {HistoryError} where the file cannot be opened, or this Node has no SQLite */
export function createHistoryKeeper({ path, bound }: KeptHistory, log?: (line: string) => void): HistoryKeeper {
  const writer = createHistoryWriter(path, {
    ...(bound !== undefined && { bound }),
    onSetAside: ({ reason, path: aside }) => log?.(`the history could not be read and was set aside as ${aside}: ${reason.message}`),
    onProblem: (problem) => log?.(`samples could not be kept: ${problem.message}`),
  });
  const reader = createHistoryReader(path);
  // Stored every few seconds anyway, they are taken in together just before: at once that costs much less than one by one.
  const waiting: SystemSample[] = [];
  const taken = new Map<string, number>();
  function takeAll(): void {
    for (const sample of waiting) {
      taken.set(sample.host, sample.time);
      writer.add(sample);
    }
    waiting.length = 0;
  }
  return {
    wish: { interval: 1000, detail: 'full' },
    keep(sample) {
      waiting.push(sample);
      const passed = sample.time - (taken.get(sample.host) ?? -Infinity);
      if (passed >= LEVELS[0].flush || passed < 0) {
        takeAll();
      }
    },
    answer: (query) => answerHistory(reader, query),
    abandon() {
      waiting.length = 0;
      reader.dispose();
      writer.abandon();
    },
    dispose() {
      takeAll();
      reader.dispose();
      writer.dispose();
    },
  };
}
