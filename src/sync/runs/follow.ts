import { isStill, isUnchanged } from '../checkpoints/facts.ts';
import type { CheckpointListing } from '../checkpoint.ts';
import type { Run, RunCheckpoint } from './readRun.ts';

/** What was seen of a run before. */
export interface Followed {
  /** Names of what was pulled, or was there when following began. */
  readonly done: ReadonlySet<string>;
  /** The listing of a checkpoint whose format has no test, from the look before. */
  readonly looks: ReadonlyMap<string, CheckpointListing>;
}

/**
 * Which checkpoints are to be pulled after one more look at a run, the oldest first: complete ones that are not here yet, and those
 * that nothing tells of once they have stood still over two looks. `listings`: of the latter, as they are now.
 */
export function nextToPull(run: Run, followed: Followed, listings: ReadonlyMap<string, CheckpointListing>): { readonly pull: readonly RunCheckpoint[]; readonly looks: ReadonlyMap<string, CheckpointListing> } {
  const looks = new Map<string, CheckpointListing>();
  const pull = run.checkpoints.filter((checkpoint) => {
    const { name, facts } = checkpoint;
    if (followed.done.has(name) || facts.state === 'writing' || facts.state === 'damaged') {
      return false;
    }
    if (facts.state === 'complete') {
      return true;
    }
    const [before, now] = [followed.looks.get(name), listings.get(name)];
    if (now && before && isStill(before, now)) {
      return true;
    }
    // While it stands still, the first look counts on; a change starts anew.
    const first = before && now && isUnchanged(before, now) ? before : now;
    if (first) {
      looks.set(name, first);
    }
    return false;
  });
  return { pull: pull.reverse(), looks };
}
