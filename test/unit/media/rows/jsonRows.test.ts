import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRows } from '../../../../src/media/rows/openRows.ts';
import { allRows, fileOf, rowsOf } from './made.ts';

describe('rows of JSON lines', () => {
  it('are read by number, with their bytes and their place', async () => {
    const lines = Array.from({ length: 50_000 }, (_, row) => JSON.stringify({ row, text: 'x'.repeat(row % 60) }));
    const rows = await rowsOf(fileOf(lines.join('\n'), 'jsonl'));
    await rows.indexed();
    expect(rows.count).toEqual({ known: 50_000, total: 50_000 });
    for (const row of [0, 31_234, 49_999]) {
      const [read] = await rows.rows(row, 1);
      expect(read).toMatchObject({ index: row, values: { row } });
      expect((await rows.raw(row, 1000)).bytes.toString()).toBe(lines[row]);
    }
    expect(await rows.rows(50_000, 10)).toEqual([]);
  });

  it('give a row that is broken with its line and column, and the others as they are', async () => {
    const rows = await rowsOf(fileOf('{"a":1}\n{"a":,}\n\n{"a":NaN}\n{"a":2', 'jsonl'));
    expect((await allRows(rows)).map(({ values, problem }) => ({ values, problem }))).toEqual([
      { values: { a: 1 }, problem: undefined },
      { values: undefined, problem: { message: 'No JSON: "," is not expected here.', line: 2, column: 6 } },
      { values: undefined, problem: { message: 'The line is blank.', line: 3 } },
      { values: { a: null }, problem: { message: 'NaN is no JSON number; it is shown as null.', line: 4, column: 6 } },
      { values: undefined, problem: { message: 'No JSON: the value is not complete.', line: 5, column: 7 } },
    ]);
  });

  it('find a text forwards and backwards, whether JSON escapes it or not, in any case', async () => {
    const rows = await rowsOf(fileOf(Array.from({ length: 2000 }, (_, row) => JSON.stringify({ row, text: row === 700 || row === 1500 ? 'Straße' : 'nothing' }).replace('ß', row === 700 ? '\\u00df' : 'ß')).join('\n'), 'jsonl'));
    expect((await rows.find({ text: 'straße', from: 0 }))?.row).toBe(700);
    expect((await rows.find({ text: 'straße', from: 701 }))?.row).toBe(1500);
    expect((await rows.find({ text: 'Straße', from: 1499, backwards: true, matchCase: true }))?.row).toBe(700);
    expect(await rows.find({ text: 'straße', from: 0, matchCase: true })).toBeUndefined();
    expect(await rows.find({ text: 'nowhere', from: 0 })).toBeUndefined();
  });

  it('are told as an estimate while they are counted, and can be asked for beyond that', async () => {
    const line = `${JSON.stringify({ text: 'x'.repeat(200) })}\n`;
    const rows = await openRows(fileOf(line.repeat(60_000), 'jsonl'));
    expect(rows.count.total).toHaveProperty('absent');
    expect(rows.count.estimate?.rows).toBeGreaterThan(55_000);
    expect(await rows.rows(59_999, 5)).toHaveLength(1);
    rows.dispose();
    await expect(rows.rows(0, 1)).rejects.toMatchObject({ reason: 'gone' });
  });

  it('grow with their file without being read anew, and are others when it was replaced', async () => {
    const file = fileOf('{"a":1}\n{"a":2', 'jsonl');
    const rows = await rowsOf(file);
    await rows.indexed();
    expect(await rows.refresh()).toBe('same');
    appendFileSync(file, '2}\n{"a":3}\n');
    expect(await rows.refresh()).toBe('grown');
    expect((await allRows(rows)).map(({ values }) => values)).toEqual([{ a: 1 }, { a: 22 }, { a: 3 }]);
    truncateSync(file, 8);
    expect(await rows.refresh()).toBe('replaced');
    expect((await allRows(rows)).map(({ values }) => values)).toEqual([{ a: 1 }]);
    writeFileSync(`${file}.new`, '{"b":1}\n');
    renameSync(`${file}.new`, file);
    expect(await rows.refresh()).toBe('replaced');
    expect(rows.columns.map(({ name }) => name)).not.toContain('a');
    rmSync(file);
    expect(await rows.refresh()).toBe('gone');
    expect((await allRows(rows)).map(({ values }) => values)).toEqual([{ b: 1 }]);
  });

  it('do not fail when the file becomes shorter before anybody looks', async () => {
    const file = fileOf(`${JSON.stringify({ text: 'x'.repeat(100) })}\n`.repeat(1000), 'jsonl');
    const rows = await rowsOf(file);
    await rows.indexed();
    truncateSync(file, 150);
    const read = await rows.rows(0, 1000);
    expect(read[0]?.problem).toBeUndefined();
    expect(read.slice(2).every(({ problem }) => problem !== undefined)).toBe(true);
  });

  it('are not taken apart where one is larger than 16 MiB', async () => {
    const rows = await rowsOf(fileOf(`{"a":"${'x'.repeat(17 * 2 ** 20)}"}\n{"a":2}\n`, 'jsonl'));
    const read = await allRows(rows);
    expect(read[0]?.problem?.message).toMatch(/rows of more than 16777216 are not taken apart/);
    expect(read[1]?.values).toEqual({ a: 2 });
  });

  it('are read out of gzip', async () => {
    const rows = await rowsOf(fileOf(gzipSync('{"a":1}\n{"a":2}\n'), 'jsonl.gz'));
    expect((await allRows(rows)).map(({ values }) => values)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('cannot be opened where there is no file, or a folder', async () => {
    await expect(openRows('/nowhere/at/all.jsonl')).rejects.toMatchObject({ reason: 'unreadable' });
    await expect(openRows('/tmp')).rejects.toMatchObject({ reason: 'unreadable' });
  });
});

describe('rows of a JSON document', () => {
  it('are the elements of the array that it is, however it is written', async () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(json, { maxLength: 200 }), fc.constantFrom(undefined, 2), async (values, indent) => {
        const rows = await rowsOf(fileOf(JSON.stringify(values, null, indent), 'json'));
        const read = (await allRows(rows)).map(({ values: row }) => row);
        const expected = values.map((value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value }));
        expect(JSON.stringify(read)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 40 },
    );
  });

  it('are values one after the other, and an object that is all of it is one', async () => {
    const several = await rowsOf(fileOf('{"a":\n1}\n{"a":2}  {"a":3}', 'json'));
    expect((await allRows(several)).map(({ values }) => values)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    const lines = await rowsOf(fileOf('{"audio_filepath":"a.wav"}\n{"audio_filepath":"b.wav"}\n', 'json'));
    expect(lines.form).toBe('jsonl');
  });

  it('end where an array is not closed, which is told', async () => {
    const rows = await rowsOf(fileOf('[{"a":1},\n{"a":2},\n{"a":', 'json'));
    const read = await allRows(rows);
    expect(read.map(({ problem }) => problem?.message)).toEqual([undefined, undefined, 'No JSON: the value is not complete.']);
    expect(rows.problem).toEqual({ message: 'The array is not closed: the file ends early.', line: 3 });
  });
});
