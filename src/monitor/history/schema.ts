import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HistoryError } from './historyError.ts';
import type { SqliteDatabase } from '../../base/sqlite.ts';
import { openDatabase } from './sqlite.ts';

/** `TyHs`: whose file it is. */
const APPLICATION = 0x54794873;
export const SCHEMA_VERSION = 1;
const PAGE = 4096;
/** Pages after which the log goes into the file, and bytes that the log keeps. */
export const LOG_PAGES = 128;
export const LOG_BYTES = 2 * LOG_PAGES * PAGE;
/** Files set aside that stay. */
const SET_ASIDE = 2;

const TABLES = `
  CREATE TABLE host (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  -- A thing (GPU, disk, process, …) as long as its facts are the same. level, last: up to which it is in any block.
  CREATE TABLE thing (
    id INTEGER PRIMARY KEY, host INTEGER NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL, facts TEXT NOT NULL,
    level INTEGER NOT NULL, last INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX thing_key ON thing (host, kind, key);
  CREATE INDEX thing_last ON thing (level, last);
  -- first: time of the first moment; last: of the last one. encodeBlock.ts says what lies in a part.
  CREATE TABLE block (
    id INTEGER PRIMARY KEY, host INTEGER NOT NULL, level INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    system BLOB NOT NULL, processes BLOB NOT NULL
  ) STRICT;
  CREATE INDEX block_first ON block (host, level, first, last);
  CREATE INDEX block_age ON block (level, first);
  -- What lasts for a time; until is null while it lasts.
  CREATE TABLE event (
    id INTEGER PRIMARY KEY, host INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER,
    facts TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_since ON event (host, since);
`;

/** A file that could not be read was put aside, and a new one begun. */
export interface SetAside {
  readonly reason: HistoryError;
  /** Where it lies now. */
  readonly path: string;
}

/**
 * Opens the file for its writer, or begins it. One that is damaged or of another version is set aside, never written over.
 *
 * @param bound bytes that it may take on disk, its log included
 * @throws {HistoryError} `unavailable`, `io`, `full`
 */
export function openForWriting(path: string, bound: number, onSetAside: (event: SetAside) => void): SqliteDatabase {
  try {
    return opened(path, bound);
  } catch (error) {
    const reason = HistoryError.of(error);
    if (reason.reason !== 'damaged' && reason.reason !== 'version') {
      throw reason;
    }
    onSetAside({ reason, path: setAside(path) });
    return opened(path, bound);
  }
}

/** The file and its log, to a new name beside it. Of those set aside before, the oldest goes. */
export function setAside(path: string): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const target = `${path}.aside-${stamp}`;
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(path + end)) {
      renameSync(path + end, target + end);
    }
  }
  const folder = dirname(path);
  const mark = `${basename(path)}.aside-`;
  const aside = readdirSync(folder).filter((name) => name.startsWith(mark) && !/-(wal|shm)$/.test(name)).sort();
  for (const name of aside.slice(0, -SET_ASIDE)) {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(join(folder, name + end), { force: true });
    }
  }
  return target;
}

/** @throws {HistoryError} `version` where it is not a history of this version */
export function checkVersion(database: SqliteDatabase): void {
  const application = database.prepare('PRAGMA application_id').get()?.['application_id'];
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (application !== APPLICATION || version !== SCHEMA_VERSION) {
    throw new HistoryError('version', `The history is of version ${String(version)}, and this is made for ${SCHEMA_VERSION}`);
  }
}

function opened(path: string, bound: number): SqliteDatabase {
  const database = openDatabase(path, false);
  try {
    begin(database, bound);
    return database;
  } catch (error) {
    database.close();
    throw HistoryError.of(error);
  }
}

function begin(database: SqliteDatabase, bound: number): void {
  const isNew = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'] === 0;
  if (!isNew) {
    checkVersion(database);
  }
  // Both take effect only before the first table.
  database.exec(`PRAGMA page_size = ${PAGE}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;`);
  // Who brings the log into the file has its turn, and so has who reads the end of a killed writer's.
  database.exec('PRAGMA busy_timeout = 5000');
  // A killed process loses nothing that was committed; a machine without power the last seconds. The file stays whole in both.
  database.exec(`PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${LOG_BYTES};`);
  if (isNew) {
    database.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
  }
  database.exec(`PRAGMA max_page_count = ${pagesOf(bound)}`);
}

/** Pages of the file that leave room for its log. */
export function pagesOf(bound: number): number {
  return Math.floor((bound - 2 * LOG_BYTES) / PAGE);
}
