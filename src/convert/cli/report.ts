import type { JobStatus } from '../job.ts';
import type { JobStore } from '../jobStore.ts';
import type { RequestError } from '../requestError.ts';

/** How a job is told of: in words, or as JSON lines. */
export interface Report {
  /** The request cannot be done as it stands. */
  refused(error: RequestError): void;
  /** The plan of a job that is not run. */
  plan(store: JobStore, status: JobStatus): Promise<void>;
  /** What became of a job, also of one that had nothing to do and was not run. `upToDate`: files that its plan skipped. */
  outcome(store: JobStore, status: JobStatus, upToDate: number): Promise<void>;
}

/** Rows that are read at once. */
export const PAGE = 1000;
