import { isUtf8 } from 'node:buffer';
import { DatasetError } from '../../datasetError.ts';
import { createBreather } from '../../../base/breather.ts';
import type { JsonElements } from './jsonElements.ts';
import { indexJsonArrays } from './jsonElements.ts';
import { LineIndex } from './lineIndex.ts';
import type { OpenBytes } from './openBytes.ts';
import { openBytes } from './openBytes.ts';
import { splitRecord } from './record.ts';

export type RowValue = Readonly<Record<string, unknown>>;

/** One row of a manifest, counted from 1, a header not counted: its values by name, or why there are none. */
export interface Row {
  readonly row: number;
  /** The line that it begins in, counted from 1: of text alone, and of rows that are read from the first one on. */
  readonly line?: number;
  readonly value?: RowValue;
  readonly problem?: string;
}

/** What of a table's form is worth telling. */
export interface RowsForm {
  readonly form: 'jsonl' | 'json' | 'table' | 'parquet';
  /** Names of columns, where the file itself has a header. */
  readonly header?: readonly string[];
  readonly bom?: boolean;
  readonly mixedLineEnds?: boolean;
  /** What keeps the file from being read to its end. */
  readonly problem?: string;
}

/** The rows of one manifest, in order and at random, of which never more than a screenful is in memory. */
export interface Rows extends RowsForm {
  readonly file: string;
  readonly count: number;
  at(index: number): Promise<Row | undefined>;
  read(from: number, signal?: AbortSignal): AsyncIterable<Row>;
  close(): void;
}

export interface RowsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Between the cells of a text table; told by the first line where left out. */
  readonly delimiter?: string;
  /** Whether cells may be quoted; they may where left out. */
  readonly quotes?: boolean;
  /** Names of the columns of a table without a header. */
  readonly names?: readonly string[];
  /** The key under which a JSON document has its rows. */
  readonly key?: string;
}

/** Opens JSON lines, a JSON array, a text table or Parquet, by name and content. Rejects with a `DatasetError`. */
export async function openRows(file: string, options: RowsOptions = {}): Promise<Rows> {
  const bytes = await openBytes(file, options.signal);
  try {
    const head = Buffer.from(bytes.source.read(0, 4096));
    if (head.toString('latin1', 0, 4) === 'PAR1') {
      const { openParquetRows } = await import('./parquetRows.ts');
      bytes.close();
      return await openParquetRows(file, options.signal);
    }
    const text = head.toString('utf8').replace(/^\ufeff/, '').trimStart();
    if (options.names === undefined && options.delimiter === undefined) {
      if (text.startsWith('[') || (text.startsWith('{') && options.key !== undefined)) {
        return await openJsonRows(file, bytes, options);
      }
      if (text.startsWith('{') || /\.(?:jsonl|ndjson|json)(?:\.gz)?$/i.test(file)) {
        return await openLines(file, bytes, options);
      }
    }
    return await openTable(file, bytes, options);
  } catch (error) {
    bytes.close();
    options.signal?.throwIfAborted();
    throw error instanceof DatasetError ? error : new DatasetError('malformed', `${file} cannot be read by rows: ${(error as Error).message}`, { cause: error });
  }
}

async function openJsonRows(file: string, bytes: OpenBytes, { key = '', signal }: RowsOptions): Promise<Rows> {
  const { arrays, problem } = await indexJsonArrays(bytes.source, signal);
  const elements = arrays.get(key);
  return rowsOf(file, bytes, { form: 'json', ...(problem !== undefined && { problem }) }, elements?.count ?? 0, (index) => elementRow(elements, index));
}

function elementRow(elements: JsonElements | undefined, index: number): Row {
  try {
    return valueRow(index + 1, elements?.at(index));
  } catch (error) {
    return { row: index + 1, problem: `the element is not JSON: ${(error as Error).message}` };
  }
}

