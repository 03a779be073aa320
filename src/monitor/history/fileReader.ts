import { statSync } from 'node:fs';
import { isAbsent, type Absent } from '../../base/absent.ts';
import { decodeBlock, type DecodedBlock } from './decodeBlock.ts';
import { HistoryError } from './historyError.ts';
import type { Fact } from './kinds.ts';
import { LEVELS, LEVEL_NUMBERS, type LevelNumber } from './levels.ts';
import { checkVersion } from './schema.ts';
import type { SqliteDatabase, SqliteRow, SqliteValue } from '../../base/sqlite.ts';
import { openDatabase } from './sqlite.ts';

export interface StoredThing {
  readonly key: string;
  readonly facts: readonly Fact[];
}

/** A stretch of time that is read from one level. */
export interface Piece {
  readonly level: LevelNumber;
  readonly from: number;
  /** Not within. */
  readonly to: number;
}

const MAX_THINGS = 20_000;
/** Blocks that are held at once while a range is read. */
const AT_ONCE = 16;

/** Asks the file, each time in one short statement, so that no reader ever holds up the writer. */
export class FileReader {
  private database: SqliteDatabase | undefined;
  private inode = 0;
  private readonly things = new Map<number, StoredThing>();
  /** Blocks that could not be read since the file was opened. */
  unreadable = 0;

  constructor(private readonly path: string) {}

  close(): void {
    this.database?.close();
    this.database = undefined;
    this.things.clear();
  }

  /** @throws {HistoryError} */
  rows(sql: string, ...values: readonly SqliteValue[]): readonly SqliteRow[] {
    try {
      return this.opened().prepare(sql).all(...values);
    } catch (error) {
      throw HistoryError.of(error);
    }
  }

  /** All that is asked meanwhile is of one moment: a writer puts blocks together. Short, since it holds up the log's end. */
  snapshot<T>(work: () => T): T {
    const database = this.opened();
    try {
      database.exec('BEGIN');
      return work();
    } catch (error) {
      throw HistoryError.of(error);
    } finally {
      database.exec('COMMIT');
    }
  }

  hostNumber(name: string): number | undefined {
    const id = this.rows('SELECT id FROM host WHERE name = ?', name)[0]?.['id'];
    return id === undefined ? undefined : Number(id);
  }

  /** From its first moment to the end of its last; undefined where the level has none. */
  coverage(host: number, level: LevelNumber): { readonly from: number; readonly to: number } | undefined {
    const { first, last } = this.rows('SELECT min(first) AS first, max(last) AS last FROM block WHERE host = ? AND level = ?', host, level)[0] ?? {};
    return typeof first === 'number' ? { from: first, to: Number(last) + (level === 0 ? 1 : LEVELS[level].resolution) } : undefined;
  }

  /** Which level tells of which time: the one that is wanted, before it a coarser one, after it a finer one. In order of time. */
  pieces(host: number, from: number, to: number, wanted: LevelNumber): readonly Piece[] {
    const covered = LEVEL_NUMBERS.map((level) => this.coverage(host, level));
    const own = covered[wanted] ?? { from: to, to: from };
    let pieces: Piece[] = [{ level: wanted, from: Math.max(from, own.from), to: Math.min(to, own.to) }];
    let start = own.from;
    for (const level of LEVEL_NUMBERS.filter((number) => number > wanted)) {
      const span = covered[level];
      const { resolution } = LEVELS[level];
      // Where its first bucket reaches into what is known better, there is nothing older.
      if (span !== undefined && start > from && span.from + resolution <= start) {
        const border = Math.min(to, span.to, Math.ceil(start / resolution) * resolution);
        pieces = pieces.map((piece) => ({ ...piece, from: Math.max(piece.from, border) }));
        pieces.push({ level, from: Math.max(from, span.from), to: border });
        start = span.from;
      }
    }
    let end = own.to;
    for (const level of LEVEL_NUMBERS.filter((number) => number < wanted).reverse()) {
      const span = covered[level];
      if (span !== undefined && end < to) {
        pieces.push({ level, from: Math.max(from, end, span.from), to: Math.min(to, span.to) });
        end = Math.max(end, span.to);
      }
    }
    return pieces.filter((piece) => piece.from < piece.to).sort((one, other) => one.from - other.from);
  }

  /** The blocks of a piece in order; one that is damaged is left out and counted. */
  *blocks(host: number, { level, from, to }: Piece, part: 'system' | 'processes'): Generator<DecodedBlock, void, undefined> {
    const earliest = level === 0 ? from : from - LEVELS[level].resolution + 1;
    let after: readonly [number, number] = [-Number.MAX_SAFE_INTEGER, 0];
    for (;;) {
      const rows = this.rows(
        `SELECT id, first, ${part} AS part FROM block
         WHERE host = ? AND level = ? AND first < ? AND last >= ? AND (first, id) > (?, ?) ORDER BY first, id LIMIT ${AT_ONCE}`,
        host,
        level,
        to,
        earliest,
        ...after,
      );
      for (const row of rows) {
        after = [Number(row['first']), Number(row['id'])];
        const block = this.decoded(row['part']);
        if (block !== undefined) {
          yield block;
        }
      }
      if (rows.length < AT_ONCE) {
        return;
      }
    }
  }

  decoded(part: SqliteValue | undefined): DecodedBlock | undefined {
    try {
      return part instanceof Uint8Array ? decodeBlock(part) : undefined;
    } catch (error) {
      if (!HistoryError.is(error, 'damaged')) {
        throw error;
      }
      this.unreadable++;
      return undefined;
    }
  }

  thing(id: number): StoredThing | undefined {
    const found = this.things.get(id);
    if (found !== undefined) {
      return found;
    }
    const row = this.rows('SELECT key, facts FROM thing WHERE id = ?', id)[0];
    if (row === undefined) {
      return undefined;
    }
    if (this.things.size >= MAX_THINGS) {
      this.things.clear();
    }
    const thing = { key: String(row['key']), facts: factsOf(String(row['facts'])) };
    this.things.set(id, thing);
    return thing;
  }

  /** The writer may have set the file aside and begun another: then that one is read from now on. */
  private opened(): SqliteDatabase {
    const inode = statSync(this.path, { throwIfNoEntry: false })?.ino;
    if (inode === undefined) {
      throw new HistoryError('missing', `There is no history at ${this.path}`);
    }
    if (this.database !== undefined && inode === this.inode) {
      return this.database;
    }
    this.close();
    const database = openDatabase(this.path, true);
    try {
      checkVersion(database);
    } catch (error) {
      database.close();
      throw HistoryError.of(error);
    }
    this.unreadable = 0;
    this.inode = inode;
    return (this.database = database);
  }
}

function factsOf(json: string): readonly Fact[] {
  const facts: unknown = JSON.parse(json);
  return Array.isArray(facts) ? facts.map((fact: unknown) => (isFact(fact) ? fact : null)) : [];
}

function isFact(value: unknown): value is Exclude<Fact, null> | Absent {
  return ['string', 'number', 'boolean'].includes(typeof value) || isAbsent(value) || (Array.isArray(value) && value.every((word) => typeof word === 'string'));
}
