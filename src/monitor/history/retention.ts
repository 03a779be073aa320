import { LEVELS, LEVEL_NUMBERS } from './levels.ts';
import type { SqliteDatabase, SqliteStatement } from '../../base/sqlite.ts';

/** In one step. One a minute is more than what comes in a minute; where it is not enough, each transaction is followed by one. */
const BLOCKS = 8;
const ROWS = 64;
const PAGES = 64;
const MAX_EVENTS = 100_000;
/** Share of the pages from which on the oldest goes. */
const FULL = 0.9;

/** Removes what is older than its level keeps, and where the file grows too large the oldest, a little at a time. */
export class Retention {
  private readonly deleteOld: SqliteStatement;
  private readonly deleteOldest: SqliteStatement;
  private readonly oldest: SqliteStatement;
  private readonly deleteThings: SqliteStatement;
  private readonly deleteEvents: SqliteStatement;
  private readonly pages: SqliteStatement;
  private readonly free: SqliteStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly maxPages: number,
  ) {
    this.deleteOld = database.prepare(
      `DELETE FROM block WHERE id IN (SELECT id FROM block WHERE level = ? AND first < ? AND last < ? ORDER BY first LIMIT ${BLOCKS})`,
    );
    // The coarse ones reach back the furthest.
    this.deleteOldest = database.prepare(
      `DELETE FROM block WHERE id IN (SELECT id FROM (${LEVEL_NUMBERS.map(
        (level) => `SELECT * FROM (SELECT id, first, level FROM block WHERE level = ${level} ORDER BY first LIMIT ${BLOCKS})`,
      ).join(' UNION ALL ')}) ORDER BY first, level DESC LIMIT ${BLOCKS})`,
    );
    this.oldest = database.prepare('SELECT min(first) AS first FROM block WHERE level = ?');
    this.deleteThings = database.prepare(`DELETE FROM thing WHERE id IN (SELECT id FROM thing WHERE level = ? AND last < ? LIMIT ${ROWS})`);
    this.deleteEvents = database.prepare(
      `DELETE FROM event WHERE id IN (SELECT id FROM event WHERE coalesce(until, since) < ? OR id <= (SELECT max(id) FROM event) - ${MAX_EVENTS} ORDER BY id LIMIT ${ROWS})`,
    );
    this.pages = database.prepare('PRAGMA page_count');
    this.free = database.prepare('PRAGMA freelist_count');
  }

  /** One small transaction. True where there is more to do. */
  step(now: number): boolean {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      let removed = 0;
      for (const level of LEVEL_NUMBERS) {
        const limit = now - LEVELS[level].keep;
        removed += Number(this.deleteOld.run(level, limit, limit).changes);
      }
      const pages = Number(this.pages.get()?.['page_count']);
      const free = Number(this.free.get()?.['freelist_count']);
      if (pages - free > this.maxPages * FULL) {
        removed += Number(this.deleteOldest.run().changes);
      }
      removed += this.removeThings();
      this.deleteEvents.run(now - LEVELS[2].keep);
      this.database.exec('COMMIT');
      if (pages > this.maxPages || free > pages / 4) {
        this.database.exec(`PRAGMA incremental_vacuum(${PAGES})`);
        return pages > this.maxPages || free - PAGES > pages / 4;
      }
      return removed >= BLOCKS;
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Things that are in no block any more. */
  private removeThings(): number {
    let needed = Infinity;
    let removed = 0;
    for (const level of LEVEL_NUMBERS) {
      const first = this.oldest.get(level)?.['first'];
      needed = Math.min(needed, first === null || first === undefined ? Infinity : Number(first));
      removed += needed === Infinity ? 0 : Number(this.deleteThings.run(level, needed).changes);
    }
    return removed;
  }
}
