import type { Disposable } from './disposable.ts';

/** What a verb has of the terminal. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** Absolute path of the current folder. */
  readonly cwd: string;
  /** Columns of the terminal that `err` writes to; left out where that is none. */
  readonly errColumns?: number;
  /** The same of `out`. */
  readonly outColumns?: number | undefined;
  /** Resolves when what was written is taken; a long list waits for it now and then. Rejects with `ReaderGone`. */
  drained?(): Promise<void>;
  /** Calls back at Ctrl-C until disposed of; without a listener it ends the process. */
  onInterrupt(listener: () => void): Disposable;
}

/** Whoever reads our output (head) has seen enough and closed the pipe: no failure, and no use in telling more. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** Exit codes of the command line. */
export const EXIT = {
  done: 0,
  badRequest: 1,
  someFailed: 17,
  cancelled: 130,
} as const;
