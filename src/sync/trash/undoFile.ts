import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../entry.ts';
import { writeWhole } from '../snapshots/writeWhole.ts';
import type { Direction } from '../target.ts';

/** What the last run to a pair of folders did on the receiving side, so that it can be put back. */
export interface UndoRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly direction: Direction;
  /** Relative to the receiving root; undefined where the run only brought new names. */
  readonly trash?: string;
  /** As they were after it; `before`: what they replaced. */
  readonly arrived: readonly { readonly there: Entry; readonly before?: Entry }[];
  readonly deleted: readonly Entry[];
}

/** One record for each pair: that of the last run that did anything. */
export function writeUndo(storage: string, key: string, record: UndoRecord): void {
  mkdirSync(join(storage, 'undo'), { recursive: true, mode: 0o700 });
  writeWhole(placeOf(storage, key), JSON.stringify(record));
}

export function readUndo(storage: string, key: string): UndoRecord | undefined {
  try {
    return JSON.parse(readFileSync(placeOf(storage, key), 'utf8')) as UndoRecord;
  } catch {
    return undefined;
  }
}

export function forgetUndo(storage: string, key: string): void {
  rmSync(placeOf(storage, key), { force: true });
}

function placeOf(storage: string, key: string): string {
  return join(storage, 'undo', `${key}.json`);
}
