import { isAbsent } from '../../base/absent.ts';
import { toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Disposable } from '../../base/disposable.ts';
import { createGit } from '../../process/git.ts';
import { createSshLinks } from '../../process/ssh/links.ts';
import type { AnswerQuestion, SshLink } from '../../process/ssh/link.ts';
import type { Timers } from '../../process/timers.ts';
import { findWrappers } from '../../process/wrappers.ts';
import type { Wrappers } from '../../process/wrappers.ts';
import type { BoxFacts, BoxState } from '../box.ts';
import { probeBox } from '../boxes/probe.ts';
import { createHistory } from '../history/history.ts';
import type { SyncHistory } from '../history/history.ts';
import { syncErrorOf } from '../listing/listRemote.ts';
import { lookAt } from '../listing/localStat.ts';
import { firstApproval } from '../plan.ts';
import type { Approval, SyncPlan } from '../plan.ts';
import { withoutNeedlessGuards } from '../planning/guards.ts';
import { planSync } from '../planning/planSync.ts';
import type { Planned } from '../planning/planSync.ts';
import { sentinelFor, writeSentinel } from '../planning/sentinel.ts';
import type { SyncOutcome, SyncProgress } from '../run.ts';
import { createSnapshots } from '../snapshots/snapshots.ts';
import { SyncError } from '../syncError.ts';
import type { Target } from '../target.ts';
import { remoteRoot } from '../targets/roots.ts';
import { findLocalRsync } from '../transfer/localRsync.ts';
import { pairKey } from '../transfer/lock.ts';
import type { LocalRsync } from '../transfer/mover.ts';
import type { RunContext } from '../transfer/runContext.ts';
import { runPlan } from '../transfer/runPlan.ts';
import { undoLast } from '../trash/undoLast.ts';
import { savedPlan } from '../watch/savedPlan.ts';
import { sentNames } from './sentNames.ts';

export interface SyncWorkOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timers: Timers;
  /** Folders (the workspace's) from which nothing is run. */
  readonly never: readonly string[];
  /** Absolute path of the folder for snapshots, history and journals. */
  readonly storage: string;
  readonly sshConfig?: string;
  /** Asks a person what ssh asks, while a box is signed in to. */
  readonly answer?: AnswerQuestion;
  /** All targets that are known, so that none is planned into another. */
  readonly others?: () => readonly Target[];
}

/** Plans, runs and puts back; here as in a worker thread. */
export interface SyncWork extends Disposable {
  readonly history: SyncHistory;
  /** Signs in, asking a person where one is there, and finds out what the box is. Resolves whatever it is. */
  probe(box: string, options?: { readonly rsyncPath?: string; readonly signal?: AbortSignal }): Promise<BoxState>;
  /** @returns the plan, and with what it will be run: `rsync 3.2.7` */
  plan(target: Target, box: string, signal?: AbortSignal): Promise<{ readonly plan: SyncPlan; readonly tool: string }>;
  /** Of a plan that `plan` has made, or one of single names. `last`: moved after all others, in this order. Rejects with a `SyncError` before anything has moved. */
  run(plan: SyncPlan, approval: Approval, onProgress: (progress: SyncProgress) => void, signal: AbortSignal, last?: readonly BytePath[]): Promise<SyncOutcome>;
  /** What a box is, found out where it is not known. Rejects with a `SyncError` where it is not at hand. */
  facts(box: string, signal?: AbortSignal): Promise<BoxFacts>;
  /** Puts back what the last run to this box overwrote and deleted. */
  undo(target: Target, box: string, signal: AbortSignal): Promise<SyncOutcome>;
  /**
   * Brings names that were saved here, as the last success knows both sides. Undefined where only a plan of the whole tells what is
   * to be done with them.
   */
  saved(target: Target, box: string, paths: ReadonlySet<BytePath>, signal: AbortSignal): Promise<SyncOutcome | undefined>;
  /** The link to a box, for whatever else is read there. */
  link(box: string): SshLink;
}

/** Plans whose listings are kept for their run: one for each box that a person looks at. */
const KEPT_PLANS = 8;

