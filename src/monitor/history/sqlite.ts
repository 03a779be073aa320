import { nodeSqlite, type SqliteDatabase } from '../../base/sqlite.ts';
import { HistoryError } from './historyError.ts';

/** @throws {HistoryError} `unavailable`, or what SQLite says. */
export function openDatabase(path: string, readOnly: boolean): SqliteDatabase {
  // WebAssembly's would do without WAL, which a recorder cannot.
  const sqlite = nodeSqlite();
  if (sqlite === undefined) {
    throw new HistoryError('unavailable', `Node ${process.versions.node} has no node:sqlite, which the history is kept with: Node 22.13 or newer has`);
  }
  try {
    return sqlite.open(path, { readOnly });
  } catch (error) {
    throw HistoryError.of(error);
  }
}
