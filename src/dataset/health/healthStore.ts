import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sqlite, SqliteDatabase, SqliteRow, SqliteValue } from '../../base/sqlite.ts';
import { inTransaction, isOwned, loadSqlite, SQLITE, SqliteError } from '../../base/sqlite.ts';
import type { Problem, Severity } from '../../media/problem.ts';
import { SEVERITIES } from '../../media/problem.ts';

/** Of the tables below; a file of another version is begun anew. */
const VERSION = 2;

const TABLES = `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, run INTEGER NOT NULL, size INTEGER, mtime REAL, level INTEGER NOT NULL DEFAULT -1,
    kind TEXT, rate INTEGER, width INTEGER, height INTEGER, duration REAL, findings TEXT, quick TEXT, hash TEXT, look TEXT
  );
  CREATE INDEX files_size ON files (size);
  CREATE TABLE uses (file INTEGER NOT NULL, split TEXT, label TEXT, speaker TEXT);
  CREATE INDEX uses_file ON uses (file);
  CREATE TABLE problems (id INTEGER PRIMARY KEY, phase TEXT NOT NULL, code TEXT NOT NULL, severity INTEGER NOT NULL, file TEXT NOT NULL, row INTEGER, line INTEGER, key TEXT, message TEXT NOT NULL, related TEXT);
  CREATE INDEX problems_code ON problems (code);
  CREATE INDEX problems_file ON problems (file);
  CREATE TABLE pairs (id INTEGER PRIMARY KEY, near INTEGER NOT NULL, distance INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, splitA TEXT, splitB TEXT);
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  PRAGMA user_version = ${VERSION};
`;

/** Counts files but those that were looked for and are not there. */
export const FILES_THERE = 'SELECT COUNT(*) FROM files WHERE level < 0 OR size IS NOT NULL';

/** What the checks of one dataset have found: kept, so that a check goes on where it was stopped. */
export class HealthStore {
  private waiting: Problem[] = [];
  private waitingPhase = '';

  private constructor(readonly database: SqliteDatabase) {}

  /** In the folder `storage`, or in memory where there is none or it cannot be written. */
  static async open(root: string, storage?: string): Promise<HealthStore> {
    const sqlite = await loadSqlite();
    return new HealthStore(storage === undefined ? begun(sqlite, ':memory:') : openFile(sqlite, join(storage, 'health'), root));
  }

  /** Keeps a problem; many are written at once. */
  tell(phase: string, problem: Problem): void {
    if (phase !== this.waitingPhase || this.waiting.length >= 500) {
      this.flush();
      this.waitingPhase = phase;
    }
    this.waiting.push(problem);
  }

  flush(): void {
    const problems = this.waiting;
    if (problems.length === 0) {
      return;
    }
    this.waiting = [];
    const insert = this.database.prepare('INSERT INTO problems (phase, code, severity, file, row, line, key, message, related) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    inTransaction(this.database, () => {
      for (const { code, severity, file, row, line, key, message, related } of problems) {
        insert.run(this.waitingPhase, code, SEVERITIES.indexOf(severity), file, row ?? null, line ?? null, key ?? null, message, related ?? null);
      }
    });
  }

  fact(name: string): string | undefined {
    const value = this.database.prepare('SELECT value FROM facts WHERE name = ?').get(name)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  setFact(name: string, value: string): void {
    this.database.prepare('INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(name, value);
  }

  number(sql: string, ...values: readonly SqliteValue[]): number {
    const row = this.database.prepare(sql).get(...values);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  problemCounts(): Record<Severity, number> {
    this.flush();
    const rows = this.database.prepare('SELECT severity, COUNT(*) AS count FROM problems GROUP BY severity').all();
    const of = (severity: Severity): number => Number(rows.find((row) => row.severity === SEVERITIES.indexOf(severity))?.count ?? 0);
    return { error: of('error'), warning: of('warning'), info: of('info') };
  }

  /** All of them, in the order in which they were found. */
  *problems(): Generator<Problem> {
    this.flush();
    for (const row of this.database.prepare('SELECT * FROM problems ORDER BY id').iterate()) {
      yield problemOfRow(row);
    }
  }

  close(): void {
    this.flush();
    this.database.close();
  }
}

export function problemOfRow({ code, severity, file, row, line, key, message, related }: SqliteRow): Problem {
  return {
    code: String(code),
    severity: SEVERITIES[Number(severity)] ?? 'info',
    file: String(file),
    ...(typeof row === 'number' && { row }),
    ...(typeof line === 'number' && { line }),
    ...(typeof key === 'string' && { key }),
    message: String(message),
    ...(typeof related === 'string' && { related }),
  };
}

function openFile(sqlite: Sqlite, folder: string, root: string): SqliteDatabase {
  const path = join(folder, `${createHash('sha256').update(root).digest('hex').slice(0, 24)}.${sqlite.engine}.db`);
  try {
    mkdirSync(folder, { recursive: true });
    return sqlite.engine === 'wasm' && isOwned(path) ? begun(sqlite, ':memory:') : begun(sqlite, path);
  } catch (error) {
    if (!SqliteError.is(error, SQLITE.corrupt, SQLITE.notADatabase)) {
      return begun(sqlite, ':memory:');
    }
    // All in it can be found out again.
    ['', '-wal', '-shm', '-journal'].forEach((end) => rmSync(path + end, { force: true }));
    return begun(sqlite, path);
  }
}

function begun(sqlite: Sqlite, path: string): SqliteDatabase {
  const database = sqlite.open(path);
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
    if (version !== VERSION) {
      for (const table of ['files', 'uses', 'problems', 'pairs', 'facts']) {
        database.exec(`DROP TABLE IF EXISTS ${table}`);
      }
      database.exec(TABLES);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
