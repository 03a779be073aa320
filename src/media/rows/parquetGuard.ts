import type { ColumnChunk, ColumnMetaData, CompressionCodec, Compressors, FileMetaData, PageHeader } from 'hyparquet';
import { parquetSchema, readOffsetIndex } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getTreePath } from 'hyparquet/src/schema.js';
import type { Leaf } from './parquetPageCheck.ts';
import { checkPage, MAX_VALUES } from './parquetPageCheck.ts';
import type { RowBytes } from './rowBytes.ts';
import { RowsError } from './rowsError.ts';
import { TimeBound } from './timeBound.ts';

interface Page {
  /** Of its header in the file. */
  readonly offset: number;
  /** Bytes of its header. */
  readonly head: number;
  readonly header: PageHeader;
  /** Its first row in the row group, and how many it has; undefined where lists are in it. */
  readonly row: number | undefined;
  readonly rows: number;
  /** What is wrong with it; null where nothing is, undefined where it was not looked at yet. */
  damage?: string | null;
}

interface Chunk {
  readonly leaf: Leaf;
  readonly pages: readonly Page[];
  /** What is wrong behind the last page. */
  readonly damage: string | undefined;
  /** The first row that is not in the pages. */
  readonly end: number;
}

/** Headers are some dozen bytes, and more where they hold statistics. */
const HEADERS = [4096, 1_048_576];
const MAX_PAGE = 512 * 1_048_576;
const MAX_PAGES = 1_000_000;
/** Milliseconds for one page. */
const PAGE_TIME = 10_000;

/**
 * Looks at pages before hyparquet decodes them, each once: in bytes that were damaged it may go round for ever, which nobody could
 * end in the thread it is in.
 */
export class ParquetGuard {
  private readonly chunks = new Map<ColumnChunk, Chunk>();
  private readonly time = new TimeBound(PAGE_TIME);

  constructor(
    private readonly file: string,
    private readonly bytes: RowBytes,
    private readonly metadata: FileMetaData,
    private readonly compressors: Compressors,
  ) {}

  /** Throws a `RowsError` where a page is damaged that is decoded for these rows of a row group, both counted from 0. */
  check(group: number, chunk: ColumnChunk, from: number, to: number): void {
    const { meta_data: meta } = chunk;
    if (!meta) {
      return;
    }
    const { leaf, pages, damage, end } = this.pagesOf(group, chunk, meta);
    for (const page of pages) {
      const { row, rows } = page;
      // As hyparquet has it, which decodes the page before the first one that is asked for.
      if (row === undefined || (row < to && row + rows >= from)) {
        page.damage = page.damage === undefined ? this.damageOf(page, leaf, meta.codec) : page.damage;
        if (page.damage !== null) {
          throw this.error(group, meta, page.damage);
        }
      }
    }
    if (damage !== undefined && (end < to || leaf.maxRepetition > 0)) {
      throw this.error(group, meta, damage);
    }
  }

  /** Whether the page index that a file has is of the pages that are there. */
  indexHolds(group: number, chunk: ColumnChunk): boolean {
    const { meta_data: meta, offset_index_offset: at, offset_index_length: length } = chunk;
    if (!meta || at === undefined || length === undefined || !(length >= 0 && length <= MAX_PAGE)) {
      return false;
    }
    try {
      const index = this.bytes.read(Number(at), length);
      const { page_locations: places } = readOffsetIndex({ view: new DataView(index.buffer, index.byteOffset, index.length), offset: 0 });
      const { pages, damage } = this.pagesOf(group, chunk, meta);
      const found = pages.filter(({ header }) => header.type !== 'DICTIONARY_PAGE');
      return (
        damage === undefined &&
        places.length > 0 &&
        places.length === found.length &&
        found.every(({ offset, head, header, row }, nth) => {
          const place = places[nth];
          return Number(place?.offset) === offset && place?.compressed_page_size === head + header.compressed_page_size && (row === undefined || Number(place.first_row_index) === row);
        })
      );
    } catch {
      return false;
    }
  }

