import type { Measured } from '../../base/absent.ts';

/**
 * What conversions' pages and their host say to each other. Each interface is what one side offers: a method is a
 * request, answered with a value or an error; what answers nothing is an event. Events carry whole snapshots.
 */

export const ROW_ACTIONS = ['write', 'replace', 'skip', 'refuse'] as const;
export type RowAction = (typeof ROW_ACTIONS)[number];

export type JobPhase = 'planning' | 'planned' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

export interface Counts {
  readonly write: number;
  readonly replace: number;
  readonly skip: number;
  readonly refuse: number;
  /** Of write and replace: verified and in place. */
  readonly done: number;
  readonly failed: number;
  /** Of done: kept with damage recorded. */
  readonly salvaged: number;
}

/** What can be done with a job: the last words of the commands. */
export const JOB_ACTIONS = [
  'runPlan',
  'showPlan',
  'editOptions',
  'cancel',
  'resume',
  'retryFailed',
  'retrySalvage',
  'revealOutput',
  'openLog',
  'copyCommand',
  'remove',
] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

/** `started`: the command has begun and goes on by itself; should it fail later, an event says so. */
export type ActionOutcome = 'done' | 'started';

/** What both pages know of a job. Paths are absolute, times milliseconds since the epoch. */
export interface JobFacts {
  readonly id: string;
  readonly state: JobPhase;
  readonly title: string;
  readonly base: string;
  readonly output: string;
  readonly salvage: boolean;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly counts: Counts;
  /** Files looked at so far, while it is planned. */
  readonly looked: number;
  /** Of the whole, by cost, 0 to 1. */
  readonly progress: number;
  readonly secondsLeft: Measured<number>;
  readonly problem?: string;
  /** What can be done with it now. */
  readonly actions: readonly JobAction[];
}

export interface PlanFacts extends JobFacts {
  /** Of the inputs that are to be converted. */
  readonly bytes: number;
  /** On the output's file system when the plan was made. */
  readonly freeBytes: Measured<number>;
  /** Files that were found and are not in the plan: how many, and which kinds of them, in words. */
  readonly leftOut?: { readonly count: number; readonly words: string };
  /** Processes at once; left out where the CPUs decide. */
  readonly atOnce?: number;
}

export interface PlanRow {
  readonly seq: number;
  readonly action: RowAction;
  readonly reason: string;
  readonly input: string;
  readonly output?: string;
  readonly engine?: string;
  /** Bytes. */
  readonly size: number;
}

export interface PlanRowsRequest {
  readonly offset: number;
  readonly count: number;
  /** Any, where left out. */
  readonly actions?: readonly RowAction[];
  /** Part of an input's path, case ignored. */
  readonly text?: string;
}

export interface PlanHost {
  rows(params: PlanRowsRequest): { readonly items: readonly PlanRow[]; readonly total: number };
  act(params: { readonly action: JobAction }): ActionOutcome;
  /** Brings the list of jobs to the front. */
  showJobs(): ActionOutcome;
}

export interface PlanPage {
  /** Undefined: the job is no more. */
  show(plan: PlanFacts | undefined): void;
  /** What went wrong outside of any request. */
  problem(message: string): void;
}

export interface RunningFile {
  readonly input: string;
  /** 0 to 1. */
  readonly fraction: Measured<number>;
}

export interface JobSummary extends JobFacts {
  /** The first of what is being worked on. */
  readonly running: readonly RunningFile[];
  /** Of all that is being worked on. */
  readonly runningCount: number;
  readonly noteCount: number;
}

export interface FailedFile {
  readonly seq: number;
  readonly input: string;
  readonly reason: string;
  readonly command: readonly string[];
  readonly stderr: string;
  readonly exitCode?: number;
}

export interface FileNote {
  readonly input: string;
  readonly text: string;
}

export interface JobsHost {
  failures(params: { readonly id: string; readonly offset: number; readonly count: number }): {
    readonly items: readonly FailedFile[];
    readonly total: number;
  };
  notes(params: { readonly id: string }): readonly FileNote[];
  act(params: { readonly id: string; readonly action: JobAction }): ActionOutcome;
  /** Asks for files to convert. */
  convert(): ActionOutcome;
}

export interface JobsPage {
  /** All jobs, the newest first. */
  show(jobs: readonly JobSummary[]): void;
  /** What went wrong outside of any request. */
  problem(message: string): void;
}
