import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction, loadSqlite, nodeSqlite, SQLITE, SqliteError, wasmSqlite, type Sqlite } from '../../../src/base/sqlite.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'trainyard-sqlite-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const engines: readonly (readonly [string, () => Promise<Sqlite>])[] = [
  ['WebAssembly', wasmSqlite],
  ['what this Node has', loadSqlite],
];

describe.each(engines)('SQLite by %s', (_, load) => {
  it('keeps numbers, text, bytes and nothing over a close', async () => {
    const sqlite = await load();
    const path = join(folder, 'a.db');
    const first = sqlite.open(path);
    first.exec('CREATE TABLE t (a, b, c, d)');
    expect(first.prepare('INSERT INTO t VALUES (?, ?, ?, ?)').run(1.5, 'ü', new Uint8Array([0, 255]), null)).toEqual({ lastInsertRowid: 1, changes: 1 });
    first.close();
    const again = sqlite.open(path);
    expect(again.prepare('SELECT a, b, hex(c) AS c, d FROM t').get()).toEqual({ a: 1.5, b: 'ü', c: '00FF', d: null });
    again.close();
  });

  it('goes through rows one by one', async () => {
    const database = (await load()).open(':memory:');
    const rows = database.prepare('SELECT value FROM json_each(?)').iterate('[3, 1]');
    expect([...rows].map(({ value }) => value)).toEqual([3, 1]);
    expect(database.prepare('SELECT 1 AS one WHERE 0').get()).toBeUndefined();
    database.close();
  });

  it('undoes a transaction whose work fails, and tells the result code', async () => {
    const database = (await load()).open(':memory:');
    database.exec('CREATE TABLE t (a UNIQUE)');
    const insert = database.prepare('INSERT INTO t VALUES (?)');
    const error = failureOf(() => inTransaction(database, () => [insert.run(1), insert.run(1)]));
    expect(SqliteError.is(error, SQLITE.constraint)).toBe(true);
    expect(database.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 });
    database.close();
  });

  it('tells a file that is no database by its code', async () => {
    const path = join(folder, 'b.db');
    writeFileSync(path, 'not a database at all, and longer than a header would be: '.repeat(40));
    const sqlite = await load();
    const error = failureOf(() => sqlite.open(path).prepare('SELECT * FROM sqlite_schema').all());
    expect(SqliteError.is(error, SQLITE.notADatabase)).toBe(true);
  });
});

it('takes away the lock of a process that was killed', async () => {
  const path = join(folder, 'c.db');
  const sqlite = await wasmSqlite();
  sqlite.open(path).close();
  mkdirSync(`${path}.lock`);
  writeFileSync(`${path}.owner`, '4194999');
  const database = sqlite.open(path, { timeout: 0 });
  database.exec('CREATE TABLE t (a)');
  database.close();
});

it.skipIf(nodeSqlite() === undefined)('prefers what Node brings', async () => {
  expect((await loadSqlite()).engine).toBe('node');
});

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail');
}
