import { openRows as openTable } from '../../../media/rows/openRows.ts';
import { UnreadBytes, type Row as TableRow } from '../../../media/rows/rowFile.ts';
import { RowsError } from '../../../media/rows/rowsError.ts';
import { DatasetError } from '../../datasetError.ts';
import type { Row, Rows } from './rows.ts';

/** Rows that are decoded at once. */
const PAGE = 256;
/** Of a damaged file the footer may promise any number of rows. */
const MOST_ROWS_PER_BYTE = 1_000_000;

/** The rows of a Parquet file; the bytes of pictures and sounds in it are `UnreadBytes`. */
export async function openParquetRows(file: string, signal?: AbortSignal): Promise<Rows> {
  const table = await opened(file, signal);
  const count = table.count.known;
  if (!Number.isSafeInteger(count) || count < 0 || count > table.size * MOST_ROWS_PER_BYTE) {
    table.dispose();
    throw new DatasetError('malformed', `${file} states ${count} rows in ${table.size} bytes`);
  }
  let page: { readonly start: number; readonly rows: readonly Row[] } | undefined;

  async function load(index: number): Promise<Row | undefined> {
    if (page === undefined || index < page.start || index >= page.start + page.rows.length) {
      page = { start: index, rows: await readPage(index) };
    }
    return page.rows[index - page.start];
  }

  async function readPage(start: number): Promise<readonly Row[]> {
    try {
      return (await table.rows(start, Math.min(PAGE, count - start))).map(rowOf);
    } catch (error) {
      return [{ row: start + 1, problem: `the row cannot be decoded: ${(error as Error).message}` }];
    }
  }

  return {
    file,
    form: 'parquet',
    header: table.columns.map(({ name }) => name),
    count,
    at: async (index) => (Number.isInteger(index) && index >= 0 && index < count ? load(index) : undefined),
    async *read(from, wanted) {
      for (let index = Math.max(0, from); index < count; index++) {
        wanted?.throwIfAborted();
        const row = await load(index);
        if (row === undefined) {
          return;
        }
        yield row;
        if (row.value === undefined) {
          return;
        }
      }
    },
    close: () => table.dispose(),
  };
}

async function opened(file: string, signal: AbortSignal | undefined): Promise<Awaited<ReturnType<typeof openTable>>> {
  try {
    return await openTable(file, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new DatasetError(error instanceof RowsError && error.reason === 'unreadable' ? 'unreadable' : 'malformed', (error as Error).message, { cause: error });
  }
}

function rowOf({ index, values, problem }: TableRow): Row {
  return values === undefined ? { row: index + 1, problem: problem?.message ?? 'the row cannot be decoded' } : { row: index + 1, value: plain(values) as Row['value'] & object };
}

/** Whole numbers of 64 bits as numbers, times as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? null : value.toISOString();
  }
  if (typeof value === 'object' && value !== null && !(value instanceof UnreadBytes) && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof Uint8Array) ? Array.from(value as unknown as ArrayLike<number | bigint>, Number) : value;
}
