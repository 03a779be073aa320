import type { JobStatus } from '../job.ts';
import { writeStatus, type JobFiles } from './jobFiles.ts';

/** Milliseconds between two writings while a job is under way. */
const PAUSE = 500;

type Patch = Partial<JobStatus>;

/** A job's `status.json`: at once at its turns, at most twice a second in between. */
export class StatusFile {
  private writtenAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly files: JobFiles,
    private status: JobStatus,
    private readonly onStatus: (status: JobStatus) => void = () => {},
  ) {}

  get current(): JobStatus {
    return this.status;
  }

  /** Writes it now; a field that is given as undefined is taken away. Throws the system's error. */
  set(patch: { readonly [K in keyof JobStatus]?: JobStatus[K] | undefined }): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // JSON leaves out what is undefined.
    this.status = { ...this.status, ...patch } as JobStatus;
    this.writtenAt = performance.now();
    writeStatus(this.files, this.status);
    this.onStatus(this.status);
  }

  /** Writes it when its time comes; `patch` is asked for only then. */
  touch(patch: () => Patch): void {
    if (this.timer === undefined) {
      const wait = Math.max(0, this.writtenAt + PAUSE - performance.now());
      this.timer = setTimeout(() => this.refresh(patch), wait);
    }
  }

  private refresh(patch: () => Patch): void {
    try {
      this.set(patch());
    } catch {
      // A picture of the work, not the work: where the disk is full, the work itself will say so.
    }
  }

  /** Writes nothing more by itself. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
