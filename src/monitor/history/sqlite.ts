import { HistoryError } from './historyError.ts';

export type SqlValue = number | string | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** What is used of `node:sqlite`; the types of Node 20 do not know it. */
export interface Statement {
  run(...values: readonly SqlValue[]): { readonly lastInsertRowid: number | bigint; readonly changes: number | bigint };
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): readonly SqlRow[];
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean; readonly timeout?: number }) => Database;
}

/** Milliseconds for which one process waits for another; only the first and the last moments of a file need it. */
const BUSY_MS = 5000;

/** @throws {HistoryError} `unavailable`, or what SQLite says. */
export function openDatabase(path: string, readOnly: boolean): Database {
  const sqlite = sqliteModule();
  if (sqlite === undefined) {
    throw new HistoryError('unavailable', `Node ${process.versions.node} has no node:sqlite, which the history is kept with: Node 22.13 or newer has`);
  }
  try {
    const database = new sqlite.DatabaseSync(path, { readOnly, timeout: BUSY_MS });
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return database;
  } catch (error) {
    throw HistoryError.of(error);
  }
}

/** Not imported: Node 20 would refuse to load the whole bundle. */
function sqliteModule(): SqliteModule | undefined {
  return process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as SqliteModule | undefined;
}
