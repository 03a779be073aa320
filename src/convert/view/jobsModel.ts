import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Throttle } from '../../base/throttle.ts';
import { createThrottle } from '../../base/throttle.ts';
import type { JobStatus } from '../job.ts';
import type { JobStore } from '../jobStore.ts';
import { hasEnded } from './jobRow.ts';

/** Milliseconds between two looks at the store. */
const INTERVAL = 500;

export interface JobsChange {
  /** Jobs whose status is another than before. */
  readonly changed: readonly JobStatus[];
  /** Whether jobs came, went or changed places. */
  readonly listChanged: boolean;
  /** Of the changed ones, those that came to an end under our eyes. */
  readonly ended: readonly JobStatus[];
}

/** The jobs as this window knows them: read once, then kept up to date by the store's word, at most twice a second. */
export class JobsModel implements Disposable {
  private jobs = new Map<string, JobStatus>();
  private readonly dirty = new Set<string>();
  private everything = true;
  private loaded = false;
  private readonly expected = new Set<string>();
  private readonly changes = new Emitter<JobsChange>();
  private readonly owned = new DisposableStore();
  private readonly throttle: Throttle;

  readonly onDidChange = this.changes.event;

  constructor(
    private readonly store: JobStore,
    onError: (error: unknown) => void,
  ) {
    this.throttle = this.owned.add(createThrottle(INTERVAL, () => this.refresh().catch(onError)));
  }

  /** Newest first. */
  get all(): readonly JobStatus[] {
    return [...this.jobs.values()];
  }

  /** Whether the store was read. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  get(id: string): JobStatus | undefined {
    return this.jobs.get(id);
  }

  /** Begins to watch, and reads the store for the first time. */
  start(): void {
    this.owned.add(
      this.store.watch((id) => {
        this.dirty.add(id);
        this.throttle.request();
      }),
    );
    this.throttle.request();
  }

  /** This window runs the job: its end is told even if it ends before it was first seen. */
  expect(id: string): void {
    this.expected.add(id);
    this.dirty.add(id);
    this.throttle.request();
  }

  dispose(): void {
    this.owned.dispose();
    this.changes.dispose();
  }

  private async refresh(): Promise<void> {
    const before = this.jobs;
    const dirty = [...this.dirty];
    this.dirty.clear();
    try {
      this.jobs = this.everything || dirty.some((id) => !before.has(id)) ? await this.readAll() : await this.readSome(dirty);
      this.everything = false;
    } catch (error) {
      this.everything = true;
      throw error;
    }
    const isFirst = !this.loaded;
    this.loaded = true;
    const changed = this.all.filter((status) => !isSame(before.get(status.id), status));
    const listChanged = !isSameOrder([...before.keys()], [...this.jobs.keys()]);
    const ended = changed.filter((status) => this.endedNow(before.get(status.id), status));
    for (const { id } of ended) {
      this.expected.delete(id);
    }
    if (isFirst || listChanged || changed.length > 0) {
      this.changes.fire({ changed, listChanged, ended });
    }
  }

  private async readAll(): Promise<Map<string, JobStatus>> {
    return new Map((await this.store.list()).map((status) => [status.id, status]));
  }

  private async readSome(ids: readonly string[]): Promise<Map<string, JobStatus>> {
    const read = await Promise.all(ids.map(async (id) => [id, await this.store.status(id)] as const));
    const fresh = new Map(read);
    const kept = [...this.jobs].flatMap(([id, status]) => {
      const current = fresh.has(id) ? fresh.get(id) : status;
      return current === undefined ? [] : [[id, current] as const];
    });
    return new Map(kept);
  }

  private endedNow(before: JobStatus | undefined, now: JobStatus): boolean {
    if (!hasEnded(now)) {
      return false;
    }
    return before === undefined ? this.expected.has(now.id) : !hasEnded(before) || this.expected.has(now.id);
  }
}

function isSame(a: JobStatus | undefined, b: JobStatus): boolean {
  return a !== undefined && (a === b || JSON.stringify(a) === JSON.stringify(b));
}

function isSameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
