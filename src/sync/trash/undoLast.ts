import type { BytePath } from '../../base/bytePath.ts';
import { printable } from '../../base/printable.ts';
import { SshFailed } from '../../process/ssh/link.ts';
import type { Entry } from '../entry.ts';
import { KEPT_NAMES } from '../history/history.ts';
import type { SyncOutcome } from '../run.ts';
import { SyncError } from '../syncError.ts';
import type { Target } from '../target.ts';
import { isAsPlanned } from '../transfer/check.ts';
import { createLocalSink } from '../transfer/localSink.ts';
import { lockPair, pairKey } from '../transfer/lock.ts';
import { createRemoteSink } from '../transfer/remoteSink.ts';
import type { RunContext } from '../transfer/runContext.ts';
import { clientOf, foldersOf } from '../transfer/runFolders.ts';
import type { Sink } from '../transfer/side.ts';
import type { Left } from '../transfer/work.ts';
import { forgetUndo, readUndo } from './undoFile.ts';
import type { UndoRecord } from './undoFile.ts';

/**
 * Puts the receiving side of a pair of folders back to what it was before the last sync that did anything: what was overwritten or
 * deleted comes back from the trash, what came new goes to a trash of its own. What has changed since the sync is left and said.
 * `remoteRoot`: absolute path on the box. Throws a `SyncError` where there is nothing to put back.
 */
export async function undoLast(target: Target, box: string, remoteRoot: string, context: RunContext, signal: AbortSignal): Promise<SyncOutcome> {
  const { storage, link, facts } = context;
  const key = pairKey(target.local, box, remoteRoot);
  const record = readUndo(storage, key);
  if (record === undefined) {
    throw new SyncError('target', 'There is no sync of these folders that could be put back.');
  }
  const lock = lockPair(storage, key);
  try {
    const startedAt = Date.now();
    await link.open(signal);
    const sink = record.direction === 'push' ? createRemoteSink({ link, facts, root: remoteRoot }) : createLocalSink(target.local);
    const folders = foldersOf(startedAt, clientOf(storage, key));
    await sink.prepare(folders, signal);
    const { back, gone, left } = await putBack(record, sink, signal);
    const trash = (await sink.tidy(signal)) ? folders.trash : undefined;
    const wasDeleted = new Set(record.deleted.map(({ path }) => path));
    const created = back.filter(({ path }) => wasDeleted.has(path));
    const updated = back.filter(({ path }) => !wasDeleted.has(path));
    const outcome: SyncOutcome = {
      state: left.length > 0 ? 'partial' : 'done',
      created: created.length,
      updated: updated.length,
      deleted: gone.length,
      bytes: back.reduce((sum, { size }) => sum + size, 0),
      seconds: (Date.now() - startedAt) / 1000,
      left,
      ...(trash !== undefined && { trash }),
    };
    settle(target, box, key, record, context, { outcome, created, updated, gone, startedAt });
    return outcome;
  } catch (error) {
    throw error instanceof SshFailed ? new SyncError(error.problem, `${box}: ${printable(error.said)}`, { cause: error }) : error;
  } finally {
    lock.dispose();
  }
}

interface PutBack {
  readonly back: readonly Entry[];
  readonly gone: readonly Entry[];
  readonly left: readonly Left[];
}

async function putBack({ arrived, deleted, trash = '' }: UndoRecord, sink: Sink, signal: AbortSignal): Promise<PutBack> {
  const paths = [...arrived.map(({ there }) => there.path), ...deleted.map(({ path }) => path)];
  const now = await sink.look(paths, signal);
  const left = new Map<BytePath, string>();
  const asLeft = arrived.filter(({ there }) => isAsPlanned(there, now.get(there.path)) || !left.set(there.path, 'changed since the sync'));
  const free = deleted.filter(({ path }) => !now.has(path) || !left.set(path, 'there again since the sync'));
  // What only came, and what stands in the place of something of another kind.
  const going = asLeft.filter(({ there, before }) => before?.kind !== there.kind).map(({ there }) => there);
  (await sink.discard(going, signal)).forEach(({ path, reason }) => left.set(path, reason));
  const wanted = [...asLeft.flatMap(({ before }) => before ?? []), ...free].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const folders = wanted.filter(({ kind }) => kind === 'folder');
  (await sink.makeFolders(folders, signal)).forEach(({ path, reason }) => left.set(path, reason));
  const replaced = new Set(asLeft.filter(({ there, before }) => before?.kind === there.kind).map(({ there }) => there.path));
  const arrivals = wanted.filter(({ kind }) => kind !== 'folder').map((entry) => ({ from: `${trash}/${entry.path}`, entry, replaces: replaced.has(entry.path) }));
  (await sink.install(arrivals, signal)).forEach(({ path, reason }) => left.set(path, reason));
  await sink.setModes(wanted.filter(({ kind }) => kind !== 'link').toReversed(), signal);

  const after = await sink.look(paths, signal);
  const isBack = (entry: Entry): boolean => isAsPlanned(entry, after.get(entry.path));
  const isWanted = new Set(wanted.map(({ path }) => path));
  const back = wanted.filter(isBack);
  const gone = going.filter(({ path }) => !after.has(path));
  for (const { path } of [...wanted.filter((entry) => !isBack(entry)), ...going.filter((entry) => after.has(entry.path) && !isWanted.has(entry.path))]) {
    left.set(path, left.get(path) ?? 'it could not be put back');
  }
  return { back, gone, left: [...left].filter(([path]) => path !== '').map(([path, reason]) => ({ path, reason })) };
}

interface Settled {
  readonly outcome: SyncOutcome;
  readonly created: readonly Entry[];
  readonly updated: readonly Entry[];
  readonly gone: readonly Entry[];
  readonly startedAt: number;
}

/** The next plan is to compare these names anew, without a memory of what both sides were. */
function settle(target: Target, box: string, key: string, record: UndoRecord, { storage, snapshots, history }: RunContext, { outcome, created, updated, gone, startedAt }: Settled): void {
  forgetUndo(storage, key);
  const pairs = new Map(snapshots.read(key));
  [...created, ...updated, ...gone].forEach(({ path }) => pairs.delete(path));
  snapshots.write(key, pairs);
  const { left, ...told } = outcome;
  const names = (some: readonly Entry[]): readonly BytePath[] => some.slice(0, KEPT_NAMES).map(({ path }) => path);
  history.add({
    key,
    target: target.name,
    box,
    direction: record.direction,
    at: startedAt,
    outcome: told,
    leftCount: left.length,
    left: left.slice(0, KEPT_NAMES),
    created: names(created),
    updated: names(updated),
    deleted: names(gone),
    undo: true,
  });
}
