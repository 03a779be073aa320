import { known } from '../../base/absent.ts';
import type { ProcessRow } from './protocol.ts';

export const PROCESS_COLUMNS = ['pid', 'user', 'command', 'gpus', 'vram', 'gpu', 'cpu', 'memory', 'read', 'written', 'started'] as const;
export type ProcessColumn = (typeof PROCESS_COLUMNS)[number];

export interface Sorting {
  readonly column: ProcessColumn;
  readonly descending: boolean;
}

/** Most memory of GPUs first, then most CPU. */
export const DEFAULT_SORTING: Sorting = { column: 'vram', descending: true };

const WORDS: ReadonlySet<ProcessColumn> = new Set(['user', 'command', 'gpus']);

/** What a click on a column's head leads to: its natural order, the reverse, the default. */
export function nextSorting(now: Sorting, column: ProcessColumn): Sorting {
  const first = { column, descending: !WORDS.has(column) && column !== 'pid' };
  if (now.column !== column) {
    return first;
  }
  return now.descending === first.descending ? { column, descending: !first.descending } : DEFAULT_SORTING;
}

/** What is not known, or does not apply, stands at the end either way. */
export function sortProcesses(rows: readonly ProcessRow[], { column, descending }: Sorting): readonly ProcessRow[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row, column) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined) || tie(a.row, b.row);
      }
      return sign * compare(a.value, b.value) || tie(a.row, b.row);
    })
    .map(({ row }) => row);
}

/** The rows of `order` in that order, then those that are new: while somebody points at a table nothing moves in it. */
export function inHeldOrder(rows: readonly ProcessRow[], order: readonly string[]): readonly ProcessRow[] {
  const places = new Map(order.map((key, index) => [key, index]));
  return [...rows].sort((a, b) => (places.get(a.key) ?? order.length) - (places.get(b.key) ?? order.length));
}

/** Every word is found in the user, the command, the number or `gpu 4`. */
export function filterProcesses(rows: readonly ProcessRow[], text: string, mineOnly: boolean): readonly ProcessRow[] {
  const words = text.toLowerCase().replace(/\bgpu\s+(?=\d)/g, 'gpu').split(/\s+/).filter((word) => word !== '');
  return rows.filter((row) => (!mineOnly || row.owner === 'workspace' || row.owner === 'mine') && words.every((word) => matches(row, word)));
}

function matches({ user, command, note, pid, gpus }: ProcessRow, word: string): boolean {
  const number = /^gpu(\d+)$/.exec(word)?.[1];
  return number === undefined ? `${user}\n${command}\n${note}\n${pid}`.toLowerCase().includes(word) : listed(gpus, Number(number));
}

/** `0–3, 6` lists 2. */
function listed(gpus: string, number: number): boolean {
  return gpus.split(', ').some((part) => {
    const [from = NaN, to = from] = (part.split(' ')[0] ?? '').split('–').map(Number);
    return number >= from && number <= to;
  });
}

function valueOf(row: ProcessRow, column: ProcessColumn): number | string | undefined {
  switch (column) {
    case 'pid':
      return row.pid;
    case 'user':
      return row.user;
    case 'command':
      return row.command;
    case 'gpus':
      return row.gpus === '' ? undefined : row.gpus;
    case 'started':
      // The column shows how long: the longest first.
      return row.started === null ? undefined : -row.started;
    case 'vram':
    case 'gpu':
    case 'cpu':
    case 'memory':
    case 'read':
    case 'written':
      return row[column] === null ? undefined : known(row[column]);
  }
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b), 'en', { numeric: true }) : a - b;
}

function tie(a: ProcessRow, b: ProcessRow): number {
  return (known(b.cpu) ?? -1) - (known(a.cpu) ?? -1) || a.pid - b.pid;
}
