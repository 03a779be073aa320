import type { MediaPlace } from '../place.ts';
import { splitCells } from './csvCells.ts';
import type { TableForm } from './csvDialect.ts';
import { cut, recordEndsOf, tableForm } from './csvDialect.ts';
import { ElementIndex } from './elementIndex.ts';
import { IndexedRows } from './indexedRows.ts';
import type { TextForm } from './indexedRows.ts';
import { parseJson } from './jsonValue.ts';
import { LINE_FEED, LineEnds } from './recordEnds.ts';
import { RecordIndex } from './recordIndex.ts';
import type { RowBytes } from './rowBytes.ts';
import { openRowBytes } from './rowBytes.ts';
import type { RowFile, RowForm } from './rowFile.ts';
import { MAX_ROW } from './rowFile.ts';
import { RowsError } from './rowsError.ts';

export interface OpenRowsOptions {
  readonly signal?: AbortSignal | undefined;
  /** The bytes of the place, where they are open already; ended with the rows. */
  readonly bytes?: RowBytes;
}

const HEAD = 262_144;

/**
 * Opens JSON lines, a JSON document, CSV, TSV or Parquet, told by content first and name second, in a file or inside of an
 * archive, packed with gzip or not. Rejects with a `RowsError`.
 */
export async function openRows(where: MediaPlace | string, { signal, bytes: opened }: OpenRowsOptions = {}): Promise<RowFile> {
  const place = typeof where === 'string' ? { file: where } : where;
  const shown = place.member === undefined ? place.file : `${place.file}!/${place.member}`;
  const bytes = opened ?? (await openBytes(place, signal));
  try {
    signal?.throwIfAborted();
    if (bytes.read(0, 4).toString('latin1') === 'PAR1') {
      const { openParquetRows } = await import('./parquetRows.ts');
      return await openParquetRows(shown, bytes);
    }
    const rows = new IndexedRows(shown, bytes, () => textForm(bytes, shown));
    rows.start();
    return rows;
  } catch (error) {
    bytes.dispose();
    throw RowsError.from(error, shown);
  }
}

async function openBytes(place: MediaPlace, signal: AbortSignal | undefined): Promise<RowBytes> {
  if (place.member !== undefined) {
    const [{ openPlace }, { rowBytesOf }] = await Promise.all([import('../archives/openPlace.ts'), import('./rowBytes.ts')]);
    const opened = await openPlace(place, { signal });
    return rowBytesOf(opened.source, () => opened.dispose());
  }
  const bytes = openRowBytes(place.file);
  const magic = bytes.read(0, 2);
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) {
    return bytes;
  }
  const { openUnpacked } = await import('./unpackedBytes.ts');
  return openUnpacked(place.file, bytes, signal);
}

function textForm(bytes: RowBytes, name: string): TextForm {
  const head = bytes.read(0, HEAD);
  const origin = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const facts = origin > 0 ? ['byte order mark'] : [];
  if (head[0] === 0xff && head[1] === 0xfe) {
    throw new RowsError('unsupported', `${name} is UTF-16, which is not read by rows: save it as UTF-8.`);
  }
  const text = head.subarray(origin);
  const first = text.find((byte) => byte > 0x20);
  const isNamedTable = /\.(?:csv|tsv)(?:\.gz)?$/i.test(name);
  if (!isNamedTable && first === 0x5b && !isArrayPerLine(text)) {
    return jsonForm('json', new ElementIndex(bytes, origin + text.findIndex((byte) => byte > 0x20), true), false, facts);
  }
  if (!isNamedTable && first === 0x7b && !isObjectPerLine(text) && !/\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(name)) {
    return jsonForm('json', new ElementIndex(bytes, origin, false), false, facts);
  }
  if (!isNamedTable && (first === 0x7b || first === 0x5b || /\.(?:jsonl|ndjson|json)(?:\.gz)?$/i.test(name))) {
    return jsonForm('jsonl', new RecordIndex(bytes, new LineEnds(), origin), true, facts);
  }
  // A header of very many columns is longer than the head.
  const enough = text.includes(LINE_FEED) ? text : bytes.read(origin, MAX_ROW);
  return csvForm(bytes, tableForm(enough, origin + enough.length >= bytes.size, name), origin, facts);
}

function firstLine(text: Buffer): string | undefined {
  const start = text.findIndex((byte) => byte > 0x20);
  const end = text.indexOf(LINE_FEED, start);
  return end < 0 ? undefined : text.toString('utf8', start, end);
}

function isObjectPerLine(text: Buffer): boolean {
  const line = firstLine(text);
  return line !== undefined && isJson(line);
}

/** A list in each line, as some logs have it, rather than one list over all of them. */
function isArrayPerLine(text: Buffer): boolean {
  const line = firstLine(text);
  const end = text.indexOf(LINE_FEED);
  return line !== undefined && isJson(line) && text.subarray(end).some((byte) => byte > 0x20);
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function jsonForm(form: RowForm, index: TextForm['index'], byLine: boolean, facts: readonly string[]): TextForm {
  return {
    form,
    index,
    header: 0,
    byLine,
    facts,
    parse(bytes) {
      const { value, problem } = parseJson(bytes);
      const values = value === undefined ? undefined : isRecord(value) ? value : { value };
      return { ...(values && { values }), ...(problem && { problem }) };
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function csvForm(bytes: RowBytes, table: TableForm, origin: number, facts: readonly string[]): TextForm {
  const { delimiter, names, quotes, hasHeader, end } = table;
  const words = { '\t': 'tab', ',': 'comma', ';': 'semicolon', '|': 'bar' }[delimiter] ?? delimiter;
  return {
    form: delimiter === '\t' ? 'tsv' : 'csv',
    index: new RecordIndex(bytes, recordEndsOf(table, end), origin),
    header: hasHeader ? 1 : 0,
    names,
    byLine: !quotes,
    facts: [...facts, `${words} between cells`, ...(quotes ? [] : ['quotes are characters']), ...(hasHeader ? [] : ['no header'])],
    parse(record, range) {
      const text = cut(record.toString('utf8'));
      if (text === '' && names.length > 1) {
        return { problem: { message: 'The line is blank.' } };
      }
      const cells = splitCells(text, table);
      // Without a prototype: a column may be called `__proto__`.
      const values = Object.create(null) as Record<string, unknown>;
      for (let at = 0; at < cells.length; at++) {
        values[names[at] ?? `column ${at + 1}`] = cells[at];
      }
      const message = cells.length === names.length ? openQuote(text, quotes, range.end >= bytes.size) : `${cells.length} cells; ${hasHeader ? 'the header names' : 'the first rows have'} ${names.length}.`;
      return { values, ...(message !== undefined && { problem: { message } }) };
    },
  };
}

/** A quote that is not closed takes everything to the end of the file for one cell. */
function openQuote(text: string, quotes: boolean, isLast: boolean): string | undefined {
  return quotes && isLast && text.length > 1000 && (text.split('"').length - 1) % 2 === 1 ? 'A quote is opened that is not closed before the end of the file.' : undefined;
}
