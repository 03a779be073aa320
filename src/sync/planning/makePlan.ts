import { createHash } from 'node:crypto';
import { toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { ruleFilter } from '../listing/ruleFilter.ts';
import type { Entry, Listing } from '../entry.ts';
import { isInsideGit } from '../listing/ownNames.ts';
import type { Guard, PlanItem, SyncPlan } from '../plan.ts';
import type { Target } from '../target.ts';
import { findClashes } from './clashes.ts';
import { compareTrees } from './compare.ts';
import { checkGuards } from './guards.ts';
import type { GuardFacts } from './guards.ts';
import { lintUpload } from './lint.ts';

export interface PlanInput {
  readonly target: Target;
  readonly box: string;
  /** Absolute path on the box, as text. */
  readonly remoteRoot: string;
  readonly source: Listing;
  readonly sink: Listing;
  /** Names that stand in neither listing because both sides have them alike. */
  readonly alike: { readonly count: number; readonly paths: () => Iterable<BytePath> };
  /** What both sides were after the last success; undefined where there was none. */
  readonly snapshot: ReadonlyMap<BytePath, { readonly here: Entry; readonly there: Entry }> | undefined;
  /** What git would ignore of the names that the receiving side alone has; undefined where git was not asked. */
  readonly ignored: ReadonlySet<BytePath> | undefined;
  readonly guards: Pick<GuardFacts, 'localHome' | 'remoteHome' | 'others' | 'sentinel'>;
  /** What is known of both rsyncs. */
  readonly notes: readonly string[];
  readonly now: number;
}

/** Throws a `FilterFault` where the target's rules are none. */
export function makePlan(input: PlanInput): SyncPlan {
  const { target, box, remoteRoot, source, sink, alike, snapshot, ignored, now } = input;
  const { direction } = target;
  const { items, alike: more } = compareTrees({
    source,
    sink,
    previous: (path) => {
      const pair = snapshot?.get(path);
      return pair && (direction === 'push' ? { source: pair.here, sink: pair.there } : { source: pair.there, sink: pair.here });
    },
    deletions: target.deletions,
    isProtected: protection(target, ignored),
  });
  const facts: GuardFacts = {
    ...input.guards,
    box,
    direction,
    localRoot: target.local,
    remoteRoot,
    source,
    sink,
    names: { source: source.entries.length + source.skipped.length + alike.count, sink: sink.entries.length + alike.count },
    known: snapshot?.size ?? 0,
  };
  const guards: readonly Guard[] = [
    ...checkGuards(items, facts),
    ...clashes(items, sink, alike.paths),
    ...input.notes.map((message): Guard => ({ code: 'oldRsync', severity: 'note', message })),
    ...(direction === 'push' ? lintUpload(items) : []),
  ];
  return {
    id: planId(target, box, remoteRoot, items),
    target,
    box,
    direction,
    remoteRoot: toBytePath(remoteRoot),
    madeAt: now,
    items,
    guards,
    alike: more + alike.count,
    source: source.root,
    sink: sink.root,
  };
}

/** What does not move counts only where names can clash: to read it takes a while. */
function clashes(items: readonly PlanItem[], sink: Listing, alike: () => Iterable<BytePath>): readonly Guard[] {
  const foldsCase = sink.root.kind === 'folder' ? sink.root.foldsCase : undefined;
  return findClashes(items, foldsCase === true ? [...sink.entries.map(({ path }) => path), ...alike()] : [], foldsCase);
}

function protection({ send: { rules, list } }: Target, ignored: ReadonlySet<BytePath> | undefined): (path: BytePath, isFolder: boolean) => boolean {
  const filter = ruleFilter(rules, 'receiver');
  return (path, isFolder) =>
    filter.leftOutBy(path, isFolder) !== undefined || (list === 'git' && isInsideGit(path)) || (ignored !== undefined && ignored.has(isFolder ? `${path}/` : path));
}

/** Two plans have one id when they would do the same to the same. */
function planId({ name, local, direction }: Target, box: string, remoteRoot: string, items: readonly PlanItem[]): string {
  const hash = createHash('sha256').update(JSON.stringify([name, local, direction, box, remoteRoot]));
  for (const { action, path, source, sink } of items) {
    hash.update(`${action}\0${path}\0${entryKey(source)}\0${entryKey(sink)}\0`);
  }
  return hash.digest('hex').slice(0, 24);
}

function entryKey(entry: Entry | undefined): string {
  return entry === undefined ? '' : `${entry.kind} ${entry.size} ${entry.mtime} ${entry.mode} ${entry.link ?? ''}`;
}
