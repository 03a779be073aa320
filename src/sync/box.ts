import type { Measured } from '../base/absent.ts';

/** What a box has, found out once per connection. */
export interface BoxFacts {
  /** As `uname -s` says. */
  readonly system: string;
  /** Absolute path. */
  readonly home: string;
  readonly rsync: Measured<RsyncFacts>;
  readonly zstd: boolean;
  readonly git: boolean;
  /** GNU find tells all that a listing needs in one go. */
  readonly find: 'gnu' | 'other';
  /** Runnable processes over the last minute; CPUs. */
  readonly load: Measured<number>;
  readonly cpus: Measured<number>;
  /** The command that installs rsync there. */
  readonly installRsync: string;
  /** Milliseconds by which its clock is ahead of ours. */
  readonly clockAhead: number;
}

export interface RsyncFacts {
  readonly kind: 'rsync' | 'openrsync';
  /** `3.2.7`. */
  readonly version: string;
  readonly protocol: number;
  readonly zstd: boolean;
  /** Since 3.2.3. */
  readonly mkpath: boolean;
  /** What a person should know of this version, a sentence each: known holes. */
  readonly notes: readonly string[];
}

/** How a box answers. Times are milliseconds since the epoch; `said` is what ssh or the box says. */
export type BoxState =
  | { readonly kind: 'unknown' | 'connecting' }
  | { readonly kind: 'reachable' | 'noRsync'; readonly facts: BoxFacts }
  | { readonly kind: 'signIn' | 'unreachable' | 'noisyShell'; readonly since: number; readonly said: string };
