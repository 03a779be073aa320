import type { Disposable } from '../../base/disposable.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import { createCheckpointer, type Checkpointer } from './checkpointer.ts';
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
  /** Made where left out. */
  readonly checkpointer?: Checkpointer;
}

/** Samples between two times that the log is brought into the file: some hundred pages. */
const LOG_SAMPLES = 60;
/** Samples that wait for a disk which does not answer; with more, the next one waits too. */
const MOST_WAITING = 600;

/** @throws {HistoryError} where the file cannot be opened, or this Node has no SQLite */
export function createHistoryKeeper({ path, bound, checkpointer: given }: KeptHistory, log?: (line: string) => void): HistoryKeeper {
  const writer = createHistoryWriter(path, {
    ...(bound !== undefined && { bound }),
    leavesLog: true,
    onSetAside: ({ reason, path: aside }) => log?.(`the history could not be read and was set aside as ${aside}: ${reason.message}`),
    onProblem: (problem) => log?.(`samples could not be kept: ${problem.message}`),
  });
  const reader = createHistoryReader(path);
  let checkpointer = given ?? createCheckpointer(path, log);
  let inLog = 0;
  let checkpointing = false;
  // Stored every few seconds anyway, they are taken in together just before: at once that costs much less than one by one.
  const waiting: SystemSample[] = [];
  const taken = new Map<string, number>();
  function takeAll(): void {
    for (const sample of waiting) {
      taken.set(sample.host, sample.time);
      writer.add(sample);
    }
    inLog += waiting.length;
    waiting.length = 0;
  }
  /** In another thread: a disk that is busy lets it wait for seconds. */
  async function checkpoint(): Promise<void> {
    checkpointing = true;
    inLog = 0;
    if (!(await checkpointer.run())) {
      writer.takeLog();
      checkpointer = NOBODY;
    }
    checkpointing = false;
  }
  return {
    wish: { interval: 1000, detail: 'full' },
    keep(sample) {
      waiting.push(sample);
      const passed = sample.time - (taken.get(sample.host) ?? -Infinity);
      if (checkpointing && waiting.length < MOST_WAITING) {
        return;
      }
      if (passed >= LEVELS[0].flush || passed < 0) {
        takeAll();
        if ((inLog >= LOG_SAMPLES || writer.isPruning) && !checkpointing) {
          void checkpoint();
        }
      }
    },
    answer: (query) => answerHistory(reader, query),
    abandon() {
      waiting.length = 0;
      reader.dispose();
      checkpointer.dispose();
      writer.abandon();
    },
    dispose() {
      takeAll();
      reader.dispose();
      checkpointer.dispose();
      writer.dispose();
    },
  };
}

/** Where the writer brings the log into the file itself. */
const NOBODY: Checkpointer = { run: () => Promise.resolve(true), dispose: () => {} };
