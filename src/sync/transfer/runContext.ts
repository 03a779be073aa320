import type { BytePath } from '../../base/bytePath.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { Timers } from '../../process/timers.ts';
import type { Wrappers } from '../../process/wrappers.ts';
import type { BoxFacts } from '../box.ts';
import type { Listing } from '../entry.ts';
import type { SyncHistory } from '../history/history.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { LocalRsync } from './mover.ts';

export interface RunContext {
  readonly link: SshLink;
  readonly facts: BoxFacts;
  /** Absolute path of our folder: locks, snapshots, history. */
  readonly storage: string;
  /** rsync of this machine; undefined where there is none. */
  readonly rsync?: LocalRsync;
  /** What programs are started through, so that none outlives us. */
  readonly wrappers: Wrappers;
  readonly snapshots: Snapshots;
  readonly history: SyncHistory;
  /** The listings that the plan was made from: what was alike on both sides is known for the next plan then. */
  readonly listings?: { readonly source: Listing; readonly sink: Listing };
  /** Names that are moved after all others, in this order: what a reader of a checkpoint looks for first. */
  readonly last?: readonly BytePath[];
  readonly timers?: Timers;
}
