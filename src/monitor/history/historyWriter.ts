import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import type { SystemSample } from '../systemSample.ts';
import { HistoryError } from './historyError.ts';
import { Recorder } from './recorder.ts';
import { Retention } from './retention.ts';
import { LOG_PAGES, openForWriting, pagesOf, setAside, type SetAside } from './schema.ts';
import type { SqliteDatabase } from '../../base/sqlite.ts';
import { Store } from './store.ts';

export interface HistoryWriterOptions {
  /** Bytes that the file and its log may take on disk; at least `SMALLEST_BOUND`. 200 MB where left out. */
  readonly bound?: number;
  /** Whether somebody else brings the log into the file, which waits for the disk: see `Checkpointer`. */
  readonly leavesLog?: boolean;
  /** Told when a file that could not be read was set aside. */
  readonly onSetAside?: (event: SetAside) => void;
  /** Told when samples could not be stored; those of the next seconds are tried again. */
  readonly onProblem?: (problem: HistoryError) => void;
}

export interface HistoryWriter extends Disposable {
  /**
   * Takes a sample of any machine; its `host` is the name that it is kept under. Every few seconds this writes, synchronously.
   * Never throws: what cannot be kept is told to `onProblem`.
   */
  add(sample: SystemSample): void;
  /** Writes what has not been written, of the buckets that are being filled too. */
  flush(): void;
  /** There is more to remove than was removed with the last transaction; the file shrinks when the log is brought into it. */
  readonly isPruning: boolean;
  /** Brings the log into the file itself from now on. */
  takeLog(): void;
  /** Ends like `dispose`, and leaves the file as it is. */
  abandon(): void;
}

/** Milliseconds between looks at what is too old; where there was more than a step of it, the next follows the next transaction. */
const PRUNE = 60_000;

const WRITER_CHECKPOINTS = `PRAGMA wal_autocheckpoint = ${LOG_PAGES}`;

export const SMALLEST_BOUND = 4_000_000;
const BOUND = 200_000_000;

/**
 * Keeps a history of samples in a SQLite file, of which it must be the only writer. Readers may come and go in any process.
 *
 * @param path made with its folder (mode 0700) where it is not there
 * @throws {HistoryError} `unavailable` where this Node has no SQLite; `io`, `full`
 */
export function createHistoryWriter(path: string, options: HistoryWriterOptions = {}): HistoryWriter {
  return new SqliteHistoryWriter(path, options);
}

class SqliteHistoryWriter implements HistoryWriter {
  private readonly bound: number;
  private readonly recorders = new Map<string, Recorder>();
  private database: SqliteDatabase;
  private store: Store;
  private retention: Retention;
  private disposed = false;
  private leavesLog: boolean;
  private pruned = -Infinity;

  constructor(
    private readonly path: string,
    private readonly options: HistoryWriterOptions,
  ) {
    this.bound = Math.max(SMALLEST_BOUND, options.bound ?? BOUND);
    this.leavesLog = options.leavesLog ?? false;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    [this.database, this.store, this.retention] = this.open();
  }

  add(sample: SystemSample): void {
    if (this.disposed) {
      return;
    }
    this.guarded(() => {
      const { host, time } = sample;
      let recorder = this.recorders.get(host);
      if (recorder === undefined) {
        recorder = new Recorder(this.store.host(host), time, this.store);
        this.recorders.set(host, recorder);
      }
      if (recorder.breaksAt(time)) {
        this.write([recorder], false, time);
      }
      recorder.add(sample);
      if (recorder.isDue()) {
        this.write([recorder], false, time);
      }
    });
  }

  flush(): void {
    if (!this.disposed) {
      this.guarded(() => this.write([...this.recorders.values()], true, undefined));
    }
  }

  get isPruning(): boolean {
    return this.pruned === -Infinity;
  }

  takeLog(): void {
    this.leavesLog = false;
    if (!this.disposed) {
      this.guarded(() => this.database.exec(WRITER_CHECKPOINTS));
    }
  }

  abandon(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.database.close();
    }
  }

  dispose(): void {
    this.flush();
    this.abandon();
  }

  private write(recorders: readonly Recorder[], all: boolean, now: number | undefined): void {
    let stored = false;
    try {
      this.store.transaction(() => recorders.forEach((recorder) => recorder.store(this.store, all)));
      stored = true;
    } finally {
      recorders.forEach((recorder) => recorder.settle(stored));
      // What could not be stored may have wanted room.
      if (now !== undefined && (!stored || Math.abs(now - this.pruned) >= PRUNE)) {
        this.pruned = this.retention.step(now) ? -Infinity : now;
      }
    }
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      const problem = HistoryError.of(error);
      this.options.onProblem?.(problem);
      if (problem.reason === 'damaged') {
        this.beginAnew(problem);
      }
    }
  }

  private beginAnew(reason: HistoryError): void {
    try {
      this.database.close();
      this.options.onSetAside?.({ reason, path: setAside(this.path) });
      [this.database, this.store, this.retention] = this.open();
      this.recorders.clear();
    } catch (error) {
      this.disposed = true;
      this.options.onProblem?.(HistoryError.of(error));
    }
  }

  private open(): [SqliteDatabase, Store, Retention] {
    const database = openForWriting(this.path, this.bound, (event) => this.options.onSetAside?.(event));
    database.exec(this.leavesLog ? 'PRAGMA wal_autocheckpoint = 0' : WRITER_CHECKPOINTS);
    return [database, new Store(database), new Retention(database, pagesOf(this.bound))];
  }
}
