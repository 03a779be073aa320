import type { ToolOutput, ToolPlan } from './toolPlan.ts';

export interface ToolRunOptions {
  readonly signal?: AbortSignal;
  /** Told the fraction done, 0 to 1, whenever the plan's progress reader finds one. */
  readonly onProgress?: (fraction: number) => void;
  /** Told what it writes to stdout as it comes, for output that is no text; the plan's `keep` is then best small. */
  readonly onStdout?: (chunk: Buffer) => void;
}

/** A process that came to its end, whatever its exit code. */
export interface FinishedRun {
  readonly output: ToolOutput;
  /** The command as it was run, absolute path first; of a sequence the first run's. */
  readonly command: readonly string[];
}

/** Executes plans; nothing else in Trainyard starts a program on this machine. */
export interface ToolRunner {
  /**
   * Runs a plan to its end, any exit code. Rejects with a `ToolError`: `notFound`, `cancelled`, `timeout`, or `exit` without an
   * exit code where the system would not start it. Resolves and rejects when no process of it is left.
   */
  execute(plan: ToolPlan<unknown>, options?: ToolRunOptions): Promise<FinishedRun>;
  /** The same, and what the plan makes of the output. Rejects also with `exit`, `parse` or `lied`. */
  run<T>(plan: ToolPlan<T>, options?: ToolRunOptions): Promise<T>;
  /** The command that `execute` would run first, for showing and copying; undefined where the tool is not there. */
  commandOf(plan: ToolPlan<unknown>): readonly string[] | undefined;
}
