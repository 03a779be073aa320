import type { BlockBuilder } from './blockBuilder.ts';
import { BlockEncoder } from './encodeBlock.ts';
import type { EventFacts, EventKind, Span } from './eventSpans.ts';
import { LEVELS, type LevelNumber } from './levels.ts';
import type { SqliteDatabase, SqliteStatement } from '../../base/sqlite.ts';
import { storedMoments, type StoredMoment } from './storedMoments.ts';
import type { Reasons, Thing, Things } from './thing.ts';

/** How far ahead the store is told that a thing is in blocks, so that it need not be told each time. Milliseconds. */
const AHEAD = 300_000;

/** How much of an earlier writer's work is looked at. More than a bucket's time. */
const RESUMED = 300_000;

/** Puts into the file what was gathered. All within a transaction of the caller. */
export class Store {
  private readonly encoder = new BlockEncoder();
  private readonly findThing: SqliteStatement;
  private readonly insertThing: SqliteStatement;
  private readonly prolongThing: SqliteStatement;
  private readonly insertBlock: SqliteStatement;
  private readonly deleteBlock: SqliteStatement;
  private readonly insertEvent: SqliteStatement;
  private readonly endEvent: SqliteStatement;
  private undo: (() => void)[] = [];

  constructor(private readonly database: SqliteDatabase) {
    this.findThing = database.prepare('SELECT id FROM thing WHERE host = ? AND kind = ? AND key = ? AND facts = ? ORDER BY id DESC LIMIT 1');
    this.insertThing = database.prepare('INSERT INTO thing (host, kind, key, facts, level, last) VALUES (?, ?, ?, ?, ?, ?)');
    this.prolongThing = database.prepare('UPDATE thing SET level = max(level, ?), last = max(last, ?) WHERE id = ?');
    this.insertBlock = database.prepare('INSERT INTO block (host, level, first, last, system, processes) VALUES (?, ?, ?, ?, ?, ?)');
    this.deleteBlock = database.prepare('DELETE FROM block WHERE id = ?');
    this.insertEvent = database.prepare('INSERT INTO event (host, kind, key, since, until, facts) VALUES (?, ?, ?, ?, NULL, ?)');
    this.endEvent = database.prepare('UPDATE event SET until = ? WHERE id = ?');
  }

  /** All or nothing; what was done in memory is undone where it fails. */
  transaction(work: () => void): void {
    this.undo = [];
    try {
      this.database.exec('BEGIN IMMEDIATE');
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      this.undo.reverse().forEach((undo) => undo());
      try {
        this.database.exec('ROLLBACK');
      } catch {
        // SQLite has rolled it back by itself, or it never began.
      }
      throw error;
    }
  }

  host(name: string): number {
    const found = this.database.prepare('SELECT id FROM host WHERE name = ?').get(name);
    return found === undefined ? Number(this.database.prepare('INSERT INTO host (name) VALUES (?)').run(name).lastInsertRowid) : Number(found['id']);
  }

  /** The moments that are not yet stored; with `whole` all in one block, in place of the rows that held some of them. */
  block(host: number, level: LevelNumber, builder: BlockBuilder, reasons: Reasons, whole: boolean): void {
    const { length, stored, times } = builder;
    const from = whole ? 0 : stored;
    if (from === length || (whole && stored === length && builder.rows.length === 1)) {
      return;
    }
    const last = times[length - 1]!;
    for (const thing of builder.columns.keys()) {
      this.thing(host, level, thing, last);
    }
    const coarse = level > 0;
    const rows = [...builder.rows];
    if (whole) {
      rows.forEach((row) => this.deleteBlock.run(row));
      builder.rows.length = 0;
    }
    const { lastInsertRowid } = this.insertBlock.run(
      host,
      level,
      times[from]!,
      last,
      this.encoder.encode(builder, 'system', coarse, reasons.texts, from, length),
      this.encoder.encode(builder, 'processes', coarse, reasons.texts, from, length),
    );
    builder.rows.push(Number(lastInsertRowid));
    builder.stored = length;
    this.undo.push(() => {
      builder.stored = stored;
      builder.rows.splice(0, Infinity, ...rows);
    });
  }

  events(host: number, begun: readonly Span[], ended: readonly Span[]): void {
    for (const span of begun) {
      span.id = Number(this.insertEvent.run(host, span.kind, span.key, span.since, JSON.stringify(span.facts)).lastInsertRowid);
      this.undo.push(() => (span.id = 0));
    }
    ended.forEach((span) => this.endEvent.run(span.last, span.id));
  }

  /** Events that an earlier writer did not see the end of; each was so at the last moment that is kept. */
  openEvents(host: number): readonly Span[] {
    const last = Number(this.database.prepare('SELECT max(last) AS last FROM block WHERE host = ? AND level = 0').get(host)?.['last'] ?? 0);
    const rows = this.database.prepare('SELECT id, kind, key, since, facts FROM event WHERE host = ? AND until IS NULL').all(host);
    return rows.map(({ id, kind, key, since, facts }) => ({
      id: Number(id),
      kind: kind as EventKind,
      key: String(key),
      since: Number(since),
      last: Math.max(last, Number(since)),
      facts: JSON.parse(String(facts)) as EventFacts,
    }));
  }

  /** Where the last bucket of a level ends; where there is none, long ago. */
  endOf(host: number, level: LevelNumber): number {
    const last = this.database.prepare('SELECT max(last) AS last FROM block WHERE host = ? AND level = ?').get(host, level)?.['last'];
    return typeof last === 'number' ? last + LEVELS[level].resolution : 0;
  }

  /** The samples as they came since a time, at most of some minutes, their things made known to `things`. */
  momentsSince(host: number, time: number, things: Things, reasons: Reasons): readonly StoredMoment[] {
    const since = Math.max(time, this.endOf(host, 0) - RESUMED);
    const blocks = this.database
      .prepare('SELECT system, processes FROM block WHERE host = ? AND level = 0 AND last >= ? ORDER BY first, id')
      .all(host, since);
    return storedMoments(blocks, (id) => this.database.prepare('SELECT key, facts, level, last FROM thing WHERE id = ?').get(id), things, reasons).filter(
      (moment) => moment.time >= since,
    );
  }

  private thing(host: number, level: LevelNumber, thing: Thing, time: number): void {
    const { id, storedLevel, storedLast } = thing;
    const last = time + LEVELS[level].resolution + AHEAD;
    if (id === 0) {
      const facts = JSON.stringify(thing.facts);
      const found = this.findThing.get(host, thing.kindNumber, thing.key, facts);
      thing.id = Number(found?.['id'] ?? this.insertThing.run(host, thing.kindNumber, thing.key, facts, level, last).lastInsertRowid);
      if (found !== undefined) {
        this.prolongThing.run(level, last, thing.id);
      }
    } else if (level > storedLevel || time + LEVELS[level].resolution > storedLast) {
      this.prolongThing.run(level, last, id);
    } else {
      return;
    }
    thing.storedLevel = Math.max(level, storedLevel);
    thing.storedLast = Math.max(last, storedLast);
    this.undo.push(() => Object.assign(thing, { id, storedLevel, storedLast }));
  }
}
