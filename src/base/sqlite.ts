import { existsSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';

export type SqliteValue = number | string | null | Uint8Array;
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

export interface SqliteStatement {
  run(...values: readonly SqliteValue[]): { readonly lastInsertRowid: number; readonly changes: number };
  get(...values: readonly SqliteValue[]): SqliteRow | undefined;
  all(...values: readonly SqliteValue[]): readonly SqliteRow[];
  iterate(...values: readonly SqliteValue[]): IterableIterator<SqliteRow>;
}

/** An open file. All throw `SqliteError`. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  /** A function of three values in SQL, that gives the same for the same ones. */
  define(name: string, work: (one: SqliteValue, two: SqliteValue, three: SqliteValue) => SqliteValue): void;
  close(): void;
}

export interface OpenSqliteOptions {
  readonly readOnly?: boolean;
  /** Milliseconds for which one process waits for another. */
  readonly timeout?: number;
}

/** What runs SQLite here: Node's own, or WebAssembly, which knows no WAL and must never share a file with the other. */
export interface Sqlite {
  readonly engine: 'node' | 'wasm';
  /** `:memory:` is kept in memory alone. @throws {SqliteError} */
  open(path: string, options?: OpenSqliteOptions): SqliteDatabase;
}

/** Primary result codes (sqlite.org/rescode.html). */
export const SQLITE = { error: 1, busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, constraint: 19, notADatabase: 26 } as const;

export class SqliteError extends Error {
  override readonly name = 'SqliteError';

  constructor(
    /** The primary result code; 1 where SQLite told none. */
    readonly code: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  static is(error: unknown, ...codes: readonly number[]): error is SqliteError {
    return error instanceof SqliteError && (codes.length === 0 || codes.includes(error.code));
  }

  static of(error: unknown): SqliteError {
    if (error instanceof SqliteError) {
      return error;
    }
    const message = error instanceof Error ? error.message : String(error);
    const code = (error as { readonly errcode?: unknown } | null)?.errcode;
    return new SqliteError(typeof code === 'number' ? code & 0xff : codeOfWords(message), message, { cause: error });
  }
}

const BUSY_MS = 5000;

/** Node's own SQLite where it has one (22.13 and newer), else WebAssembly's, which is read when it is asked for first. */
export async function loadSqlite(): Promise<Sqlite> {
  return nodeSqlite() ?? (await wasmSqlite());
}

/** Runs `work` in a transaction: all or nothing. */
export function inTransaction<T>(database: SqliteDatabase, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled it back by itself.
    }
    throw SqliteError.of(error);
  }
}

interface RawStatement {
  run(...values: readonly SqliteValue[]): { readonly lastInsertRowid: number | bigint; readonly changes: number | bigint };
  get(...values: readonly SqliteValue[]): SqliteRow | null | undefined;
  all(...values: readonly SqliteValue[]): readonly SqliteRow[];
  iterate(...values: readonly SqliteValue[]): IterableIterator<SqliteRow>;
}

/** What is used of `node:sqlite`; the types of Node 20 do not know it. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
    options?: { readonly readOnly?: boolean; readonly timeout?: number },
  ) => {
    exec(sql: string): void;
    prepare(sql: string): RawStatement;
    function(name: string, options: { readonly deterministic: boolean }, work: (one: SqliteValue, two: SqliteValue, three: SqliteValue) => SqliteValue): void;
    close(): void;
  };
}

/** Not imported: Node 20 would refuse to load the whole bundle. */
export function nodeSqlite(): Sqlite | undefined {
  const module = process.getBuiltinModule?.('node:sqlite' as 'node:fs') as unknown as NodeSqlite | undefined;
  return module && {
    engine: 'node',
    open(path, { readOnly = false, timeout = BUSY_MS } = {}) {
      const database = attempt(() => new module.DatabaseSync(path, { readOnly, timeout }));
      attempt(() => database.exec(`PRAGMA busy_timeout = ${timeout}`));
      return {
        exec: (sql) => attempt(() => database.exec(sql)),
        prepare: (sql) => statementOf(attempt(() => database.prepare(sql))),
        define: (name, work) => attempt(() => database.function(name, { deterministic: true }, (one, two, three) => work(one, two, three))),
        close: () => attempt(() => database.close()),
      };
    },
  };
}

