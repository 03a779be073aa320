import type { BytePath } from '../../base/bytePath.ts';
import type { Timers } from '../../process/timers.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { BoxFacts, RsyncFacts } from '../box.ts';
import type { Target } from '../target.ts';
import type { Failure } from './failure.ts';
import type { RunFolders, Sink } from './side.ts';
import type { Allowance } from './throttle.ts';
import type { Left, Move } from './work.ts';

/** What every way to move files has at hand. */
export interface Carriage {
  readonly link: SshLink;
  readonly facts: BoxFacts;
  readonly target: Target;
  /** Absolute paths. */
  readonly localRoot: string;
  readonly remoteRoot: string;
  readonly direction: 'push' | 'pull';
  readonly sink: Sink;
  readonly folders: RunFolders;
  /** rsync of this machine. */
  readonly rsync?: LocalRsync;
  /** The words that have a program end with us. */
  readonly holding: readonly string[];
  readonly allowance: Allowance;
  readonly timers: Timers;
}

export interface LocalRsync {
  /** Absolute. */
  readonly path: string;
  readonly facts: RsyncFacts;
}

export interface MoveListener {
  /** It has its final name. */
  onPlaced(path: BytePath): void;
  /** Bytes of all that has been moved in this call and is not placed. */
  onBytes(bytes: number): void;
}

/** How a try has ended. What was placed was told; `left` can only be done by another plan. */
export interface Moved {
  readonly failure?: Failure;
  readonly left: readonly Left[];
}

/** Moves some names, once. Rejects only when `signal` is aborted, with nothing half-written under a name that was asked for. */
export type Mover = (moves: readonly Move[], listener: MoveListener, signal: AbortSignal) => Promise<Moved>;
