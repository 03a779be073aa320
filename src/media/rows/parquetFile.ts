import type { AsyncBuffer, ColumnChunk, Compressors, FileMetaData } from 'hyparquet';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { parquetCodecs } from './parquetCodecs.ts';
import { ParquetGuard } from './parquetGuard.ts';
import { encodeOffsetIndex, locatePages } from './parquetPages.ts';
import type { ParquetColumn } from './parquetSchema.ts';
import { columnsOf, isRepeated, project } from './parquetSchema.ts';
import { PARQUET_TIMES } from './parquetTimes.ts';
import type { RowBytes } from './rowBytes.ts';
import { RowsError } from './rowsError.ts';

/** Bytes of one column's part of a row group that are fetched at once for a screen of rows. */
const MAX_CHUNK = 128 * 1_048_576;
/** Smaller ones are read whole: looking for their pages would take as long. */
const SMALL_CHUNK = 1_048_576;
const MAX_FOOTER = 512 * 1_048_576;

/** Rows of a Parquet file, of which only the pages are read that they lie in. */
export class ParquetFile {
  readonly columns: readonly ParquetColumn[];
  private readonly buffer: AsyncBuffer;
  /** Page indexes that the file does not have, as if they lay behind its end. */
  private readonly extra: Uint8Array[] = [];
  private extraSize = 0;
  private readonly located = new Set<ColumnChunk>();
  /** Columns that cannot be read in part in a row group, and why. */
  private readonly blocked = new Map<ColumnChunk, string>();
  private readonly guard: ParquetGuard;

  private constructor(
    private readonly bytes: RowBytes,
    readonly metadata: FileMetaData,
    private readonly compressors: Compressors,
    file: string,
  ) {
    this.guard = new ParquetGuard(file, bytes, metadata, compressors);
    this.columns = columnsOf(metadata);
    this.buffer = { byteLength: bytes.size, slice: (start, end = bytes.size) => this.slice(start, end) };
  }

  static async open(bytes: RowBytes, file: string): Promise<ParquetFile> {
    try {
      checkFooter(bytes);
      const buffer: AsyncBuffer = { byteLength: bytes.size, slice: (start, end = bytes.size) => sliceOf(bytes, start, end) };
      const [metadata, compressors] = await Promise.all([parquetMetadataAsync(buffer), parquetCodecs()]);
      return new ParquetFile(bytes, metadata, compressors, file);
    } catch (error) {
      throw error instanceof RowsError ? error : new RowsError('malformed', `${file} is no whole Parquet file: ${(error as Error).message}`, { cause: error });
    }
  }

  get rows(): number {
    return Number(this.metadata.num_rows);
  }

  /** Values of rows by the names of columns, without those of heavy leaves; and why columns are left out. */
  async read(names: readonly string[], start: number, end: number): Promise<{ readonly rows: readonly Record<string, unknown>[]; readonly left: ReadonlyMap<string, string> }> {
    const heavy = new Set(this.columns.flatMap(({ heavy: path }) => (path ? [path.join('\0')] : [])));
    const wanted = new Set(names);
    const keep = (path: readonly string[]) => wanted.has(path[0] ?? '') && !heavy.has(path.join('\0'));
    const left = this.locate(keep, start, end);
    const metadata = project(this.metadata, (path) => keep(path) && !left.has(path[0] ?? ''));
    if (metadata.row_groups.every(({ columns }) => columns.length === 0)) {
      return { rows: Array.from({ length: end - start }, () => ({})), left };
    }
    return { rows: await this.decode(metadata, start, end), left };
  }

  /** Whether a heavy cell is known to be null, as all of its row group are: so tables name files whose bytes are not in them. */
  isNull({ heavy }: ParquetColumn, row: number): boolean {
    let start = 0;
    const group = this.metadata.row_groups.find(({ num_rows: rows }) => (start += Number(rows)) > row);
    const meta = group?.columns.find(({ meta_data: one }) => one?.path_in_schema.join('\0') === heavy?.join('\0'))?.meta_data;
    return meta?.statistics?.null_count !== undefined && meta.statistics.null_count === meta.num_values;
  }

