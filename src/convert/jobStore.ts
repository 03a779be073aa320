import type { ConvertRequest, JobFailure, JobStatus, PlanItem } from './job.ts';

/** A page of a long list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Of the whole list. */
  readonly total: number;
}

export interface PlanFilter {
  readonly actions?: readonly PlanItem['action'][];
  /** Part of an input's path, case ignored. */
  readonly text?: string;
}

/**
 * The jobs of one user, each a folder: `request.json`, `plan.jsonl`, `journal.jsonl`, `status.json`, `job.log`. Several
 * processes read it at once; only a job's owner writes into its folder.
 */
export interface JobStore {
  /** Absolute path. */
  readonly folder: string;
  /** Lays down a job in state `planning` and gives its id; ids sort by time. Nothing of the inputs is read. */
  create(request: ConvertRequest): Promise<string>;
  /** Newest first. A job whose owner is gone without having ended it is `interrupted`. */
  list(): Promise<readonly JobStatus[]>;
  status(id: string): Promise<JobStatus | undefined>;
  request(id: string): Promise<ConvertRequest>;
  /** Rows of the plan from `offset`, without reading those before it where nothing is filtered. */
  plan(id: string, offset: number, count: number, filter?: PlanFilter): Promise<Page<PlanItem>>;
  failures(id: string, offset: number, count: number): Promise<Page<JobFailure>>;
  /** Absolute path of the job's log: one line a command. */
  logFile(id: string): string;
  /** Removes a job that has ended, or whose owner is gone. Outputs and the record of what was done stay. */
  remove(id: string): Promise<void>;
  /** Calls back, after a change to any job, with its id; starts no process and polls nothing that does not run. */
  watch(onChange: (id: string) => void): { dispose(): void };
}