  private damageOf({ offset, head, header }: Page, leaf: Leaf, codec: CompressionCodec): string | null {
    const bytes = this.bytes.read(offset + head, header.compressed_page_size);
    try {
      this.time.run(() => checkPage(bytes, header, leaf, (packed, length) => decompressPage(packed, length, codec, this.compressors)));
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private pagesOf(group: number, chunk: ColumnChunk, meta: ColumnMetaData): Chunk {
    const known = this.chunks.get(chunk);
    if (known) {
      return known;
    }
    const path = getTreePath(parquetSchema(this.metadata), meta.path_in_schema);
    const leaf = { type: meta.type, maxRepetition: getMaxRepetitionLevel(path), maxDefinition: getMaxDefinitionLevel(path) };
    const found = { leaf, ...this.walk(meta, leaf, Number(this.metadata.row_groups[group]?.num_rows)) };
    this.chunks.set(chunk, found);
    return found;
  }

  private walk(meta: ColumnMetaData, { maxRepetition }: Leaf, groupRows: number): Omit<Chunk, 'leaf'> {
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const end = Math.min(start + Number(meta.total_compressed_size), this.bytes.size);
    const pages: Page[] = [];
    let row = 0;
    for (let at = start; at < end - 1 && (maxRepetition > 0 || row < groupRows); ) {
      try {
        const { header, head } = this.headerAt(at, end);
        const rows = rowsOf(header, maxRepetition > 0, end - at - head);
        if (pages.length >= MAX_PAGES) {
          throw new RangeError(`it has more than ${MAX_PAGES} pages`);
        }
        pages.push({ offset: at, head, header, row: maxRepetition > 0 || header.type === 'DICTIONARY_PAGE' ? undefined : row, rows });
        row += rows;
        at += head + header.compressed_page_size;
      } catch (error) {
        return { pages, damage: `its header: ${(error as Error).message}`, end: row };
      }
    }
    return { pages, damage: undefined, end: row };
  }

  private headerAt(at: number, end: number): { readonly header: PageHeader; readonly head: number } {
    for (const size of HEADERS) {
      const bytes = this.bytes.read(at, Math.min(size, end - at));
      try {
        const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
        return { header: parquetHeader(reader), head: reader.offset };
      } catch (error) {
        if (size === HEADERS.at(-1) || bytes.length < size) {
          throw error;
        }
      }
    }
    throw new RangeError('it does not end');
  }

  private error(group: number, { path_in_schema }: ColumnMetaData, reason: string): RowsError {
    return new RowsError('malformed', `${this.file} is damaged in row group ${group + 1}: a page of ${path_in_schema.join('.')} cannot be decoded, ${reason}`);
  }
}

/** Of a page whose header states what can be: hyparquet takes it at its word. Throws a `RangeError`. */
function rowsOf(header: PageHeader, isRepeated: boolean, room: number): number {
  const { type, compressed_page_size: packed, uncompressed_page_size: size, data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header;
  const isSized = isCount(packed, room) && isCount(size, MAX_PAGE);
  if (isSized && type === 'DICTIONARY_PAGE' && dictionary && isCount(dictionary.num_values, MAX_VALUES)) {
    return 0;
  }
  if (isSized && type === 'DATA_PAGE' && first && isCount(first.num_values, MAX_VALUES) && typeof first.encoding === 'string') {
    return first.num_values;
  }
  if (isSized && type === 'DATA_PAGE_V2' && second && isCount(second.num_values, MAX_VALUES) && typeof second.encoding === 'string') {
    const { num_values: values, num_nulls: nulls, num_rows: rows, definition_levels_byte_length: definition, repetition_levels_byte_length: repetition } = second;
    const isWhole = isCount(definition, packed) && isCount(repetition, packed - definition) && definition + repetition <= size;
    if (isWhole && isCount(nulls, values) && isCount(rows, values) && (isRepeated || rows === values)) {
      return rows;
    }
  }
  throw new RangeError('it states what cannot be');
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}
