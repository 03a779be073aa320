import type { Dialect } from './csvCells.ts';
import { splitCells } from './csvCells.ts';
import { LINE_FEED, LineEnds, QuotedRecordEnds, RETURN } from './recordEnds.ts';
import type { RecordEnds } from './recordEnds.ts';

export interface TableForm extends Dialect {
  /** The byte that ends a line: of old Macs, a carriage return. */
  readonly end: number;
  /** Whether the first record names the columns. */
  readonly hasHeader: boolean;
  readonly names: readonly string[];
}

const DELIMITERS = [',', '\t', ';', '|'] as const;
const SAMPLE = 50;
const MEDIUM = /[\w)]\.(?:wav|mp3|flac|ogg|opus|m4a|jpe?g|png|webp|gif|tiff?|bmp|mp4|mkv|webm|avi|mov|npy|txt|json)$/i;

/** How a table of text is to be read, by its first bytes. `name` decides where the bytes leave it open. */
export function tableForm(head: Buffer, isWhole: boolean, name: string): TableForm {
  const end = head.includes(LINE_FEED) || !head.includes(RETURN) ? LINE_FEED : RETURN;
  const byName = /\.tsv(?:\.gz)?$/i.test(name) ? '\t' : undefined;
  let best: { readonly dialect: Dialect; readonly records: readonly (readonly string[])[]; readonly score: number } | undefined;
  for (const delimiter of DELIMITERS) {
    for (const quotes of [true, false]) {
      const dialect = { delimiter, quotes };
      const records = firstRecords(head, isWhole, dialect, end);
      const score = scoreOf(records) + (delimiter === byName ? 0.5 : 0) + (quotes ? 0.01 : 0);
      if (best === undefined || score > best.score) {
        best = { dialect, records, score };
      }
    }
  }
  const { dialect, records } = best ?? { dialect: { delimiter: ',', quotes: true }, records: [] };
  const [first = []] = records;
  const hasHeader = isHeader(first, records.slice(1));
  const width = Math.max(0, ...records.map((record) => record.length));
  const names = unique(Array.from({ length: hasHeader ? first.length : width }, (_, index) => (hasHeader ? (first[index] ?? '').trim() : '') || `column ${index + 1}`));
  return { ...dialect, end, hasHeader, names };
}

/** The records of the bytes that are there; the last one is left out where it may go on. */
function firstRecords(head: Buffer, isWhole: boolean, dialect: Dialect, end: number): string[][] {
  const boundaries = recordEndsOf(dialect, end);
  const records: string[][] = [];
  for (let at = 0; at < head.length && records.length < SAMPLE; ) {
    const found = boundaries.find(head, at, head.length, boundaries.start, 1);
    if (found < 0 && !(isWhole || records.length === 0)) {
      break;
    }
    const record = cut(head.toString('utf8', at, found < 0 ? head.length : found));
    if (record !== '') {
      records.push(splitCells(record, dialect));
    }
    at = found < 0 ? head.length : found + 1;
  }
  return records;
}

export function recordEndsOf({ delimiter, quotes }: Dialect, end: number): RecordEnds {
  return quotes ? new QuotedRecordEnds(delimiter.charCodeAt(0), end) : new LineEnds(end);
}

/** A record without the carriage return before its line feed. */
export function cut(record: string): string {
  return record.endsWith('\r') ? record.slice(0, -1) : record;
}

/** The share of records as wide as the most of them; below one for a single column. */
function scoreOf(records: readonly (readonly string[])[]): number {
  if (records.length === 0) {
    return 0;
  }
  const widths = new Map<number, number>();
  for (const { length } of records) {
    widths.set(length, (widths.get(length) ?? 0) + 1);
  }
  const [width, count] = [...widths].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const many = records.length > 1 ? 1 : 0.9;
  return width === 1 ? 0.2 : (count / records.length) * many + Math.min(width, 50) / 1000;
}

function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const names = first.map((cell) => cell.trim());
  const plain = names.every((name) => name.length <= 64 && !/^[-+]?[\d.]+(?:e[-+]?\d+)?$/i.test(name) && !MEDIUM.test(name) && !/^https?:/.test(name));
  if (!plain || names.filter((name) => name === '').length > 1 || new Set(names).size < names.length) {
    return false;
  }
  if (rest.length === 0 || names.every((name) => /^[\p{L}_][\w .:/()[\]%-]*$/u.test(name) && name.split(' ').length <= 4)) {
    // A number first, and a text in every other cell, is a row.
    return !names.every((name) => /^[\w-]*\d{3,}[\w-]*$/.test(name));
  }
  return false;
}

function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