export async function wasmSqlite(): Promise<Sqlite> {
  const { Database } = (await import('node-sqlite3-wasm')).default;
  return {
    engine: 'wasm',
    open(path, { readOnly = false, timeout = BUSY_MS } = {}) {
      const owned = path !== ':memory:' && !readOnly;
      if (owned) {
        removeStaleLock(path);
        attempt(() => writeFileSync(ownerOf(path), String(process.pid)));
      }
      const database = attempt(() => new Database(path, { readOnly, fileMustExist: readOnly }));
      const statements: Finalizable[] = [];
      attempt(() => database.exec(`PRAGMA busy_timeout = ${timeout}`));
      return {
        exec: (sql) => attempt(() => database.exec(sql)),
        prepare(sql) {
          const statement = attempt(() => database.prepare(sql));
          statements.push(statement);
          return statementOf({
            run: (...values) => statement.run(values as SqliteValue[]),
            get: (...values) => statement.get(values as SqliteValue[]) as SqliteRow | null,
            all: (...values) => statement.all(values as SqliteValue[]) as SqliteRow[],
            iterate: (...values) => statement.iterate(values as SqliteValue[]) as IterableIterator<SqliteRow>,
          });
        },
        define: (name, work) => void attempt(() => database.function(name, ((one: SqliteValue, two: SqliteValue, three: SqliteValue) => work(one, two, three)) as (...values: unknown[]) => SqliteValue, { deterministic: true })),
        close() {
          statements.filter(({ isFinalized }) => !isFinalized).forEach(finalize);
          attempt(() => database.close());
          if (owned) {
            rmSync(ownerOf(path), { force: true });
          }
        },
      };
    },
  };
}

interface Finalizable {
  finalize(): void;
  readonly isFinalized: boolean;
}

function finalize(statement: Finalizable): void {
  try {
    statement.finalize();
  } catch {
    // It tells the statement's last failure once more.
  }
}

/** node-sqlite3-wasm locks by making a folder, which a process that is killed meanwhile leaves behind. */
function removeStaleLock(path: string): void {
  if (existsSync(`${path}.lock`) && !isOwned(path)) {
    try {
      rmdirSync(`${path}.lock`);
    } catch {
      // Someone else was quicker; who holds it now shows when it is used.
    }
  }
}

/** Whether a process that lives has the file open by WebAssembly. */
export function isOwned(path: string): boolean {
  try {
    process.kill(Number(readFileSync(ownerOf(path), 'utf8')) || Infinity, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ownerOf(path: string): string {
  return `${path}.owner`;
}

function statementOf(raw: RawStatement): SqliteStatement {
  return {
    run(...values) {
      const { lastInsertRowid, changes } = attempt(() => raw.run(...values));
      return { lastInsertRowid: Number(lastInsertRowid), changes: Number(changes) };
    },
    get: (...values) => attempt(() => raw.get(...values)) ?? undefined,
    all: (...values) => attempt(() => raw.all(...values)),
    *iterate(...values) {
      try {
        yield* raw.iterate(...values);
      } catch (error) {
        throw SqliteError.of(error);
      }
    },
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw SqliteError.of(error);
  }
}

/** SQLite's own words of its codes (`sqlite3ErrStr` in its main.c), as WebAssembly's driver gives no number. */
const WORDS: readonly (readonly [RegExp, number])[] = [
  [/database (?:table )?is locked/, SQLITE.busy],
  [/readonly database/, SQLITE.readOnly],
  [/disk I\/O error/, SQLITE.ioError],
  [/malformed/, SQLITE.corrupt],
  [/disk is full/, SQLITE.full],
  [/could not open|unable to open/i, SQLITE.cannotOpen],
  [/constraint failed/, SQLITE.constraint],
  [/not a database/, SQLITE.notADatabase],
];

function codeOfWords(message: string): number {
  return WORDS.find(([words]) => words.test(message))?.[1] ?? SQLITE.error;
}
