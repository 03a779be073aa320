import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { openRows } from '../../../../src/media/rows/openRows.ts';
import type { Row } from '../../../../src/media/rows/rowFile.ts';

const ROWS = 300;
const folder = mkdtempSync(join(tmpdir(), 'trainyard-parquet-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every encoding that pages have, in two row groups. */
function made(codec: 'SNAPPY' | 'UNCOMPRESSED'): Buffer {
  const numbers = Array.from({ length: ROWS }, (_, nth) => (nth * 7919) % 1000);
  const texts = numbers.map((number) => `text ${number}`);
  return Buffer.from(
    parquetWriteBuffer({
      codec,
      rowGroupSize: ROWS / 2,
      pageSize: 500,
      columnData: [
        { name: 'delta32', data: numbers, type: 'INT32', encoding: 'DELTA_BINARY_PACKED', nullable: false },
        { name: 'delta64', data: numbers.map(BigInt), type: 'INT64', encoding: 'DELTA_BINARY_PACKED', nullable: false },
        { name: 'lengths', data: texts, type: 'STRING', encoding: 'DELTA_LENGTH_BYTE_ARRAY', nullable: false },
        { name: 'prefixes', data: texts, type: 'STRING', encoding: 'DELTA_BYTE_ARRAY', nullable: false },
        { name: 'split', data: numbers, type: 'DOUBLE', encoding: 'BYTE_STREAM_SPLIT', nullable: false },
        { name: 'holes', data: numbers.map((number) => (number % 3 === 0 ? null : number)), type: 'INT32', encoding: 'PLAIN' },
        { name: 'dictionary', data: numbers.map((number) => `class ${number % 5}`), type: 'STRING', encoding: 'RLE_DICTIONARY' },
      ],
    }),
  );
}

/** Where the pages of a column in a row group lie. */
function pagesOf(bytes: Buffer, group: number, column: string): { readonly start: number; readonly length: number } {
  const found = parquetMetadata(Uint8Array.from(bytes).buffer).row_groups[group]?.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === column)?.meta_data;
  const start = Number(found?.dictionary_page_offset || found?.data_page_offset);
  return { start, length: Number(found?.total_compressed_size) };
}

async function read(name: string, bytes: Buffer): Promise<readonly Row[]> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const rows = await openRows(file);
  const read = await rows.rows(0, ROWS);
  rows.dispose();
  return read;
}

describe('a damaged Parquet file', () => {
  it.each(['SNAPPY', 'UNCOMPRESSED'] as const)('is read to its end whatever its pages hold, %s', async (codec) => {
    const whole = made(codec);
    expect((await read('whole.parquet', whole)).filter(({ problem }) => problem)).toEqual([]);
    const columns = ['delta32', 'delta64', 'lengths', 'prefixes', 'split', 'holes', 'dictionary'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...columns), fc.nat(1), fc.nat(), fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 6 }), async (column, group, at, isEarly, change) => {
        const { start, length } = pagesOf(whole, group, column);
        const bytes = Buffer.from(whole);
        bytes.set(change.subarray(0, length), start + (at % Math.max(1, (isEarly ? Math.min(length, 80) : length) - change.length)));
        const rows = await read('changed.parquet', bytes);
        expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: ROWS }, (_, nth) => nth));
        expect(rows.every(({ values, problem }) => (values === undefined) !== (problem === undefined))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  // Each of these sends hyparquet 1.33 round for ever, or has it fill memory.
  it.each([
    { what: 'blocks of deltas that lead backwards', column: 'delta32', to: [0x80, 0xff, 0xff, 0xff, 0x0f, 0x04] },
    { what: 'a run longer than its page', column: 'holes', to: [0xfe, 0xff, 0xff, 0xff, 0x0f, 0x01] },
  ])('is told with its file and its row group where a page has $what, and other rows are read', async ({ column, to }) => {
    const bytes = made('UNCOMPRESSED');
    const { start, length } = pagesOf(bytes, 1, column);
    const reader = { view: new DataView(Uint8Array.from(bytes.subarray(start, start + length)).buffer), offset: 0 };
    const { type } = parquetHeader(reader);
    // Levels of the first kind of page state their length before them.
    bytes.set(to, start + reader.offset + (type === 'DATA_PAGE' && column === 'holes' ? 4 : 0));
    const rows = await read('damaged.parquet', bytes);
    expect(rows.slice(0, ROWS / 2).filter(({ problem }) => problem)).toEqual([]);
    expect(rows[ROWS / 2]?.problem?.message).toMatch(new RegExp(`damaged\\.parquet is damaged in row group 2: a page of ${column} cannot be decoded`));
  });
});
