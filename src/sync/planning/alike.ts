import type { Entry } from '../entry.ts';

/** What a name was after the last success, by the sides of the sync that is planned. */
export interface Previous {
  readonly source: Entry;
  readonly sink: Entry;
}

const SECOND = 1e6;
/** Anybody may run it: what rsync's `--executability` compares. */
const RUN_BITS = 0o111;

/**
 * Whether both sides have the same at a name. Files by size, time and whether they may be run; links by where they point to; folders
 * always. Times count to the microsecond, or by the second where a side keeps no fractions.
 */
export function isAlike(source: Entry, sink: Entry): boolean {
  if (source.kind !== sink.kind) {
    return false;
  }
  if (source.kind === 'link') {
    return source.link === sink.link;
  }
  return source.kind === 'folder' || (source.size === sink.size && isSameTime(source.mtime, sink.mtime) && canRun(source) === canRun(sink));
}

/** Whether one side still is what it was after the last success. */
export function isUnchanged(before: Entry, now: Entry): boolean {
  return before.kind === now.kind && before.size === now.size && before.link === now.link && (now.kind !== 'file' || (Math.abs(before.mtime - now.mtime) <= 1 && canRun(before) === canRun(now)));
}

function isSameTime(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1 || ((one % SECOND === 0 || other % SECOND === 0) && Math.floor(one / SECOND) === Math.floor(other / SECOND));
}

function canRun({ mode }: Entry): boolean {
  return (mode & RUN_BITS) !== 0;
}
