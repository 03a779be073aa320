import type { BytePath } from '../../base/bytePath.ts';
import type { Entry } from '../entry.ts';
import { KEPT_NAMES } from '../history/history.ts';
import type { SyncPlan } from '../plan.ts';
import type { SyncOutcome } from '../run.ts';
import type { Pair } from '../snapshots/snapshotFile.ts';
import { writeUndo } from '../trash/undoFile.ts';
import type { RunContext } from './runContext.ts';
import type { WorkResult } from './runWork.ts';

/** Keeps what a run did: for the next plan, for an undo, for the history. */
export function writeSuccess(plan: SyncPlan, key: string, context: RunContext, result: WorkResult, outcome: SyncOutcome, at: number): void {
  const { placed, deleted, trash, rate } = result;
  context.snapshots.write(key, nextSnapshot(plan, key, context, result));
  if (placed.length + deleted.length > 0) {
    writeUndo(context.storage, key, {
      at,
      direction: plan.direction,
      ...(trash !== undefined && { trash }),
      arrived: placed.map(({ move, there }) => ({ there, ...(move.sink !== undefined && { before: move.sink }) })),
      deleted: deleted.map(({ sink }) => sink),
    });
  }
  const names = (some: readonly { readonly path: BytePath }[]): readonly BytePath[] => some.slice(0, KEPT_NAMES).map(({ path }) => path);
  const moves = placed.map(({ move }) => move);
  const { left, ...told } = outcome;
  context.history.add({
    key,
    target: plan.target.name,
    box: plan.box,
    direction: plan.direction,
    at,
    outcome: told,
    leftCount: left.length,
    left: left.slice(0, KEPT_NAMES),
    created: names(moves.filter(({ sink }) => sink === undefined)),
    updated: names(moves.filter(({ sink }) => sink !== undefined)),
    deleted: names(deleted),
    ...(rate !== undefined && { rate }),
  });
}

/** What was known before, what the listings have alike, and what was moved; `here` is always this machine's side. */
function nextSnapshot(plan: SyncPlan, key: string, { snapshots, listings }: RunContext, { placed, deleted }: WorkResult): ReadonlyMap<BytePath, Pair> {
  const pairs = new Map<BytePath, Pair>(snapshots.read(key));
  const pair = (source: Entry, sink: Entry): Pair => (plan.direction === 'push' ? { here: source, there: sink } : { here: sink, there: source });
  if (listings !== undefined) {
    const differing = new Set(plan.items.map(({ path }) => path));
    const sinks = new Map(listings.sink.entries.map((entry) => [entry.path, entry]));
    const sources = new Set<BytePath>();
    for (const source of listings.source.entries) {
      sources.add(source.path);
      const sink = sinks.get(source.path);
      if (sink !== undefined && !differing.has(source.path)) {
        pairs.set(source.path, pair(source, sink));
      }
    }
    // Gone on both sides, by other hands.
    [...pairs.keys()].filter((path) => !sources.has(path) && !sinks.has(path)).forEach((path) => pairs.delete(path));
  }
  placed.forEach(({ move, there }) => pairs.set(move.path, pair(move.source, plainEntry(there))));
  deleted.forEach(({ path }) => pairs.delete(path));
  return pairs;
}

function plainEntry({ path, kind, size, mtime, mode, link }: Entry): Entry {
  return { path, kind, size, mtime, mode, ...(link !== undefined && { link }) };
}
