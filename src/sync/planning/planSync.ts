import type { BytePath } from '../../base/bytePath.ts';
import { lazy } from '../../base/lazy.ts';
import type { Git } from '../../process/git.ts';
import { runLocalScript } from '../../process/localScript.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { BoxFacts } from '../box.ts';
import type { Listing } from '../entry.ts';
import { withoutAlike } from '../listing/alikeRecords.ts';
import { ignoredByGit } from '../listing/gitNames.ts';
import { isInWorkTree, listLocal } from '../listing/listLocal.ts';
import type { LocalListing } from '../listing/listLocal.ts';
import { scriptsOn } from '../listing/listRemote.ts';
import { byPath, isInsideGit, isOwn } from '../listing/ownNames.ts';
import { decodeTree, readTree } from '../listing/rawTree.ts';
import type { RawTree } from '../listing/rawTree.ts';
import { selectNames } from '../listing/selectNames.ts';
import { selectRemote } from '../listing/selectRemote.ts';
import type { SyncPlan } from '../plan.ts';
import { SyncError } from '../syncError.ts';
import type { Target } from '../target.ts';
import { localRoot, remoteRoot } from '../targets/roots.ts';
import { rootGuards } from './guards.ts';
import type { RootFacts } from './guards.ts';
import { makePlan } from './makePlan.ts';
import type { PlanInput } from './makePlan.ts';
import { readSentinel, sentinelFor } from './sentinel.ts';

export interface PlanRequest {
  readonly target: Target;
  readonly link: SshLink;
  readonly facts: BoxFacts;
  readonly snapshot: PlanInput['snapshot'];
  /** git of this machine; undefined where there is none. */
  readonly git: Git | undefined;
  /** Other targets, whose folders are not to lie in this one's. */
  readonly others: readonly Target[];
  /** What is known of both rsyncs, a sentence each. */
  readonly notes: readonly string[];
  readonly signal?: AbortSignal;
}

export interface Planned {
  readonly plan: SyncPlan;
  /** What both sides are, those names among it that are alike. */
  readonly listings: { readonly source: Listing; readonly sink: Listing };
}

interface Sides {
  readonly source: LocalListing;
  readonly sink: Listing;
  readonly alike: PlanInput['alike'];
  readonly whole: () => Planned['listings'];
}

/**
 * Lists both sides at once and compares them. Rejects with a `SyncError`, of `guard` for folders that are no target, before anything
 * is listed; or a `FilterFault` where the target's rules are none.
 */
export async function planSync(request: PlanRequest): Promise<Planned> {
  const { target, link, facts, snapshot, others, notes, signal } = request;
  const root = remoteRoot(target.remote, facts.home);
  const roots: RootFacts = {
    box: link.host,
    localRoot: target.local,
    remoteRoot: root,
    localHome: localRoot('~', '/'),
    remoteHome: facts.home,
    others: others
      .filter((other) => other.name !== target.name && other.direction === 'push' && target.direction === 'push' && other.boxes.includes(link.host))
      .map((other) => ({ name: other.name, root: remoteRoot(other.remote, facts.home) })),
  };
  const [first] = rootGuards(roots);
  if (first !== undefined) {
    throw new SyncError('guard', first.message);
  }
  // The box lists while this machine is looked over.
  const there = settled(readTree(scriptsOn(link, signal), root, facts, link.host));
  const [sides, sentinel] = await Promise.all([
    isPlain(target) && (await hasGnuFind(signal)) ? plainSides(request, root, there) : selectedSides(request, root, there),
    target.direction === 'push' ? readSentinel(link, root, signal).then((found) => ({ found, own: sentinelFor(target.local) })) : undefined,
  ]);
  const plan = makePlan({
    target,
    box: link.host,
    remoteRoot: root,
    source: sides.source,
    sink: sides.sink,
    alike: sides.alike,
    snapshot,
    ignored: target.deletions === 'plan' ? await ignoredThere(sides) : undefined,
    guards: { ...roots, ...(sentinel !== undefined && { sentinel }) },
    notes,
    now: Date.now(),
  });
  const whole = lazy(sides.whole);
  return {
    plan,
    listings: {
      get source() {
        return whole().source;
      },
      get sink() {
        return whole().sink;
      },
    },
  };
}

/** Its failure is told to whoever awaits it, however late. */
function settled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Nothing but sizes is left out: both sides can be compared as they come. */
function isPlain({ send, local, direction }: Target): boolean {
  return send.rules.length === 0 && (send.list === 'all' || (direction === 'push' && !isInWorkTree(local)));
}

/** Any other find tells times by the second, where a walk of ours has all of them. */
async function hasGnuFind(signal: AbortSignal | undefined): Promise<boolean> {
  return (await runLocalScript('find --version 2>/dev/null | grep -q GNU', () => {}, signal)).exitCode === 0;
}

async function plainSides({ target, link, signal }: PlanRequest, root: string, listing: Promise<RawTree>): Promise<Sides> {
  const { direction, local, send } = target;
  const [here, there] = await Promise.all([
    readTree((script, onStdout) => runLocalScript(script, onStdout, signal), local, { find: 'gnu', zstd: false }, 'this machine'),
    listing,
  ]);
  const both = withoutAlike(here.records, there.records);
  const hereLeft = decodeTree(both.one, here.stderr, local, 'this machine');
  const thereLeft = decodeTree(both.other, there.stderr, root, link.host);
  const select = (listing: Listing): Listing => ({ ...listing, ...selectNames(listing, undefined, send.largest) });
  const alike = lazy(() => decodeTree(both.both, '', root, link.host).entries);
  const withAlike = (listing: Listing): Listing => ({ ...listing, entries: [...listing.entries, ...alike()].sort(byPath) });
  const [source, sink] = direction === 'push' ? [select(hereLeft), thereLeft] : [select(thereLeft), hereLeft];
  return { source, sink, alike: { count: both.alike, paths: () => alike().map(({ path }) => path) }, whole: () => ({ source: withAlike(source), sink: withAlike(sink) }) };
}

async function selectedSides({ target, link, facts, git, signal }: PlanRequest, root: string, listing: Promise<RawTree>): Promise<Sides> {
  const { direction, local, send } = target;
  const listThere = async (): Promise<Listing> => {
    const { records, stderr } = await listing;
    return decodeTree(records.bytes, stderr, root, link.host);
  };
  const [here, there] = await Promise.all([listLocal(local, direction === 'push' ? send : undefined, { git, signal }), listThere()]);
  const source = direction === 'push' ? here : await selectRemote(there, send, { link, root, hasGit: facts.git, signal });
  const sink = direction === 'push' ? there : here;
  return { source, sink, alike: { count: 0, paths: () => [] }, whole: () => ({ source, sink }) };
}

/** What git of the sending side would ignore of the names that the receiving side alone has. */
async function ignoredThere({ source, sink }: Sides): Promise<ReadonlySet<BytePath> | undefined> {
  if (source.git === undefined) {
    return undefined;
  }
  const sent = new Set(source.entries.map(({ path }) => path));
  const alone = sink.entries.filter(({ path }) => !sent.has(path) && !isOwn(path) && !isInsideGit(path));
  const { run, names, kindAt } = source.git;
  return ignoredByGit(run, names, kindAt, alone.map(({ path, kind }) => (kind === 'folder' ? `${path}/` : path)));
}
