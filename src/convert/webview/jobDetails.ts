import type { FailedFile, FileNote, JobSummary } from './protocol.ts';

/** What an opened job shows besides its row. */
export interface JobDetails {
  readonly failures: readonly FailedFile[];
  /** Of all failures; undefined until the first answer. */
  readonly total: number | undefined;
  readonly notes: readonly FileNote[];
  readonly problem: string | undefined;
}

export interface DetailsHost {
  failures(id: string, offset: number, count: number): Promise<{ readonly items: readonly FailedFile[]; readonly total: number }>;
  notes(id: string): Promise<readonly FileNote[]>;
}

const STEP = 20;
/** Least milliseconds between two readings of the same job, however fast it fails. */
const PAUSE = 1000;

interface Entry extends JobDetails {
  /** Failures to be shown. */
  readonly wanted: number;
  /** What it was read for last. */
  readonly seen: string;
}

/** Reads the failures and notes of the jobs that are open, and again when there are more of them. */
export class OpenJobs {
  private readonly entries = new Map<string, Entry>();
  private readonly reading = new Set<string>();
  private readonly resting = new Set<string>();
  private jobs = new Map<string, JobSummary>();

  constructor(
    private readonly host: DetailsHost,
    private readonly onChange: () => void,
  ) {}

  of(id: string): JobDetails | undefined {
    return this.entries.get(id);
  }

  /** The jobs that are open, as they are now. */
  update(jobs: readonly JobSummary[]): void {
    this.jobs = new Map(jobs.map((job) => [job.id, job]));
    for (const id of this.entries.keys()) {
      if (!this.jobs.has(id)) {
        this.entries.delete(id);
      }
    }
    for (const { id } of jobs) {
      if (!this.resting.has(id)) {
        this.refresh(id);
      }
    }
  }

  /** Shows more of a job's failures. */
  more(id: string): void {
    this.change(id, (entry) => ({ ...entry, wanted: entry.wanted + STEP }));
  }

  /** Asks again after a problem. */
  retry(id: string): void {
    this.change(id, (entry) => ({ ...entry, seen: '' }));
  }

  private change(id: string, changed: (entry: Entry) => Entry): void {
    const entry = this.entries.get(id);
    if (entry) {
      this.entries.set(id, changed(entry));
      this.refresh(id);
    }
  }

  private refresh(id: string): void {
    const job = this.jobs.get(id);
    if (!job || this.reading.has(id)) {
      return;
    }
    const entry = this.entries.get(id) ?? { failures: [], total: undefined, notes: [], problem: undefined, wanted: STEP, seen: '' };
    const seen = `${job.counts.failed} ${job.noteCount} ${entry.wanted}`;
    if (entry.seen !== seen) {
      this.entries.set(id, { ...entry, seen });
      void this.read(job, entry.wanted);
    }
  }

  private async read({ id, counts, noteCount }: JobSummary, wanted: number): Promise<void> {
    this.reading.add(id);
    try {
      const [failures, notes] = await Promise.all([
        counts.failed > 0 ? this.host.failures(id, 0, wanted) : { items: [], total: 0 },
        noteCount > 0 ? this.host.notes(id) : [],
      ]);
      this.keep(id, { failures: failures.items, total: failures.total, notes, problem: undefined });
    } catch (error) {
      this.keep(id, { problem: error instanceof Error ? error.message : String(error) });
    }
    this.reading.delete(id);
    if (this.entries.get(id)?.wanted !== wanted) {
      // Asked for by hand meanwhile: at once.
      this.refresh(id);
    }
    this.resting.add(id);
    setTimeout(() => {
      this.resting.delete(id);
      this.refresh(id);
    }, PAUSE);
    this.onChange();
  }

  /** A job may have been shut, and more of it wanted, while it was read. */
  private keep(id: string, read: Partial<JobDetails>): void {
    const entry = this.entries.get(id);
    if (entry) {
      this.entries.set(id, { ...entry, ...read });
    }
  }
}
