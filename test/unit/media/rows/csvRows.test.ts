import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCountedBuffer } from '../../../../src/media/rows/byteCounter.ts';
import { splitCells } from '../../../../src/media/rows/csvCells.ts';
import { QuotedRecordEnds } from '../../../../src/media/rows/recordEnds.ts';
import { RecordIndex } from '../../../../src/media/rows/recordIndex.ts';
import { rowBytesOf } from '../../../../src/media/rows/rowBytes.ts';
import { bytesInMemory } from '../../../../src/media/byteSource.ts';
import { allRows, fileOf, rowsOf } from './made.ts';

const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', '\r\n', 'é', '漢'), maxLength: 8 });
const table = fc.integer({ min: 1, max: 5 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }));

/** As writers do it: quoted where it has to be, or wherever `always` says. */
function write(records: readonly (readonly string[])[], always: boolean, end: string): string {
  return records.map((record) => record.map((text) => (always || /[",\r\n]/.test(text) || (record.length === 1 && text === '') ? `"${text.replaceAll('"', '""')}"` : text)).join(',') + end).join('');
}

function readByIndex(text: string): string[][] {
  const bytes = rowBytesOf(bytesInMemory(Buffer.from(text)));
  const index = new RecordIndex(bytes, new QuotedRecordEnds(0x2c), 0);
  while (!index.complete) {
    index.step();
  }
  return [...index.records(0)].map(({ start, end }) => splitCells(bytes.read(start, end - start).toString('utf8').replace(/\r$/, ''), { delimiter: ',', quotes: true }));
}

describe('rows of CSV', () => {
  it('are those that csv-parse reads, of any quoted table', () => {
    fc.assert(
      fc.property(table, fc.boolean(), fc.constantFrom('\n', '\r\n'), (records, always, end) => {
        const text = write(records, always, end);
        const expected: unknown = parse(text, { relax_column_count: true, skip_empty_lines: false, record_delimiter: end });
        expect(readByIndex(text)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('are found by number and by byte wherever they lie, over the blocks of the index', () => {
    const records = Array.from({ length: 30_000 }, (_, row) => [`${row}`, row % 7 === 0 ? `a "quoted"\nfield, ${'x'.repeat(row % 50)}` : 'plain']);
    const text = write(records, false, '\n');
    const bytes = rowBytesOf(bytesInMemory(Buffer.from(text)));
    const index = new RecordIndex(bytes, new QuotedRecordEnds(0x2c), 0);
    while (!index.complete) {
      index.step();
    }
    expect(index.known).toBe(records.length);
    for (const row of [0, 1, 6, 7, 9_999, 15_001, 29_999]) {
      const [range] = index.records(row);
      expect(splitCells(bytes.read(range!.start, range!.end - range!.start).toString(), { delimiter: ',', quotes: true })).toEqual(records[row]);
      expect(index.recordAt(range!.start)).toBe(row);
      expect(index.recordAt(range!.end - 1)).toBe(row);
    }
  });

  it('tolerate quotes that nobody escaped, as Python does', async () => {
    const rows = await rowsOf(fileOf('id,text\n1,5" pipe\n2,"said "hi" twice"\n3,plain\n', 'csv'));
    expect((await allRows(rows)).map(({ values }) => values?.['text'])).toEqual(['5" pipe', 'said hi" twice"', 'plain']);
  });

  it('take quotes for characters where only that gives rows of one width', async () => {
    const lines = Array.from({ length: 20 }, (_, row) => `speaker${row}\t${row % 3 === 0 ? '"Hello there' : 'Bye'}\t${row}`);
    const rows = await rowsOf(fileOf(['client_id\tsentence\tup_votes', ...lines].join('\n'), 'tsv'));
    const read = await allRows(rows);
    expect(read.map(({ values }) => values?.['sentence']).slice(0, 2)).toEqual(['"Hello there', 'Bye']);
    expect(read).toHaveLength(20);
    expect(rows.facts).toContain('quotes are characters');
  });

  it('know a byte order mark, carriage returns, other delimiters and a missing header', async () => {
    const excel = await rowsOf(fileOf('\ufeffa;b\r\n1;x\r\n2;y\r\n', 'csv'));
    expect(excel.columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await allRows(excel)).map(({ values }) => ({ ...values }))).toEqual([{ a: '1', b: 'x' }, { a: '2', b: 'y' }]);
    const speech = await rowsOf(fileOf('LJ001-0001|Printing, in the only sense|Printing, in the only sense\nLJ001-0002|in being|in being\n', 'csv'));
    expect(speech.columns.map(({ name }) => name)).toEqual(['column 1', 'column 2', 'column 3']);
    expect((await allRows(speech))[0]?.values?.['column 1']).toBe('LJ001-0001');
  });

  it('say in place which row has too many cells, and where it is', async () => {
    const rows = await rowsOf(fileOf('a,b\n1,2\n"x\ny",2,3\n4,5\n', 'csv'));
    const read = await allRows(rows);
    expect(read.map(({ problem }) => problem)).toEqual([undefined, { message: '3 cells; the header names 2.', line: 3 }, undefined]);
    expect({ ...read[1]?.values }).toEqual({ a: 'x\ny', b: '2', 'column 3': '3' });
  });

  it('may have a hundred thousand columns, and one that is called __proto__', async () => {
    const names = Array.from({ length: 100_000 }, (_, column) => `c${column}_x`);
    const wide = await rowsOf(fileOf(`${names.join(',')}\n${names.map((_, column) => column).join(',')}\n`, 'csv'));
    expect((await allRows(wide))[0]?.values?.['c99999_x']).toBe('99999');
    const odd = await rowsOf(fileOf('__proto__,b\nx,y\n', 'csv'));
    expect((await allRows(odd))[0]?.values?.['__proto__']).toBe('x');
  });
});

describe('counting bytes', () => {
  it('counts as one by one does, at any place', () => {
    const counted = createCountedBuffer(1000);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1000, maxLength: 1000, max: 3 }), fc.nat(1000), fc.nat(1000), (content, one, other) => {
        counted.buffer.set(content);
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        expect(counted.count(from, to, 2)).toBe(content.slice(from, to).filter((byte) => byte === 2).length);
      }),
    );
  });
});
