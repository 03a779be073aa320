import { parse } from 'csv-parse/sync';
import type { SeriesThumbnail } from '../webview/gallery/thumbnail.ts';

/** Reads bytes of a file; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Buffer;

const HEAD = 64 * 1024;
/** Places of a long file at which some rows are read, and bytes at each. */
const PROBES = 96;
const PROBE = 2048;
const MOST_SERIES = 3;
const MOST_POINTS = 96;
/** Columns of a wide table that are looked at. */
const MOST_COLUMNS = 64;
const LEAST_ROWS = 8;
/** Columns that only count or tell the time. */
const NOT_MEASURED = /^(?:|#|index|id|row|frame|seq|sequence|n|t|time|timestamp|datetime|date|stamp|secs?|nsecs?|unix.*|.*_(?:id|index|time|timestamp))$/i;

type Cells = readonly (readonly string[])[];

/** Columns of numbers over the rows of a table of any size; undefined where there are none, as in a manifest. */
export function makeSeries(read: ReadAt, size: number, delimiter: ',' | '\t'): SeriesThumbnail | undefined {
  const head = cellsOf(read(0, HEAD), delimiter, size <= HEAD);
  const [names = [], ...rows] = isHeader(head[0] ?? []) ? head : [[], ...head];
  const columns = measuredColumns(rows, names);
  if (rows.length < LEAST_ROWS || columns.length === 0) {
    return undefined;
  }
  const sampled = size <= HEAD ? rows : sample(read, size, delimiter);
  const series = columns.slice(0, MOST_SERIES).map((column) => ({
    name: (names[column] ?? `column ${column + 1}`).slice(0, 24),
    values: scaled(thinned(sampled.map((row) => numberOf(row[column])))),
  }));
  return { drawn: 'series', series };
}

/** Whole rows at even distances. */
function sample(read: ReadAt, size: number, delimiter: ',' | '\t'): Cells {
  const rows: (readonly string[])[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const bytes = read(Math.floor(((size - PROBE) * probe) / (PROBES - 1)), PROBE);
    // Past the rest of a row, or past the header.
    const start = bytes.indexOf(0x0a) + 1;
    const end = bytes.indexOf(0x0a, start);
    const [row] = end > start ? cellsOf(bytes.subarray(start, end), delimiter, true) : [];
    if (row !== undefined) {
      rows.push(row);
    }
  }
  return rows;
}

function cellsOf(bytes: Buffer, delimiter: string, isWhole: boolean): Cells {
  const end = isWhole ? bytes.length : bytes.lastIndexOf(0x0a);
  try {
    return parse(bytes.subarray(0, Math.max(0, end)), { delimiter, bom: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true });
  } catch {
    return [];
  }
}

function isHeader(row: readonly string[]): boolean {
  return row.some((cell) => cell.trim() !== '') && row.every((cell) => Number.isNaN(Number(cell)) || cell.trim() === '');
}

/** Nearly every value is a number, and they differ. */
function measuredColumns(rows: Cells, names: readonly string[]): readonly number[] {
  const width = Math.min(MOST_COLUMNS, rows[0]?.length ?? 0);
  const numeric = Array.from({ length: width }, (_, column) => column).filter((column) => {
    const values = rows.map((row) => row[column]?.trim() ?? '').filter((cell) => cell !== '');
    const numbers = values.map(numberOf).filter((value) => value !== null);
    return numbers.length > 0 && numbers.length >= values.length * 0.9 && !NOT_MEASURED.test(names[column]?.trim() ?? 'x');
  });
  // A table of words with a number or two is no recording.
  return numeric.length * 2 >= width - 1 ? numeric : [];
}

function numberOf(cell: string | undefined): number | null {
  const text = cell?.trim() ?? '';
  const value = text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function thinned(values: readonly (number | null)[]): readonly (number | null)[] {
  const step = Math.max(1, values.length / MOST_POINTS);
  return Array.from({ length: Math.min(values.length, MOST_POINTS) }, (_, point) => values[Math.floor(point * step)] ?? null);
}

function scaled(values: readonly (number | null)[]): readonly (number | null)[] {
  const there = values.filter((value) => value !== null);
  const least = Math.min(...there);
  const range = Math.max(...there) - least;
  return values.map((value) => (value === null ? null : range === 0 ? 0.5 : Math.round(((value - least) / range) * 1000) / 1000));
}
