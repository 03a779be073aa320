import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { absent } from '../../base/absent.ts';
import { ownIdentity } from '../../process/processIdentity.ts';
import type { ConvertRequest, JobFailure, JobStatus, PlanItem } from '../job.ts';
import type { JobStore, Page, PlanFilter } from '../jobStore.ts';
import { RequestError } from '../requestError.ts';
import { clearDeadRuns } from './deadRuns.ts';
import { commonFolder } from './commonFolder.ts';
import { isJobId, jobFiles, newJobId, readRequest, readStatus, writeStatus, writeWhole } from './jobFiles.ts';
import { readJournal } from './journalState.ts';
import { LineIndex, type LineFilter } from './lineIndex.ts';
import { isLive, isOwned } from './liveness.ts';
import { takeOwnership } from './ownerLock.ts';
import { planFilter } from './planFilter.ts';
import { watchJobs } from './watchJobs.ts';

/** Jobs that are kept; the oldest of those that have ended make way for new ones. */
const KEPT = 200;
/** Files whose index is kept in memory. */
const INDEXES = 16;

/** Jobs in a folder, which is made where it is not there, for nobody but its owner. One folder serves one machine. */
export function createFileJobStore(folder: string): JobStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new FileJobStore(folder);
}

class FileJobStore implements JobStore {
  private readonly indexes = new Map<string, LineIndex>();
  private lastTime = 0;

  constructor(readonly folder: string) {}

  create(request: ConvertRequest): Promise<string> {
    this.sweep();
    // Two of one millisecond sort in the order of their making.
    this.lastTime = Math.max(Date.now(), this.lastTime + 1);
    const id = newJobId(this.lastTime);
    const files = jobFiles(this.folder, id);
    mkdirSync(files.folder, { mode: 0o700 });
    writeWhole(files.request, JSON.stringify(request));
    writeStatus(files, newStatus(id, request, this.lastTime));
    return Promise.resolve(id);
  }

  list(): Promise<readonly JobStatus[]> {
    const newestFirst = this.ids().reverse();
    return Promise.resolve(newestFirst.flatMap((id) => this.read(id) ?? []));
  }

  status(id: string): Promise<JobStatus | undefined> {
    return Promise.resolve(this.read(id));
  }

  request(id: string): Promise<ConvertRequest> {
    return Promise.resolve(readRequest(jobFiles(this.folder, id)));
  }

  async plan(id: string, offset: number, count: number, filter: PlanFilter = {}): Promise<Page<PlanItem>> {
    const { plan } = jobFiles(this.folder, id);
    const index = this.index(`${plan}\n${JSON.stringify(filter)}`, () => new LineIndex(plan, planFilter(filter)));
    return parsed<PlanItem>(await index.page(offset, count));
  }

  async failures(id: string, offset: number, count: number): Promise<Page<JobFailure>> {
    const { journal } = jobFiles(this.folder, id);
    const index = this.index(journal, () => new LineIndex(journal, FAILURES));
    const { items, total } = parsed<JobFailure & { kind?: string }>(await index.page(offset, count));
    return { items: items.map(({ kind: _, ...failure }) => failure), total };
  }

  logFile(id: string): string {
    return jobFiles(this.folder, id).log;
  }

  async remove(id: string): Promise<void> {
    const files = jobFiles(this.folder, id);
    if (!existsSync(files.folder)) {
      return;
    }
    const lock = takeOwnership(files.folder);
    if (lock === undefined) {
      throw new RequestError('job', 'The job is still being worked on; cancel it first.');
    }
    await clearDeadRuns(await readJournal(files.journal));
    rmSync(files.folder, { recursive: true, force: true });
    rmSync(files.statusDraft, { force: true });
  }

  watch(onChange: (id: string) => void): { dispose(): void } {
    return watchJobs(this.folder, (id) => this.read(id), onChange);
  }

  /** Oldest first. */
  private ids(): string[] {
    return readdirSync(this.folder).filter(isJobId).sort();
  }

  private read(id: string): JobStatus | undefined {
    const files = jobFiles(this.folder, id);
    const status = readStatus(files);
    if (status === undefined || !isLive(status) || isOwned(status)) {
      return status;
    }
    // It may have ended between the reading and the asking.
    const again = readStatus(files);
    return again && isLive(again) && !isOwned(again) ? { ...again, state: 'interrupted', running: [] } : again;
  }

  /** Makes room for one more. */
  private sweep(): void {
    const ids = this.ids();
    let tooMany = ids.length + 1 - KEPT;
    for (const id of ids) {
      if (tooMany <= 0) {
        return;
      }
      const status = this.read(id);
      if (status === undefined || !(isLive(status) || status.state === 'interrupted')) {
        rmSync(jobFiles(this.folder, id).folder, { recursive: true, force: true });
        tooMany--;
      }
    }
  }

  private index(key: string, create: () => LineIndex): LineIndex {
    const index = this.indexes.get(key) ?? create();
    // The one asked for last goes to the end; the first is dropped.
    this.indexes.delete(key);
    this.indexes.set(key, index);
    for (const oldest of [...this.indexes.keys()].slice(0, -INDEXES)) {
      this.indexes.delete(oldest);
    }
    return index;
  }
}

/** Since the job was last taken up: what failed before is tried again. */
const FAILURES: LineFilter = {
  counts: startsWith('{"kind":"failed"'),
  restarts: startsWith('{"kind":"run"'),
};

function startsWith(text: string): (line: Buffer) => boolean {
  const start = Buffer.from(text);
  return (line) => line.subarray(0, start.length).equals(start);
}

function parsed<T>({ items, total }: Page<string>): Page<T> {
  return { items: items.map((line) => JSON.parse(line) as T), total };
}

function newStatus(id: string, request: ConvertRequest, createdAt: number): JobStatus {
  return {
    id, createdAt,
    state: 'planning',
    preset: request.preset,
    title: request.preset,
    base: commonFolder(request.inputs),
    output: request.output ?? '',
    salvage: request.salvage,
    // Until another process takes it up, the job lives with the one that asked for it.
    owner: ownIdentity(),
    counts: { write: 0, replace: 0, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0 },
    bytes: 0,
    freeBytes: absent('not looked at yet'),
    progress: 0,
    secondsLeft: absent('not measured yet'),
    running: [],
    failures: [],
    notes: [],
  };
}