  /** The bytes of one heavy cell; undefined where it is null. Rejects with a `RowsError`. */
  async cell(column: ParquetColumn, row: number): Promise<Uint8Array | undefined> {
    const { heavy } = column;
    if (heavy === undefined || !(row >= 0 && row < this.rows)) {
      throw new RowsError('gone', `There are no bytes of ${column.name} in row ${row + 1}.`);
    }
    const keep = (path: readonly string[]) => path.join('\0') === heavy.join('\0');
    const blocked = this.locate(keep, row, row + 1).get(column.name);
    if (blocked !== undefined) {
      throw new RowsError('tooLarge', `${column.name} of row ${row + 1} is not read: ${blocked}.`);
    }
    const [values] = await this.decode(project(this.metadata, keep), row, row + 1);
    let value: unknown = values;
    for (const name of heavy) {
      value = (value as Record<string, unknown> | null | undefined)?.[name];
    }
    return value instanceof Uint8Array ? value : undefined;
  }

  private decode(metadata: FileMetaData, start: number, end: number): Promise<Record<string, unknown>[]> {
    return parquetReadObjects({ file: this.buffer, metadata, compressors: this.compressors, rowStart: start, rowEnd: end, useOffsetIndex: true, utf8: false, parsers: PARQUET_TIMES });
  }

  /**
   * Sees to it that of every column that is read the pages are known, and are such that they can be decoded; tells the columns
   * whose are not known, and which are too large to be read whole. Throws a `RowsError` where a page is damaged.
   */
  private locate(keep: (path: readonly string[]) => boolean, start: number, end: number): Map<string, string> {
    const left = new Map<string, string>();
    let groupStart = 0;
    for (const [nth, group] of this.metadata.row_groups.entries()) {
      const rows = Number(group.num_rows);
      if (groupStart < end && groupStart + rows > start) {
        for (const chunk of group.columns) {
          const path = chunk.meta_data?.path_in_schema ?? [];
          if (!keep(path)) {
            continue;
          }
          const problem = this.locateChunk(nth, chunk, rows);
          if (problem === undefined) {
            this.guard.check(nth, chunk, Math.max(0, start - groupStart), Math.min(rows, end - groupStart));
          } else {
            left.set(path[0] ?? '', problem);
          }
        }
      }
      groupStart += rows;
    }
    return left;
  }

  private locateChunk(group: number, chunk: ColumnChunk, rows: number): string | undefined {
    const { meta_data: meta } = chunk;
    if (!meta || this.located.has(chunk)) {
      return this.blocked.get(chunk);
    }
    this.located.add(chunk);
    if (this.guard.indexHolds(group, chunk)) {
      return undefined;
    }
    delete chunk.offset_index_offset;
    delete chunk.offset_index_length;
    const size = Number(meta.total_compressed_size);
    if (size <= SMALL_CHUNK) {
      return undefined;
    }
    const begin = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const pages = locatePages((offset, length) => this.bytes.read(offset, length), { start: begin, end: begin + size, rows, isRepeated: isRepeated(this.metadata, meta.path_in_schema) });
    if (pages) {
      const index = encodeOffsetIndex(pages);
      chunk.offset_index_offset = BigInt(this.bytes.size + this.extraSize);
      chunk.offset_index_length = index.length;
      this.extra.push(index);
      this.extraSize += index.length;
    } else if (size > MAX_CHUNK) {
      this.blocked.set(chunk, `its part of a row group has ${Math.round(size / 1_000_000)} MB and no page index`);
    }
    return this.blocked.get(chunk);
  }

  private slice(start: number, end: number): ArrayBuffer {
    if (start < this.bytes.size) {
      return sliceOf(this.bytes, start, Math.min(end, this.bytes.size));
    }
    let at = this.bytes.size;
    for (const part of this.extra) {
      if (start >= at && start < at + part.length) {
        return part.slice(start - at, end - at).buffer;
      }
      at += part.length;
    }
    return new ArrayBuffer(0);
  }
}

function sliceOf(bytes: RowBytes, start: number, end: number): ArrayBuffer {
  const length = end - start;
  if (!(length >= 0 && length <= MAX_FOOTER)) {
    throw new RowsError('tooLarge', `A part of ${length} bytes is not read at once.`);
  }
  const buffer = new ArrayBuffer(length);
  const filled = bytes.readInto(Buffer.from(buffer), 0, length, start);
  return filled === length ? buffer : buffer.slice(0, filled);
}

/** Before a library takes a length out of the file for a promise. */
function checkFooter(bytes: RowBytes): void {
  const tail = bytes.read(Math.max(0, bytes.size - 8), 8);
  const magic = tail.toString('latin1', 4);
  if (magic === 'PARE') {
    throw new RowsError('unsupported', 'The file is an encrypted Parquet file.');
  }
  if (magic !== 'PAR1') {
    throw new Error('it has no footer: it was not written to its end, or was cut short');
  }
  if (tail.readUInt32LE(0) > bytes.size - 12) {
    throw new Error('its footer states to be longer than the file');
  }
}