export function createSyncWork({ env, timers, never, storage, sshConfig, answer, others }: SyncWorkOptions): SyncWork {
  const links = createSshLinks({ env, timers, never, ...(sshConfig !== undefined && { config: sshConfig }), ...(answer !== undefined && { answer }) });
  const snapshots = createSnapshots(storage);
  const history = createHistory(storage);
  const git = createGit(env, never);
  const known = new Map<string, BoxFacts>();
  const planned = new Map<string, Planned['listings']>();
  let rsync: Promise<LocalRsync | undefined> | undefined;
  let wrappers: Promise<Wrappers> | undefined;

  const localRsync = (): Promise<LocalRsync | undefined> => (rsync ??= findLocalRsync(env, never));

  async function probe(box: string, { rsyncPath, signal }: { readonly rsyncPath?: string | undefined; readonly signal?: AbortSignal | undefined } = {}): Promise<BoxState> {
    const link = links.link(box);
    if (answer !== undefined) {
      // What goes wrong here goes wrong in the probe as well, and is told by it.
      await link.open(signal).catch(() => undefined);
    }
    const state = await probeBox(link, { rsyncPath, signal });
    if ('facts' in state) {
      known.set(box, state.facts);
    } else {
      known.delete(box);
    }
    return state;
  }

  /** Found out once; a box that has gone is found out about anew. */
  async function factsOf({ rsyncPath }: Pick<Target, 'rsyncPath'>, box: string, signal: AbortSignal | undefined): Promise<BoxFacts> {
    const facts = known.get(box);
    if (facts !== undefined) {
      return facts;
    }
    const state = await probe(box, { rsyncPath, signal });
    if ('facts' in state) {
      return state.facts;
    }
    throw new SyncError(state.kind === 'signIn' || state.kind === 'noisyShell' ? state.kind : 'unreachable', problemWords(box, state));
  }

  async function contextOf(target: Target, box: string, listings: Planned['listings'] | undefined, signal: AbortSignal): Promise<RunContext> {
    const [found, held, facts] = await Promise.all([localRsync(), (wrappers ??= findWrappers()), factsOf(target, box, signal)]);
    return { link: links.link(box), facts, storage, snapshots, history, timers, wrappers: held, ...(found !== undefined && { rsync: found }), ...(listings !== undefined && { listings }) };
  }

  return {
    history,
    probe,
    link: (box) => links.link(box),
    async plan(target, box, signal) {
      const [facts, ours] = await Promise.all([factsOf(target, box, signal), localRsync()]);
      const theirs = isAbsent(facts.rsync) ? undefined : facts.rsync;
      const notes = [...(theirs?.notes ?? []).map((note) => `${box}: ${note}`), ...(ours?.facts.notes ?? []).map((note) => `This machine: ${note}`)];
      const key = pairKey(target.local, box, remoteRoot(target.remote, facts.home));
      try {
        const { plan, listings } = await planSync({ target, link: links.link(box), facts, snapshot: snapshots.read(key), git, others: others?.() ?? [], notes, ...(signal && { signal }) });
        planned.delete(plan.id);
        planned.set(plan.id, listings);
        [...planned.keys()].slice(0, -KEPT_PLANS).forEach((id) => planned.delete(id));
        return { plan, tool: theirs === undefined || ours === undefined ? 'tar over ssh' : `rsync ${theirs.version}` };
      } catch (error) {
        signal?.throwIfAborted();
        known.delete(box);
        throw error;
      }
    },
    facts: (box, signal) => factsOf({}, box, signal),
    async run(plan, approval, onProgress, signal, last) {
      const context = { ...(await contextOf(plan.target, plan.box, planned.get(plan.id), signal)), ...(last !== undefined && { last }) };
      const outcome = await runPlan(plan, withoutNeedlessGuards(plan, approval), context, onProgress, signal);
      planned.delete(plan.id);
      if (plan.direction === 'push' && !signal.aborted && outcome.created + outcome.updated > 0) {
        await writeSentinel(context.link, remoteRoot(plan.target.remote, context.facts.home), sentinelFor(plan.target.local)).catch((error: unknown) => {
          throw syncErrorOf(error, plan.box);
        });
      }
      return outcome;
    },
    async saved(target, box, paths, signal) {
      const { home } = await factsOf(target, box, signal);
      const root = remoteRoot(target.remote, home);
      const snapshot = snapshots.read(pairKey(target.local, box, root));
      const sent = snapshot && (await sentNames(target, [...paths], git, signal));
      if (snapshot === undefined || sent === undefined || [...paths].some((path) => snapshot.has(path) && lookAt(toBytePath(target.local), path) === undefined)) {
        return undefined;
      }
      const plan = savedPlan(target, box, toBytePath(root), paths, snapshot, (path) => sent.has(path) || isAbove(path, sent));
      return plan.items.length === 0 ? NOTHING : runPlan(plan, firstApproval(plan), await contextOf(target, box, undefined, signal), () => undefined, signal);
    },
    async undo(target, box, signal) {
      const context = await contextOf(target, box, undefined, signal);
      return undoLast(target, box, remoteRoot(target.remote, context.facts.home), context, signal);
    },
    dispose: () => links.dispose(),
  };
}

const NOTHING: SyncOutcome = { state: 'done', created: 0, updated: 0, deleted: 0, bytes: 0, seconds: 0, left: [] };

function isAbove(folder: BytePath, paths: ReadonlySet<BytePath>): boolean {
  return [...paths].some((path) => path.startsWith(`${folder}/`));
}

/** What a person does about a box that is not at hand. */
export function problemWords(box: string, state: Exclude<BoxState, { readonly facts: BoxFacts } | { readonly kind: 'unknown' | 'connecting' }> | BoxState): string {
  const said = 'said' in state ? state.said : '';
  return state.kind === 'signIn'
    ? `${box} needs signing in: ${said}`
    : state.kind === 'noisyShell'
      ? `The shell of ${box} says “${said}” before it runs anything, which breaks transfers: have its start files (.bashrc) print nothing where there is no terminal`
      : `${box} cannot be reached: ${said}`;
}
