import { shownPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Entry } from '../entry.ts';
import { isOwn, OWN_FOLDER } from '../listing/ownNames.ts';
import type { Approval, PlanItem, SyncPlan } from '../plan.ts';
import type { SyncOutcome } from '../run.ts';
import { SyncError } from '../syncError.ts';

export type Left = SyncOutcome['left'][number];

/** A file, folder or link that is to stand at its name on the receiving side as it is on the sending one. */
export interface Move {
  readonly path: BytePath;
  readonly source: Entry;
  /** What stands there now. */
  readonly sink?: Entry;
}

export interface Deletion {
  readonly path: BytePath;
  readonly sink: Entry;
}

/** What of a plan is to be done, both in the order of the bytes of their paths, and what was ticked and is not, with the reason. */
export interface Work {
  readonly moves: readonly Move[];
  readonly deletions: readonly Deletion[];
  readonly left: readonly Left[];
}

/**
 * What a person has approved of a plan. A conflict counts where the sending side is to win. Throws a `SyncError` of `guard` where a
 * guard holds the whole of it.
 */
export function approvedWork(plan: SyncPlan, { ticked, released, overwrite }: Approval): Work {
  const holding = plan.guards.filter(({ severity, code }) => severity === 'refused' || (severity === 'held' && !released.includes(code)));
  const whole = holding.find(({ below }) => below === undefined);
  if (whole !== undefined) {
    throw new SyncError('guard', whole.message);
  }
  const moves: Move[] = [];
  const deletions: Deletion[] = [];
  const left: Left[] = [];
  const wanted = plan.items.filter(({ action, path }) => action !== 'skip' && (action === 'conflict' ? overwrite : ticked).has(path));
  for (const item of wanted) {
    const { path } = item;
    const held = holding.find(({ below = '' }) => isBelow(path, below));
    const reason = held?.message ?? refusal(item);
    if (reason !== undefined) {
      left.push({ path, reason });
    } else if (item.source !== undefined) {
      moves.push({ path, source: item.source, ...(item.sink !== undefined && { sink: item.sink }) });
    } else if (item.sink !== undefined) {
      deletions.push({ path, sink: item.sink });
    }
  }
  return { moves, deletions, left };
}

/** Whether a path is another one, or lies below it. */
export function isBelow(path: BytePath, folder: BytePath): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The folders on the way to a path, the outermost first, itself left out. */
export function parentsOf(path: BytePath): readonly BytePath[] {
  const parents: BytePath[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    parents.push(path.slice(0, at));
  }
  return parents;
}

function refusal({ path, source, sink }: PlanItem): string | undefined {
  const wrong = path === '' || path.startsWith('/') || path.includes('\0') || path.split('/').some((part) => part === '' || part === '.' || part === '..');
  return wrong
    ? `${shownPath(path)} is no name within the folder`
    : isOwn(path)
      ? `${OWN_FOLDER} is Trainyard's own`
      : source?.kind === 'other' || sink?.kind === 'other'
        ? 'devices, sockets and pipes are never moved'
        : undefined;
}
