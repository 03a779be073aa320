import { createReadStream, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Container } from './media.ts';
import { MediaError } from './mediaError.ts';
import { probe } from './probe.ts';
import type { TextLine } from './textLines.ts';
import { readTextLines } from './textLines.ts';

/** One row of a manifest, counted from 1, a header not counted: the absolute path it names, or why it names none. */
export type ManifestRow = NamingRow | { readonly row: number; readonly problem: string };

export interface NamingRow {
  readonly row: number;
  readonly path: string;
  /** All that the row holds, by column; cells of tables are texts. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The column that names the file. */
  readonly key: string;
}

/** Whether a file may name others in rows. One row alone looks like any JSON or text: there the name decides. */
export function isManifest(container: Container, name: string): boolean {
  return container === 'jsonl' || container === 'csv' || container === 'tsv' || (['json', 'plaintext'].includes(container) && /\.(?:jsonl|ndjson|csv|tsv)$/i.test(name));
}

/** Columns that name the file, the likelier first. */
const COLUMNS = [
  'audio_filepath', 'audio_path', 'audio_file', 'audio', 'wav', 'wav_path', 'video_path', 'video_file', 'video', 'image_path', 'image_file',
  'image', 'img_path', 'img', 'path', 'filepath', 'file_path', 'file', 'filename', 'file_name', 'media', 'source',
];
/** Rows that are looked at to choose a column. */
const SAMPLE = 10;

type Row =
  | { readonly row: number; readonly cells: ReadonlyMap<string, string>; readonly values: Readonly<Record<string, unknown>> }
  | { readonly row: number; readonly problem: string };

/**
 * The files that a JSONL, CSV or TSV manifest names, in order, relative to its own folder. The column is known by
 * its name, or else is the first whose first values are files that exist, unless `key` says which it is. Rejects with a `MediaError` where the
 * manifest itself cannot be read.
 */
export async function* readManifest(file: string, signal?: AbortSignal, key?: string): AsyncGenerator<ManifestRow> {
  const folder = dirname(resolve(file));
  const { container } = await probe(file);
  const isJson = container === 'jsonl' || container === 'json' || /\.(?:jsonl|ndjson)$/i.test(file);
  const rows = isJson ? readJsonRows(file, signal) : readTableRows(file, folder, signal);
  const held: Row[] = [];
  let column = key;
  try {
    for await (const row of rows) {
      if (column === undefined) {
        held.push(row);
        column = held.length < SAMPLE ? columnByName(held) : columnOf(held, folder);
        if (column === undefined && held.length < SAMPLE) {
          continue;
        }
        yield* held.splice(0).map((early) => pathOf(early, column, folder));
      } else {
        yield pathOf(row, column, folder);
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw MediaError.from(error, file);
  }
  column ??= columnOf(held, folder);
  yield* held.map((row) => pathOf(row, column, folder));
}

function columnByName(rows: readonly Row[]): string | undefined {
  const names = new Set(rows.flatMap((row) => ('cells' in row ? [...row.cells.keys()] : [])));
  const byLowerCase = new Map([...names].map((name) => [name.trim().toLowerCase(), name]));
  return COLUMNS.map((column) => byLowerCase.get(column)).find((name) => name !== undefined);
}

function columnOf(rows: readonly Row[], folder: string): string | undefined {
  const named = columnByName(rows);
  if (named !== undefined) {
    return named;
  }
  const cells = rows.flatMap((row) => ('cells' in row ? [row.cells] : []));
  const names = [...new Set(cells.flatMap((row) => [...row.keys()]))];
  return names.find((name) => {
    const values = cells.map((row) => row.get(name) ?? '').filter((value) => value !== '');
    const existing = values.filter((value) => isExisting(folder, value)).length;
    return existing > 0 && existing * 2 >= values.length;
  });
}

function isExisting(folder: string, value: string): boolean {
  return value.length < 4096 && !value.includes('\0') && existsSync(resolve(folder, value));
}

function pathOf(row: Row, column: string | undefined, folder: string): ManifestRow {
  if ('problem' in row) {
    return row;
  }
  const value = column === undefined ? undefined : row.cells.get(column);
  if (value === undefined || value === '') {
    const problem = column === undefined ? 'no column names a file' : `the column ${JSON.stringify(column)} is empty`;
    return { row: row.row, problem };
  }
  const [scheme] = /^[a-z][a-z\d+.-]*:\/\//i.exec(value) ?? [];
  if (scheme !== undefined && scheme.toLowerCase() !== 'file://') {
    return { row: row.row, problem: `${JSON.stringify(value)} is an address and not a file` };
  }
  try {
    const path = scheme === undefined ? resolve(folder, value) : fileURLToPath(value);
    return { row: row.row, path, values: row.values, key: column ?? '' };
  } catch {
    return { row: row.row, problem: `${JSON.stringify(value)} is no path` };
  }
}

async function* readJsonRows(file: string, signal?: AbortSignal): AsyncGenerator<Row> {
  let row = 0;
  for await (const line of readTextLines(file, signal)) {
    if ('text' in line && line.text.trim() === '') {
      continue;
    }
    row++;
    yield jsonRow(row, line);
  }
}

function jsonRow(row: number, line: TextLine): Row {
  if ('problem' in line) {
    return { row, problem: line.problem };
  }
  try {
    const value: unknown = JSON.parse(line.text);
    return { row, cells: new Map(cellsOf(value)), values: valuesOf(value) };
  } catch {
    return { row, problem: 'the row is not JSON' };
  }
}

function valuesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : { path: value };
}

/** The texts of a row; of a nested object (Hugging Face's `audio: { path }`) its path. */
function cellsOf(value: unknown): [string, string][] {
  if (typeof value === 'string') {
    return [['path', value]];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value as Record<string, unknown>).flatMap(([name, cell]): [string, string][] => {
    const text: unknown = typeof cell === 'object' && cell !== null && 'path' in cell ? cell.path : cell;
    return typeof text === 'string' ? [[name, text]] : [];
  });
}

async function* readTableRows(file: string, folder: string, signal?: AbortSignal): AsyncGenerator<Row> {
  const { parse } = await import('csv-parse');
  const head = await firstLine(file, signal);
  const delimiter = head.includes('\t') ? '\t' : ',';
  const parser = parse({ bom: true, delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: 1_000_000 });
  const stream = createReadStream(file, { ...(signal && { signal }) });
  stream.on('error', (error) => parser.destroy(error));
  let names: readonly string[] | undefined;
  let row = 0;
  try {
    for await (const record of stream.pipe(parser) as AsyncIterable<string[]>) {
      if (names === undefined) {
        const isData = !hasKnownName(record) && record.some((cell) => isExisting(folder, cell) && cell !== '');
        names = isData ? record.map((_, column) => `column ${column + 1}`) : record;
        if (!isData) {
          continue;
        }
      }
      row++;
      const cells = record.map((cell, column) => [names?.[column] ?? `column ${column + 1}`, cell] as const);
      yield { row, cells: new Map(cells), values: Object.fromEntries(cells) };
    }
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string' && !(error as NodeJS.ErrnoException).code?.startsWith('CSV_')) {
      throw error;
    }
    yield { row: row + 1, problem: `the table cannot be read from here on: ${(error as Error).message}` };
  } finally {
    stream.destroy();
  }
}

function hasKnownName(record: readonly string[]): boolean {
  return record.some((cell) => COLUMNS.includes(cell.trim().toLowerCase()));
}

async function firstLine(file: string, signal?: AbortSignal): Promise<string> {
  for await (const line of readTextLines(file, signal)) {
    return 'text' in line ? line.text : '';
  }
  return '';
}
