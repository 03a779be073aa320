import type { Disposable } from '../base/disposable.ts';
import type { ToolError } from './toolError.ts';
import type { ToolId } from './toolPlan.ts';

/** A program that is to run for as long as somebody listens, and says something by the line. */
export interface StreamPlan {
  readonly tool: ToolId;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds without a line after which it counts as silent. */
  readonly silence: number;
}

export interface StreamListener {
  /** A line without its end (LF or CRLF), decoded as UTF-8. What is longer than 64 KiB is cut, and the rest left out. */
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  /** No line for `silence`. Told once; the next line ends it. */
  onSilent(): void;
  /** It ended by itself, or could not be started; it is started again after `retryIn` milliseconds. */
  onEnd(end: StreamEnd): void;
}

export interface StreamEnd {
  /** undefined where it could not be started. */
  readonly exitCode?: number;
  readonly error?: ToolError;
  /** The last 4 KiB of stderr, and of stdout where nothing else told why. */
  readonly said: string;
  readonly retryIn: number;
}

/**
 * Keeps long-lived tools running: one process each, never a second while the first is there. One that is silent is told to end;
 * if it will not go (a wedged driver leaves it unkillable), nothing is started in its place until it has gone. Starting again
 * waits longer each time, from 1 s to 5 min; a stream that spoke for a minute begins at 1 s again.
 */
export interface ToolStreams {
  open(plan: StreamPlan, listener: StreamListener): Disposable;
  /** Runs a short command of the same tool to its end, at most one at a time for each tool. Rejects with a `ToolError`. */
  ask(tool: ToolId, args: readonly string[], options?: { readonly wallSeconds?: number }): Promise<AskedOutput>;
}

export interface AskedOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
