import { randomUUID } from 'node:crypto';
import { toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { localEntry } from '../listing/localEntry.ts';
import { lookAt } from '../listing/localStat.ts';
import type { PlanItem, SyncPlan } from '../plan.ts';
import type { Snapshot } from '../snapshots/snapshots.ts';
import type { Target } from '../target.ts';
import { isAsPlanned } from '../transfer/check.ts';
import { parentsOf } from '../transfer/work.ts';

/**
 * The plan that brings names that were saved to a box: what both sides were at the last success stands for a listing of the box, and
 * the run holds the box to it. Names that are as they were then are left out, and so are those that are gone: deletions are planned
 * from the whole. `isSent`: whether a name that is new takes part.
 */
export function savedPlan(target: Target, box: string, remoteRoot: BytePath, paths: ReadonlySet<BytePath>, snapshot: Snapshot, isSent: (path: BytePath) => boolean): SyncPlan {
  const root = toBytePath(target.local);
  const withParents = new Set([...paths].flatMap((path) => [...parentsOf(path), path]));
  const items = [...withParents].sort().flatMap((path): PlanItem | [] => {
    const stat = lookAt(root, path);
    const known = snapshot.get(path);
    if (stat === undefined || (known === undefined && !isSent(path))) {
      return [];
    }
    const source = localEntry(root, path, stat);
    if (source.kind === 'other' || (target.send.largest !== undefined && source.size > target.send.largest)) {
      return [];
    }
    const same = known !== undefined && isAsPlanned(known.here, source) && known.here.mode === source.mode;
    return same ? [] : { action: known === undefined ? 'create' : 'update', path, source, ...(known !== undefined && { sink: known.there }), bytes: source.size, reason: 'saved' };
  });
  const state = { kind: 'folder', device: '', inode: '', freeBytes: Infinity } as const;
  return { id: randomUUID(), target, box, direction: 'push', remoteRoot, madeAt: Date.now(), items, guards: [], alike: snapshot.size, source: state, sink: state };
}
