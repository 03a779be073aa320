import type { BytePath } from '../../base/bytePath.ts';
import { formatCountOf } from '../../base/format.ts';
import type { Entry, Listing } from '../entry.ts';
import { isOwn, parentOf } from '../listing/ownNames.ts';
import type { PlanItem } from '../plan.ts';
import { isAlike, isUnchanged } from './alike.ts';
import type { Previous } from './alike.ts';

export interface Comparison {
  readonly source: Listing;
  readonly sink: Listing;
  /** What a name was on both sides after the last success; undefined where it had no part in one. */
  readonly previous: (path: BytePath) => Previous | undefined;
  readonly deletions: 'never' | 'plan';
  /** What the sending side would leave out were it there: it is never deleted. */
  readonly isProtected: (path: BytePath, isFolder: boolean) => boolean;
}

/** Microseconds by which the receiving side's file has to be later to count as newer: two clocks never quite agree. */
const CLEARLY = 2e6;

/** The three-way difference of two trees, in the order of the bytes of their paths, and how many names are alike. */
export function compareTrees({ source, sink, previous, deletions, isProtected }: Comparison): { readonly items: readonly PlanItem[]; readonly alike: number } {
  const sinkEntries = new Map(sink.entries.map((entry) => [entry.path, entry]));
  const sinkUnread = new Set(sink.unread.map(({ path }) => path));
  const items: PlanItem[] = source.skipped.map(({ path, bytes, reason }) => ({ action: 'skip', path, bytes, reason }));
  let alike = 0;
  for (const entry of source.entries) {
    const there = sinkEntries.get(entry.path);
    const item =
      there === undefined && isBelowAny(entry.path, sinkUnread)
        ? skip(entry, undefined, 'cannot be looked at on the receiving side')
        : there === undefined
          ? missing(entry, previous(entry.path))
          : differing(entry, there, previous(entry.path));
    if (item === undefined) {
      alike++;
    } else {
      items.push(item);
    }
  }
  return { items: [...items, ...extras()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)), alike };

  /** What only the receiving side has. A folder is deleted only where nothing stays below it. */
  function extras(): readonly PlanItem[] {
    const sent = new Set(source.entries.map(({ path }) => path));
    const unknown = new Set([...source.unread, ...source.skipped].map(({ path }) => path));
    const keeping = new Set<BytePath>();
    const found: PlanItem[] = [];
    const keepAbove = (path: BytePath): void => {
      for (let folder = parentOf(path); folder !== undefined && !keeping.has(folder); folder = parentOf(folder)) {
        keeping.add(folder);
      }
    };
    for (const there of sink.entries) {
      const { path, kind } = there;
      if (sent.has(path) || isOwn(path)) {
        continue;
      }
      const item = isBelowAny(path, unknown) || isProtected(path, kind === 'folder') ? undefined : extra(there, previous(path), deletions);
      if (item?.action !== 'delete') {
        keepAbove(path);
      }
      if (item !== undefined) {
        found.push(item);
      }
    }
    // Names that cannot be read stay, and so do the folders they are in.
    for (const path of sinkUnread) {
      keeping.add(path);
      keepAbove(path);
    }
    return found.filter(({ action, path }) => action !== 'delete' || !keeping.has(path));
  }
}

/** Whether one of these is the path, or a folder above it; '' is above everything. */
export function isBelowAny(path: BytePath, paths: ReadonlySet<BytePath>): boolean {
  if (paths.size === 0) {
    return false;
  }
  for (let at: BytePath | undefined = path; at !== undefined; at = parentOf(at)) {
    if (paths.has(at)) {
      return true;
    }
  }
  return paths.has('');
}

function missing(source: Entry, before: Previous | undefined): PlanItem {
  const { path, size: bytes, kind } = source;
  if (before === undefined) {
    return { action: 'create', path, source, bytes, reason: 'new' };
  }
  return kind === 'folder' || isUnchanged(before.source, source)
    ? { action: 'create', path, source, bytes, reason: 'gone on the receiving side since the last sync' }
    : { action: 'conflict', path, source, bytes, reason: 'changed on the sending side, deleted on the receiving side' };
}

function differing(source: Entry, sink: Entry, before: Previous | undefined): PlanItem | undefined {
  if (isAlike(source, sink)) {
    return undefined;
  }
  const both = { path: source.path, source, sink, bytes: source.size };
  if (sink.kind === 'other') {
    return skip(source, sink, 'on the receiving side it is neither file, folder nor link');
  }
  if (source.kind !== sink.kind && (source.kind === 'folder' || sink.kind === 'folder')) {
    return { ...both, action: 'conflict', reason: `a ${source.kind} on the sending side, a ${sink.kind} on the receiving side` };
  }
  if (before === undefined) {
    return sink.mtime > source.mtime + CLEARLY
      ? { ...both, action: 'conflict', reason: 'newer on the receiving side, and never synced' }
      : { ...both, action: 'update', reason: differenceWords(source, sink) };
  }
  if (isUnchanged(before.sink, sink)) {
    return { ...both, action: 'update', reason: differenceWords(source, sink) };
  }
  return { ...both, action: 'conflict', reason: isUnchanged(before.source, source) ? 'changed on the receiving side since the last sync' : 'changed on both sides since the last sync' };
}

function differenceWords(source: Entry, sink: Entry): string {
  if (source.kind !== sink.kind) {
    return `was a ${sink.kind}`;
  }
  if (source.kind === 'link') {
    return 'points elsewhere';
  }
  const grown = source.size - sink.size;
  if (grown !== 0) {
    return `${formatCountOf(Math.abs(grown), 'byte')} ${grown > 0 ? 'longer' : 'shorter'}`;
  }
  return source.mtime === sink.mtime || Math.abs(source.mtime - sink.mtime) <= 1 ? 'may be run now, or no longer' : source.mtime > sink.mtime ? 'newer' : 'of another time';
}

function extra(sink: Entry, before: Previous | undefined, deletions: 'never' | 'plan'): PlanItem | undefined {
  const { path, kind, size: bytes } = sink;
  if (kind === 'other') {
    return skip(undefined, sink, 'neither file, folder nor link');
  }
  if (deletions === 'never') {
    return before !== undefined && kind !== 'folder' ? skip(undefined, sink, 'deleted on the sending side; this target deletes nothing') : undefined;
  }
  if (before !== undefined && kind !== 'folder' && !isUnchanged(before.sink, sink)) {
    return { action: 'conflict', path, sink, bytes, reason: 'deleted on the sending side, changed on the receiving side' };
  }
  return { action: 'delete', path, sink, bytes, reason: before === undefined ? 'only on the receiving side, and never synced' : 'deleted on the sending side' };
}

function skip(source: Entry | undefined, sink: Entry | undefined, reason: string): PlanItem {
  return { action: 'skip', path: (source ?? sink)?.path ?? '', ...(source && { source }), ...(sink && { sink }), bytes: (source ?? sink)?.size ?? 0, reason };
}
