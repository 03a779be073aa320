import type { BytePath } from '../base/bytePath.ts';
import type { Entry, Listing } from './entry.ts';
import type { Direction, Target } from './target.ts';

export type Action = 'create' | 'update' | 'delete' | 'conflict' | 'skip';

/** One name that differs, or is left out. Names that are alike on both sides have no item. */
export interface PlanItem {
  readonly action: Action;
  readonly path: BytePath;
  /** As it is on the sending side, and on the receiving one: what the run holds both to. */
  readonly source?: Entry;
  readonly sink?: Entry;
  /** What would be sent; for a deletion what would be freed. */
  readonly bytes: number;
  /** Why, as a person reads it: `only here`, `changed on both sides`, `ignored by git`. */
  readonly reason: string;
}

/**
 * What stops a run before anything moves, a sentence each. `held`: a person may let it pass for this plan, after seeing it (typing
 * the folder's name for deletions). `refused`: nobody may.
 */
export interface Guard {
  readonly code: GuardCode;
  readonly severity: 'refused' | 'held' | 'note';
  readonly message: string;
  /** What it is about, where it is a part of the tree: only items below are held back. */
  readonly below?: BytePath;
}

export type GuardCode =
  | 'rootEmptied'
  | 'rootMissing'
  | 'rootUnmounted'
  | 'manyDeletions'
  | 'otherWorkspace'
  | 'dangerousRoot'
  | 'overlap'
  | 'space'
  | 'caseClash'
  | 'unread'
  | 'oldRsync'
  | 'secret'
  | 'largeFile'
  | 'crowdedFolder';

/** Everything that a run will do to one box, and nothing else is ever done. It crosses threads as a copy. */
export interface SyncPlan {
  /** Names this plan: of what both sides were and what is to be done. */
  readonly id: string;
  readonly target: Target;
  readonly box: string;
  readonly direction: Direction;
  /** The remote root as an absolute path. */
  readonly remoteRoot: BytePath;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  /** In the order of the bytes of their paths. */
  readonly items: readonly PlanItem[];
  readonly guards: readonly Guard[];
  /** Names that were compared and are alike. */
  readonly alike: number;
  readonly source: Listing['root'];
  readonly sink: Listing['root'];
}

/** What a person lets run: the ticked items' paths, the guards that were let pass, and which side of a conflict to keep. */
export interface Approval {
  readonly ticked: ReadonlySet<BytePath>;
  readonly released: readonly GuardCode[];
  /** Conflicts to be overwritten by the sending side; what is overwritten goes to the trash. */
  readonly overwrite: ReadonlySet<BytePath>;
}

/** As a plan starts out: everything but deletions and conflicts is ticked, nothing is released. */
export function firstApproval(plan: SyncPlan): Approval {
  const ticked = plan.items.filter(({ action }) => action === 'create' || action === 'update').map(({ path }) => path);
  return { ticked: new Set(ticked), released: [], overwrite: new Set() };
}
