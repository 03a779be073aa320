import type { BytePath } from '../base/bytePath.ts';

/** How far a run is; bytes and files of what was approved. */
export interface SyncProgress {
  /** `checking`: both sides are held to the plan; `sending`; `finishing`: renames, deletions, the snapshot. */
  readonly phase: 'connecting' | 'checking' | 'sending' | 'finishing' | 'waiting';
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
  /** Bytes a second over the last seconds. */
  readonly rate: number;
  /** Seconds; undefined until it can be told. */
  readonly left?: number;
  /** While `waiting`: which try comes next, and when, in milliseconds since the epoch. */
  readonly retry?: { readonly attempt: number; readonly of: number; readonly at: number; readonly said: string };
}

/** What a run did. Whatever was approved and not done stands in `left`. */
export interface SyncOutcome {
  readonly state: 'done' | 'partial' | 'cancelled';
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly left: readonly { readonly path: BytePath; readonly reason: string }[];
  /** Names the trash that holds what was overwritten and deleted; undefined where nothing was. */
  readonly trash?: string;
}
