import type { AsyncBuffer, FileMetaData, SchemaElement } from 'hyparquet';
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { DatasetError } from '../../datasetError.ts';
import type { OpenBytes } from './openBytes.ts';
import type { Row, Rows, RowValue } from './rows.ts';

/** Rows that are decoded at once. */
const PAGE = 256;

export async function openParquetRows(file: string, bytes: OpenBytes): Promise<Rows> {
  const { source } = bytes;
  const buffer: AsyncBuffer = {
    byteLength: source.size,
    slice(start, end = source.size) {
      const part = source.read(start, end - start);
      return new Uint8Array(part).buffer;
    },
  };
  const [metadata, { compressors }] = await Promise.all([readMetadata(buffer, file), import('hyparquet-compressors')]);
  const columns = lightColumns(metadata);
  const count = Number(metadata.num_rows);
  let page: { readonly start: number; readonly rows: readonly Row[] } | undefined;

  async function load(index: number): Promise<readonly Row[]> {
    const start = index - (index % PAGE);
    if (page?.start !== start) {
      page = { start, rows: await readPage(start) };
    }
    return page.rows;
  }

  async function readPage(start: number): Promise<readonly Row[]> {
    const end = Math.min(start + PAGE, count);
    try {
      const values = await parquetReadObjects({ file: buffer, metadata, compressors, columns: [...columns], rowStart: start, rowEnd: end });
      return values.map((value, index) => ({ row: start + index + 1, value: plain(value) as RowValue }));
    } catch (error) {
      const problem = `the row cannot be decoded: ${(error as Error).message}`;
      return Array.from({ length: end - start }, (_, index) => ({ row: start + index + 1, problem }));
    }
  }

  return {
    file,
    form: 'parquet',
    header: parquetSchema(metadata).children.map(({ element }) => element.name),
    count,
    at: async (index) => (Number.isInteger(index) && index >= 0 && index < count ? (await load(index))[index % PAGE] : undefined),
    async *read(from, signal) {
      for (let index = Math.max(0, from); index < count; index++) {
        signal?.throwIfAborted();
        const row = (await load(index))[index % PAGE];
        if (row === undefined) {
          return;
        }
        yield row;
        // Of a damaged file the header may promise any number of rows.
        if (row.problem !== undefined) {
          return;
        }
      }
    },
    close: () => bytes.close(),
  };
}

async function readMetadata(buffer: AsyncBuffer, file: string): Promise<FileMetaData> {
  try {
    const metadata = await parquetMetadataAsync(buffer);
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    if (!Number.isSafeInteger(rows) || rows < 0 || Number(metadata.num_rows) !== rows) {
      throw new Error(`it states ${metadata.num_rows} rows, its row groups have ${rows}`);
    }
    return metadata;
  } catch (error) {
    throw new DatasetError('malformed', `${file} is no whole Parquet file: ${(error as Error).message}`, { cause: error });
  }
}

/** Columns without the bytes of pictures and sounds: a page of those would be a gigabyte. */
function lightColumns(metadata: FileMetaData): readonly string[] {
  return parquetSchema(metadata)
    .children.filter(({ element, children }) => !isBinary(element) && !children.some((child) => isBinary(child.element)))
    .map(({ element }) => element.name);
}

function isBinary({ type, converted_type, logical_type }: SchemaElement): boolean {
  return type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined;
}

/** Whole numbers of 64 bits as numbers, where they fit. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}
