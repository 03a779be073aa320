import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { isOwned, SQLITE, SqliteError, type Sqlite, type SqliteDatabase } from '../../base/sqlite.ts';
import { DatasetError } from '../datasetError.ts';
import { defineFits } from '../filter/filterSql.ts';
import { APPLICATION, SCHEMA_VERSION, TABLES } from './schema.ts';

export interface CatalogueFile {
  readonly database: SqliteDatabase;
  /** What a person should know: an earlier file was damaged, or nothing can be kept. */
  readonly problem?: string;
}

/** Bytes that all catalogues may take together before the ones that were used longest ago go. */
const BUDGET = 4 * 2 ** 30;
/** Bytes of the file that are held in memory. */
const CACHE_KIB = 32 * 1024;
const ENDS = ['', '-wal', '-shm', '-journal', '.owner'] as const;
const NAME = /^[\da-f]{24}\.(?:node|wasm)\.db$/;

/** Why the file that was in use cannot be used any more: its bytes are wrong, or its disk is full or fails. */
export interface Lost {
  readonly reason: 'damaged' | 'disk';
  readonly message: string;
}

/** What SQLite's failures say of the file itself; undefined of all others. */
export function lostBy(error: unknown): Lost | undefined {
  if (!(error instanceof SqliteError)) {
    return undefined;
  }
  const { message } = error;
  return isDamage(error) ? { reason: 'damaged', message } : SqliteError.is(error, SQLITE.full, SQLITE.ioError, SQLITE.readOnly) ? { reason: 'disk', message } : undefined;
}

/**
 * Opens the catalogue of a dataset in the folder `storage`, or begins it. A file that is damaged or of another version is
 * begun anew, as all in it can be found out again; where no file can be kept it is in memory alone. `lost` is what became of
 * it while it was in use.
 */
export function openCatalogueFile(sqlite: Sqlite, storage: string, root: string, lost?: Lost): CatalogueFile {
  const path = join(storage, `${createHash('sha256').update(root).digest('hex').slice(0, 24)}.${sqlite.engine}.db`);
  if (lost?.reason === 'disk') {
    return { database: inMemory(sqlite), problem: `The catalogue cannot be written any more, so it is in memory alone: ${lost.message}. Is the disk of ${storage} full?` };
  }
  try {
    mkdirSync(storage, { recursive: true });
    if (lost !== undefined) {
      removeFile(path);
      return { database: opened(sqlite, path), problem: damagedWords(lost.message) };
    }
    if (sqlite.engine === 'wasm' && isOwned(path)) {
      return { database: inMemory(sqlite), problem: 'Another process has the catalogue open: nothing that is found now is kept' };
    }
    prune(storage, path, BUDGET);
    return openOrRebuild(sqlite, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { database: inMemory(sqlite), problem: `The catalogue cannot be kept in ${storage}, so it is in memory alone: ${why}` };
  }
}

function openOrRebuild(sqlite: Sqlite, path: string): CatalogueFile {
  try {
    return { database: opened(sqlite, path) };
  } catch (error) {
    if (!isDamage(error)) {
      throw error;
    }
    removeFile(path);
    const isOld = error instanceof DatasetError;
    return { database: opened(sqlite, path), ...(!isOld && { problem: damagedWords((error as Error).message) }) };
  }
}

function damagedWords(why: string): string {
  return `The catalogue was damaged and is made anew (${why})`;
}

/** What SQLite says of a file that is not, or no more, a database. */
export function isDamage(error: unknown): boolean {
  return error instanceof DatasetError || SqliteError.is(error, SQLITE.corrupt, SQLITE.notADatabase);
}

export function removeFile(path: string): void {
  ENDS.forEach((end) => rmSync(path + end, { force: true }));
  rmSync(`${path}.lock`, { recursive: true, force: true });
}

function opened(sqlite: Sqlite, path: string): SqliteDatabase {
  const database = sqlite.open(path);
  try {
    begin(database, sqlite.engine);
    defineFits(database);
    // Its age is that of its last use.
    utimesSync(path, new Date(), new Date());
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function inMemory(sqlite: Sqlite): SqliteDatabase {
  const database = sqlite.open(':memory:');
  database.exec(TABLES);
  defineFits(database);
  return database;
}

/** @throws {DatasetError} where it is of another version */
function begin(database: SqliteDatabase, engine: Sqlite['engine']): void {
  // Killed processes lose nothing by this; a machine without power may, and then the file is made anew.
  database.exec(`PRAGMA journal_mode = ${engine === 'node' ? 'WAL' : 'TRUNCATE'}; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB}`);
  if (engine === 'wasm') {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
  }
  const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'];
  if (tables === 0) {
    database.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
    return;
  }
  const application = database.prepare('PRAGMA application_id').get()?.['application_id'];
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (application !== APPLICATION || version !== SCHEMA_VERSION) {
    throw new DatasetError('malformed', `The catalogue is of version ${String(version)}, and this is made for ${SCHEMA_VERSION}`);
  }
  // Goes along a path to every table: a file that was cut or written over shows here rather than at some later question.
  database.prepare('SELECT max(id) FROM item').get();
  database.prepare('SELECT max(id) FROM folder').get();
}

/** Removes the catalogues that were used longest ago until the others fit into a budget of bytes. `keep` stays. */
export function prune(storage: string, keep: string, budget: number): void {
  const files = readdirSync(storage)
    .filter((name) => NAME.test(name))
    .map((name) => join(storage, name))
    .flatMap((path) => {
      try {
        const { size, mtimeMs } = statSync(path);
        return [{ path, size, used: path === keep ? Infinity : mtimeMs }];
      } catch {
        return [];
      }
    })
    .sort((a, b) => b.used - a.used);
  let total = 0;
  for (const { path, size, used } of files) {
    total += size;
    if (total > budget && used !== Infinity && !isOwned(path)) {
      removeFile(path);
    }
  }
}