function valueRow(row: number, value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { row, value: value as RowValue }
    : { row, problem: `the row is ${Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`} and not an object` };
}

async function openLines(file: string, bytes: OpenBytes, { signal }: RowsOptions): Promise<Rows> {
  const lines = await LineIndex.build(bytes.source, { signal });
  const form: RowsForm = { form: 'jsonl', bom: hasBom(bytes), mixedLineEnds: lines.mixedEnds };
  return lineRows(file, bytes, form, lines, trimmedCount(lines), 0, (text, row) => {
    try {
      return valueRow(row, JSON.parse(text));
    } catch (error) {
      return { row, problem: `the row is not JSON: ${(error as Error).message}` };
    }
  });
}

async function openTable(file: string, bytes: OpenBytes, options: RowsOptions): Promise<Rows> {
  const quotes = options.quotes ?? true;
  const head = bytes.source.read(0, 65_536).toString('utf8');
  const first = head.slice(0, Math.max(head.indexOf('\n'), 0) || head.length);
  const delimiter = options.delimiter ?? (/\.tsv(?:\.gz)?$/i.test(file) || first.includes('\t') ? '\t' : first.includes(';') && !first.includes(',') ? ';' : ',');
  const lines = await LineIndex.build(bytes.source, { ...(quotes && { delimiter: delimiter.charCodeAt(0) }), signal: options.signal });
  const skip = options.names === undefined ? 1 : 0;
  const header = skip === 1 ? splitRecord(textOf(lines.at(0)?.bytes, true) ?? '', delimiter, quotes) : undefined;
  const names = options.names ?? header ?? [];
  const form: RowsForm = { form: 'table', bom: hasBom(bytes), mixedLineEnds: lines.mixedEnds, ...(header && { header }) };
  return lineRows(file, bytes, form, lines, Math.max(0, trimmedCount(lines) - skip), skip, (text, row) => {
    const cells = splitRecord(text, delimiter, quotes);
    const value = Object.fromEntries(cells.map((cell, column) => [names[column] ?? `column ${column + 1}`, cell]));
    return cells.length === names.length
      ? { row, value }
      : { row, value, problem: `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the header ${names.length}` };
  });
}

function lineRows(
  file: string,
  bytes: OpenBytes,
  form: RowsForm,
  lines: LineIndex,
  count: number,
  skip: number,
  parse: (text: string, row: number) => Row,
): Rows {
  const rowOf = (line: Buffer | undefined, index: number): Row => {
    const row = index + 1;
    const text = textOf(line, index + skip === 0);
    if (text === undefined) {
      return { row, problem: line === undefined ? 'the line is longer than 16 MiB' : 'the line is not UTF-8' };
    }
    return text.trim() === '' ? { row, problem: 'the line is empty' } : parse(text, row);
  };
  return {
    ...rowsOf(file, bytes, form, count, (index) => rowOf(lines.at(index + skip)?.bytes, index)),
    async *read(from, signal) {
      const breathe = createBreather(signal);
      // Cells with line ends make records of several lines: only who has counted them all knows where one begins.
      let number = from === 0 ? 1 : NaN;
      for (const { index, bytes: line } of lines.from(from === 0 ? 0 : from + skip)) {
        if (index - skip >= count) {
          return;
        }
        await breathe();
        if (index >= skip) {
          yield { ...rowOf(line, index - skip), ...(!Number.isNaN(number) && { line: number }) };
        }
        number = line === undefined ? NaN : number + 1 + lineEndsIn(line);
      }
    },
  };
}

function lineEndsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    count++;
  }
  return count;
}

/** Empty lines at the end are no rows. */
function trimmedCount(lines: LineIndex): number {
  let { count } = lines;
  while (count > 0 && lines.at(count - 1)?.bytes?.toString('latin1').trim() === '') {
    count--;
  }
  return count;
}

function hasBom({ source }: OpenBytes): boolean {
  return source.read(0, 3).toString('latin1') === '\xef\xbb\xbf';
}

function textOf(line: Buffer | undefined, isFirst: boolean): string | undefined {
  if (line === undefined || !isUtf8(line)) {
    return undefined;
  }
  const text = line.toString('utf8');
  return isFirst ? text.replace(/^\ufeff/, '') : text;
}

export function rowsOf(file: string, bytes: OpenBytes, form: RowsForm, count: number, rowAt: (index: number) => Row): Rows {
  return {
    ...form,
    file,
    count,
    at: async (index) => (Number.isInteger(index) && index >= 0 && index < count ? rowAt(index) : undefined),
    async *read(from, signal) {
      const breathe = createBreather(signal);
      for (let index = Math.max(0, from); index < count; index++) {
        await breathe();
        yield rowAt(index);
      }
    },
    close: () => bytes.close(),
  };
}
