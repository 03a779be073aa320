import { shownPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Entry } from '../entry.ts';
import type { Seen, Side } from './side.ts';
import { CHANGED } from './tarWriter.ts';
import { parentsOf } from './work.ts';
import type { Deletion, Left, Move, Work } from './work.ts';

/** What of some work may still be done, now that both sides were looked at. */
export interface Checked extends Work {
  /** They stand there already as they should: an earlier try has brought them. */
  readonly placed: readonly Move[];
  /** Deletions of names at which there is nothing any more. */
  readonly gone: readonly Deletion[];
  /** Folders on the way to a move that are not there. */
  readonly missingFolders: readonly BytePath[];
  /** The disk of the folder that a move goes into, where that is there. */
  readonly deviceOf: (path: BytePath) => string | undefined;
}

/**
 * Holds both sides to what a plan says of them. What has changed is left and said; whatever leads through something that is no
 * folder is left too, since it would end outside of the tree.
 */
export async function checkWork(work: Work, source: Side, sink: Side, resumed: boolean, signal: AbortSignal): Promise<Checked> {
  const { moves, deletions } = work;
  const paths = moves.map(({ path }) => path);
  const parents = [...new Set(paths.flatMap(parentsOf))];
  const gone = deletions.map(({ path }) => path);
  const sinkParents = [...new Set([...parents, ...gone.flatMap(parentsOf)])];
  const [here, there] = await Promise.all([
    source.look([...new Set([...parents, ...paths, ...gone])], signal),
    sink.look([...new Set([...sinkParents, ...paths, ...gone])], signal),
  ]);
  const left: Left[] = [...work.left];
  const placed: Move[] = [];
  const replaced = new Set(moves.filter(({ source: { kind }, sink: before }) => kind === 'folder' && before !== undefined && before.kind !== 'folder').map(({ path }) => path));
  const goes = new Set([...gone, ...moves.filter(({ source: { kind }, sink: before }) => before?.kind === 'folder' && kind !== 'folder').map(({ path }) => path)]);

  function wayIn(path: BytePath): string | undefined {
    for (const parent of parentsOf(path)) {
      const ours = here.get(parent);
      const theirs = there.get(parent);
      if (ours !== undefined && ours.kind !== 'folder') {
        return `${shownPath(parent)} on the way to it is no folder on the sending side`;
      }
      if (theirs !== undefined && theirs.kind !== 'folder' && !replaced.has(parent)) {
        return `${shownPath(parent)} on the way to it is no folder on the receiving side`;
      }
    }
    return undefined;
  }
  function reasonAgainst({ path, source: planned, sink: before }: Move): string | undefined {
    if (!isAsPlanned(planned, here.get(path))) {
      return CHANGED;
    }
    return isAsPlanned(before, there.get(path)) ? wayIn(path) : 'changed on the receiving side since the plan was made';
  }
  const remaining = moves.filter((move) => {
    const seen = there.get(move.path);
    if (resumed && hasArrived(move.source, seen) && isAsPlanned(move.source, here.get(move.path))) {
      placed.push(move);
      return false;
    }
    // A folder or file that a try before has taken out of the way.
    const cleared = resumed && seen === undefined && move.sink !== undefined && move.sink.kind !== move.source.kind;
    const reason = reasonAgainst(cleared ? { path: move.path, source: move.source } : move);
    if (reason !== undefined) {
      left.push({ path: move.path, reason });
    }
    return reason === undefined;
  });
  const deletable = deletions.filter(({ path, sink: before }) => {
    const seen = there.get(path);
    const throughLink = parentsOf(path).some((parent) => there.get(parent)?.kind === 'link' || there.get(parent)?.kind === 'file');
    if (seen === undefined) {
      return false;
    }
    const reason = here.has(path) ? 'there again on the sending side' : throughLink ? 'a folder on the way to it is none any more' : isAsPlanned(before, seen) ? undefined : 'changed on the receiving side since the plan was made';
    if (reason !== undefined) {
      left.push({ path, reason });
    }
    return reason === undefined;
  });
  const missing = new Set(remaining.flatMap(({ path }) => parentsOf(path)).filter((parent) => !there.has(parent) || replaced.has(parent) || goes.has(parent)));
  return { moves: remaining, deletions: deletable, left, placed, gone: deletions.filter(({ path }) => !there.has(path)), missingFolders: [...missing], deviceOf: (path) => deviceAt(path, there) };
}

function deviceAt(path: BytePath, there: ReadonlyMap<BytePath, Seen>): string | undefined {
  return parentsOf(path).toReversed().map((parent) => there.get(parent)?.device).find((device) => device !== undefined);
}

/** Whether a side is as the plan has it; a listing may round otherwise than a look does. */
export function isAsPlanned(planned: Entry | undefined, seen: Entry | undefined): boolean {
  if (planned === undefined || seen === undefined) {
    return planned === seen;
  }
  return (
    planned.kind === seen.kind &&
    (planned.kind !== 'file' || (planned.size === seen.size && Math.abs(planned.mtime - seen.mtime) <= 1)) &&
    (planned.kind !== 'link' || planned.link === seen.link)
  );
}

/** Whether what stands on the receiving side is what was sent. Some file systems and old programs keep whole seconds alone. */
export function hasArrived(source: Entry, seen: Entry | undefined): boolean {
  if (seen === undefined || seen.kind !== source.kind) {
    return false;
  }
  const sameTime = Math.abs(source.mtime - seen.mtime) <= 1 || (seen.mtime % 1e6 === 0 && Math.floor(source.mtime / 1e6) * 1e6 === seen.mtime);
  return source.kind === 'file' ? source.size === seen.size && sameTime : source.kind !== 'link' || source.link === seen.link;
}

