import { holdingWords } from '../../process/heldCommand.ts';
import { systemTimers } from '../../process/timers.ts';
import type { Timers } from '../../process/timers.ts';
import { systemPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Approval, SyncPlan } from '../plan.ts';
import type { SyncOutcome, SyncProgress } from '../run.ts';
import { SyncError } from '../syncError.ts';
import { lockPair, pairKey } from './lock.ts';
import { Meter } from './meter.ts';
import type { RunContext } from './runContext.ts';
import { clientOf, foldersOf } from './runFolders.ts';
import { runWork } from './runWork.ts';
import { isPurgeDue, purgeLocal, purgeRemote } from '../trash/purgeTrash.ts';
import { approvedWork } from './work.ts';
import type { Work } from './work.ts';
import { writeSuccess } from './success.ts';

/**
 * Does what was approved of a plan, and nothing else, to one box. Both sides are held to the plan first: what has changed since is
 * left and reported, never overwritten. What is overwritten or deleted lies in a trash on the receiving side afterwards, in
 * `.trainyard/trash` of its root.
 *
 * Links are moved as links, wherever they lead, and never followed. Each name of a file with several (hard links) becomes a file of
 * its own; one that is replaced there keeps its other names as they were. Zeros of 16 MiB and more in files over 64 MiB are not sent
 * and become holes; holes of smaller files are filled. Owners, groups, extended attributes and devices are not moved.
 *
 * A cut link is tried again with growing pauses; what was moved is not moved again. Throws a `SyncError`: of `guard`, `busy`, or of
 * what the box refuses before anything has moved; later trouble is told in `left`. Aborted, it ends within a second, as `cancelled`.
 */
export async function runPlan(plan: SyncPlan, approval: Approval, context: RunContext, onProgress: (progress: SyncProgress) => void, signal: AbortSignal): Promise<SyncOutcome> {
  const work = approvedWork(plan, approval);
  const timers = context.timers ?? systemTimers;
  const remoteRoot = textOf(plan.remoteRoot);
  const key = pairKey(plan.target.local, plan.box, remoteRoot);
  const lock = lockPair(context.storage, key);
  try {
    return await runLocked({ plan, work, key, remoteRoot, timers, context, onProgress, signal });
  } finally {
    lock.dispose();
  }
}

interface Locked {
  readonly plan: SyncPlan;
  readonly work: Work;
  readonly key: string;
  readonly remoteRoot: string;
  readonly timers: Timers;
  readonly context: RunContext;
  readonly onProgress: (progress: SyncProgress) => void;
  readonly signal: AbortSignal;
}

async function runLocked({ plan, work, key, remoteRoot, timers, context, onProgress, signal }: Locked): Promise<SyncOutcome> {
  const startedAt = Date.now();
  const meter = new Meter(
    work.moves.reduce((sum, { source }) => sum + source.size, 0),
    work.moves.length + work.deletions.length,
    timers,
    onProgress,
  );
  const result = await runWork({
    work,
    meter,
    timers,
    signal,
    link: context.link,
    facts: context.facts,
    holding: holdingWords('ssh', undefined, context.wrappers),
    target: plan.target,
    direction: plan.direction,
    localRoot: plan.target.local,
    remoteRoot,
    folders: foldersOf(startedAt, clientOf(context.storage, key)),
    ...(context.rsync !== undefined && { rsync: context.rsync }),
    rate: context.history.rateOf(plan.box),
    last: context.last ?? [],
  });
  const outcome: SyncOutcome = {
    state: signal.aborted ? 'cancelled' : result.left.length > 0 ? 'partial' : 'done',
    created: result.placed.filter(({ move }) => move.sink === undefined).length,
    updated: result.placed.filter(({ move }) => move.sink !== undefined).length,
    deleted: result.deleted.length,
    bytes: result.placed.reduce((sum, { move }) => sum + move.source.size, 0),
    seconds: (Date.now() - startedAt) / 1000,
    left: result.left,
    ...(result.trash !== undefined && { trash: result.trash }),
  };
  writeSuccess(plan, key, context, result, outcome, startedAt);
  if (outcome.state === 'done' && isPurgeDue(context.storage, key, startedAt)) {
    await purge(plan, remoteRoot, context, startedAt, signal);
  }
  return outcome;
}

/** What cannot be purged today is tomorrow. */
async function purge({ direction, target }: SyncPlan, remoteRoot: string, { link }: RunContext, now: number, signal: AbortSignal): Promise<void> {
  try {
    if (direction === 'push') {
      await purgeRemote(link, remoteRoot, now, signal);
    } else {
      purgeLocal(target.local, now);
    }
  } catch {
    // The sync itself is done.
  }
}

/** A root of a box as rsync and ssh can be given it. */
function textOf(root: BytePath): string {
  const text = systemPath(root).toString('utf8');
  if (!systemPath(root).equals(Buffer.from(text))) {
    throw new SyncError('target', 'The name of the remote folder is no UTF-8, so that no program can be told it.');
  }
  return text.replace(/(?<=.)\/+$/, '');
}
