import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BytePath } from '../../base/bytePath.ts';
import { writeWhole } from '../snapshots/writeWhole.ts';
import type { SyncOutcome } from '../run.ts';
import type { Direction } from '../target.ts';

/** What one sync did. */
export interface SyncRecord {
  /** Of the pair of folders. */
  readonly key: string;
  readonly target: string;
  readonly box: string;
  readonly direction: Direction;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: Omit<SyncOutcome, 'left'>;
  /** How many were left, and the first of them with their reasons. */
  readonly leftCount: number;
  readonly left: SyncOutcome['left'];
  /** The first names of each kind. */
  readonly created: readonly BytePath[];
  readonly updated: readonly BytePath[];
  readonly deleted: readonly BytePath[];
  /** Bytes a second, where it took long enough to tell. */
  readonly rate?: number;
  /** It put another one back. */
  readonly undo?: boolean;
}

export interface SyncHistory {
  /** The newest first. */
  list(most?: number): readonly SyncRecord[];
  add(record: SyncRecord): void;
  /** What the link to a box carried in the last sync that tells, in bytes a second. */
  rateOf(box: string): number | undefined;
  /** When a pair of folders was last brought in step, with nothing left; milliseconds since the epoch. */
  lastSuccess(key: string): number | undefined;
}

/** Names of each kind that a record keeps. */
export const KEPT_NAMES = 50;
/** Bytes from which the file is made anew with the newest half of its records. */
const LARGEST = 2 * 1024 * 1024;

/** One line of JSON each in `history.jsonl`; a line that is cut or damaged is none. Several windows may add at once. */
export function createHistory(storage: string): SyncHistory {
  const file = join(storage, 'history.jsonl');

  function read(): readonly SyncRecord[] {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return [];
    }
    return text.split('\n').flatMap((line) => parse(line) ?? []);
  }

  return {
    list: (most = 100) => read().slice(-most).toReversed(),
    add(record) {
      mkdirSync(storage, { recursive: true, mode: 0o700 });
      appendFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
      if (statSync(file).size > LARGEST) {
        const records = read();
        writeWhole(file, records.slice(Math.floor(records.length / 2)).map((one) => `${JSON.stringify(one)}\n`).join(''));
      }
    },
    rateOf: (box) => read().findLast((record) => record.box === box && record.rate !== undefined)?.rate,
    lastSuccess: (key) => read().findLast((record) => record.key === key && record.outcome.state === 'done')?.at,
  };
}

function parse(line: string): SyncRecord | undefined {
  try {
    const value = JSON.parse(line) as Partial<SyncRecord>;
    return typeof value.key === 'string' && typeof value.at === 'number' && typeof value.outcome === 'object' ? (value as SyncRecord) : undefined;
  } catch {
    return undefined;
  }
}
