import type { ConvertRequest, JobStatus } from './job.ts';
import type { JobStore } from './jobStore.ts';

/** What the faces (VS Code, the command line) ask of conversions; the work is done in a process that outlives them. */
export interface Jobs {
  readonly store: JobStore;
  /** Creates a job and plans it. Resolves when it is `planned` (or `failed`, `cancelled`, with `problem` said in the status). */
  plan(request: ConvertRequest, options?: JobFollow): Promise<JobStatus>;
  /** Runs a planned or an interrupted job. Resolves when it has ended, whoever ran it. */
  run(id: string, options?: JobFollow): Promise<JobStatus>;
  /** Ends a job: its processes are gone and its temporary files removed when this resolves. */
  cancel(id: string): Promise<void>;
  /** The request for doing again what failed. */
  retryRequest(id: string, salvage: boolean): Promise<ConvertRequest>;
}

export interface JobFollow {
  /** Stops following; the job goes on. */
  readonly signal?: AbortSignal;
  readonly onStatus?: (status: JobStatus) => void;
}
