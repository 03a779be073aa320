import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { absent } from '../../base/absent.ts';
import { Emitter } from '../../base/emitter.ts';
import { cellMember } from './cellMember.ts';
import { ParquetFile } from './parquetFile.ts';
import type { RowBytes } from './rowBytes.ts';
import { MAX_COLUMNS, MAX_ROWS_BYTES, UnreadBytes } from './rowFile.ts';
import type { FileChange, IndexProgress, Row, RowColumn, RowCount, RowFile, RowMatch, RowsOptions, SearchOptions } from './rowFile.ts';
import { RowsError } from './rowsError.ts';

const SEARCHED_AT_ONCE = 500;
const MAX_AT_ONCE = 1000;

export async function openParquetRows(file: string, bytes: RowBytes): Promise<RowFile> {
  return new ParquetRows(file, bytes, await ParquetFile.open(bytes, file));
}

class ParquetRows implements RowFile {
  readonly form = 'parquet';
  readonly problem = undefined;
  private readonly told = new Emitter<IndexProgress>();
  readonly onProgress = this.told.event;

  constructor(
    readonly file: string,
    private readonly bytes: RowBytes,
    private parquet: ParquetFile,
  ) {}

  get size(): number {
    return this.bytes.size;
  }

  get columns(): readonly RowColumn[] {
    return this.parquet.columns.slice(0, MAX_COLUMNS).map(({ name, type }) => ({ name, type }));
  }

  get count(): RowCount {
    return { known: this.parquet.rows, total: this.parquet.rows };
  }

  get facts(): readonly string[] {
    const { metadata } = this.parquet;
    const codecs = new Set(metadata.row_groups[0]?.columns.map(({ meta_data }) => meta_data?.codec.toLowerCase() ?? ''));
    const writer = metadata.created_by?.slice(0, 100);
    return [`${metadata.row_groups.length} row groups`, ...[...codecs].filter((codec) => codec !== ''), ...(writer ? [`written by ${writer}`] : [])];
  }

  get progress(): IndexProgress {
    return { done: this.size, size: this.size, complete: true };
  }

  async rows(from: number, count: number, { signal, columns }: RowsOptions = {}): Promise<readonly Row[]> {
    signal?.throwIfAborted();
    const start = Math.max(0, from);
    const end = Math.min(this.parquet.rows, from + Math.min(count, MAX_AT_ONCE));
    if (!(start < end)) {
      return [];
    }
    const wanted = columns === undefined ? this.parquet.columns : this.parquet.columns.filter(({ name }) => columns.includes(name));
    try {
      return await this.read(wanted, start, end);
    } catch (error) {
      signal?.throwIfAborted();
      return this.oneByOne(wanted, start, end, error as Error);
    }
  }

  async raw(index: number, most: number): Promise<{ readonly bytes: Buffer; readonly length: number }> {
    const [row] = await this.rows(index, 1);
    if (row === undefined) {
      throw new RowsError('gone', `${this.file} has no row ${index + 1}.`);
    }
    const bytes = Buffer.from(JSON.stringify(row.values, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value), 2) ?? '');
    return { bytes: bytes.subarray(0, most), length: bytes.length };
  }

  async find({ text, from, backwards = false, matchCase = false, signal, onProgress }: SearchOptions): Promise<RowMatch | undefined> {
    const fold = (words: string) => (matchCase ? words : words.toLowerCase());
    const needle = fold(text);
    const columns = this.parquet.columns.filter(({ type }) => ['string', 'struct', 'list', 'map', 'json', 'enum', 'bytes'].includes(type) || /^-?[\d.]+$/.test(text)).map(({ name }) => name);
    if (needle === '' || columns.length === 0) {
      return undefined;
    }
    for (let at = backwards ? from + 1 : from; backwards ? at > 0 : at < this.parquet.rows; ) {
      signal?.throwIfAborted();
      const start = backwards ? Math.max(0, at - SEARCHED_AT_ONCE) : at;
      const rows = await this.rows(start, (backwards ? at : at + SEARCHED_AT_ONCE) - start, { signal, columns });
      const holds = ({ values }: Row) => values !== undefined && fold(JSON.stringify(values) ?? '').includes(needle);
      const found = backwards ? rows.findLast(holds) : rows.find(holds);
      if (found) {
        return { row: found.index };
      }
      if (rows.length === 0) {
        return undefined;
      }
      at = backwards ? start : start + rows.length;
      onProgress?.(at);
      await setImmediate();
    }
    return undefined;
  }

  async refresh(): Promise<FileChange> {
    const change = this.bytes.refresh();
    if (change === 'same' || change === 'gone') {
      return change;
    }
    this.parquet = await ParquetFile.open(this.bytes, this.file);
    this.told.fire(this.progress);
    return 'replaced';
  }

  indexed(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    this.told.dispose();
    this.bytes.dispose();
  }

  private async read(wanted: ParquetFile['columns'], start: number, end: number): Promise<readonly Row[]> {
    const names = wanted.filter(({ hasRest }) => hasRest).map(({ name }) => name);
    const { rows, left } = await this.parquet.read(names, start, end);
    let bytes = 0;
    const most = rows.findIndex((row) => (bytes += weightOf(row)) > MAX_ROWS_BYTES);
    return rows.slice(0, most < 1 ? rows.length : most).map((read, nth) => {
      const index = start + nth;
      const values = Object.create(null) as Record<string, unknown>;
      for (const column of wanted) {
        const { name, heavy } = column;
        const reason = left.get(name);
        values[name] = reason === undefined ? plain(read[name]) : absent(reason);
        if (heavy !== undefined && reason === undefined) {
          const rest = values[name] as Record<string, unknown> | null | undefined;
          const path: unknown = rest?.['path'];
          const unread = this.parquet.isNull(column, index) ? null : new UnreadBytes(absent('read when it is shown'), cellMember(name, index, typeof path === 'string' ? path : undefined));
          values[name] = heavy.length === 1 ? unread : rest === null ? null : { bytes: unread, ...rest };
        }
      }
      return { index, values };
    });
  }

  /** Where a page is broken, the rows of others are read still. */
  private async oneByOne(wanted: ParquetFile['columns'], start: number, end: number, error: Error): Promise<readonly Row[]> {
    if (end - start > 1) {
      const middle = start + Math.floor((end - start) / 2);
      if (end - start <= 64) {
        return Array.from({ length: end - start }, (_, nth) => ({ index: start + nth, problem: { message: `The row cannot be decoded: ${error.message}` } }));
      }
      return [...(await this.rowsOf(wanted, start, middle)), ...(await this.rowsOf(wanted, middle, end))];
    }
    return [{ index: start, problem: { message: `The row cannot be decoded: ${error.message}` } }];
  }

  private async rowsOf(wanted: ParquetFile['columns'], start: number, end: number): Promise<readonly Row[]> {
    try {
      return await this.read(wanted, start, end);
    } catch (error) {
      return this.oneByOne(wanted, start, end, error as Error);
    }
  }
}

function weightOf(value: unknown): number {
  if (typeof value === 'string') {
    return value.length;
  }
  if (ArrayBuffer.isView(value)) {
    return value.byteLength;
  }
  if (Array.isArray(value)) {
    return value.length * 16;
  }
  return typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, inner) => sum + weightOf(inner), 0) : 8;
}

/** As JSON would have it: whole numbers where they fit, bytes that are text as text, times as they are written. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (value === undefined) {
    return null;
  }
  if (value instanceof Uint8Array) {
    return isUtf8(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8') : value;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>, plain);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? null : value.toISOString();
  }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)])) : value;
}
