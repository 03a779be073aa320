import { inTransaction, type SqliteDatabase, type SqliteRow, type SqliteStatement } from '../../base/sqlite.ts';
import { MemberFiles } from '../../media/archives/memberFiles.ts';
import type { MediaPlace } from '../../media/place.ts';
import { createProber, type ProbeOptions } from '../../media/probe.ts';
import { LOOK_COLUMNS, lookDeep, lookFast, pathOfRow, type Look } from './lookAt.ts';
import type { StoredFacts } from './mediaFacts.ts';
import { MemberLooks } from './memberLooks.ts';
import { countRows } from './rowCounts.ts';
import { isMember, STATE } from './schema.ts';
import { COUNTED_COLUMNS, countedOf, type Tally } from './tally.ts';
import { removeItems } from './takeFolders.ts';

export interface FillerOptions {
  readonly root: string;
  readonly database: SqliteDatabase;
  readonly tally: Tally;
  /** Absolute path of the folder for copies of packed members. */
  readonly copies: string;
  /** Runs ffprobe's plans; undefined where no tool may run. Asked for when the first file needs it. */
  readonly ffprobe: () => Promise<ProbeOptions['ffprobe']>;
  /** Whether nobody waits for anything else meanwhile. */
  readonly eager: boolean;
  /** Resolves when no question waits for its answer. */
  readonly quiet: () => Promise<void>;
  /** What was found is in the catalogue. */
  readonly onChange: () => void;
}

/** Milliseconds of work between two turns of others, and of rest after it, so that training keeps its processors and disks. */
const SLICE = 10;
const REST = 5;
/** Looks, and milliseconds, after which what was found goes into the catalogue. */
const FLUSH = 256;
const FLUSH_MS = 200;
const BATCH = 256;
/** Milliseconds for which an item that was shown is not looked at again for being shown. */
const SHOWN_AGAIN = 30_000;
const MOST_SHOWN = 20_000;
/** Files that are looked at deeply at the same time; each may be a process. */
const DEEP = 2;

type Pass = 'fast' | 'deep' | 'again';

/**
 * Looks at the files of a catalogue: first at those that someone sees, then at all others by their headers, then with the
 * libraries and ffprobe at those whose headers do not tell.
 */
export class Filler {
  private readonly prober = createProber();
  private readonly update: SqliteStatement;
  private readonly fail: SqliteStatement;
  private readonly setDeeper: SqliteStatement;
  private readonly rowById: SqliteStatement;
  private readonly files: MemberFiles;
  private readonly members: MemberLooks;
  private readonly shown = new Map<number, number>();
  private wanted: number[] = [];
  private found: { readonly row: SqliteRow; readonly look: Look }[] = [];
  private flushed = performance.now();
  private sliceBegan = performance.now();

  constructor(private readonly options: FillerOptions) {
    const { database, root, copies } = options;
    this.files = new MemberFiles({ folder: copies });
    this.members = new MemberLooks({
      root,
      database,
      prober: this.prober,
      files: this.files,
      probeOptions: (signal) => this.probeOptions(signal),
      keep: (row, look) => this.keep(row, look),
      rest: (signal) => this.restAndShow(signal),
    });
    this.update = database.prepare(
      `UPDATE item SET state = ?1, kind = ?2, container = ?3, size = ?4, modified = ?5, applies = ?, duration = ?, rate = ?, channels = ?, width = ?, height = ?,
       fps = ?, codec = ?, rows = ?, severity = ?, health = ?, hash = CASE WHEN size <> ?4 OR modified <> ?5 THEN NULL ELSE hash END WHERE id = ?`,
    );
    this.fail = database.prepare("UPDATE item SET state = ?, severity = 'error', health = ? WHERE id = ?");
    this.setDeeper = database.prepare(`UPDATE item SET state = ${STATE.deeper}, size = ?, modified = ? WHERE id = ?`);
    this.rowById = database.prepare(
      `SELECT ${LOOK_COLUMNS}, folder.archive, ${COUNTED_COLUMNS} FROM item JOIN folder ON folder.id = item.folder WHERE item.id = ?`,
    );
  }

  /** These are seen now: they are looked at next, again where that was some time ago. */
  show(ids: readonly number[]): void {
    const now = performance.now();
    if (this.shown.size > MOST_SHOWN) {
      this.shown.clear();
    }
    const fresh = ids.filter((id) => now - (this.shown.get(id) ?? -Infinity) > SHOWN_AGAIN);
    fresh.forEach((id) => this.shown.set(id, now));
    if (fresh.length > 0) {
      this.wanted = fresh;
    }
  }

  get isWanted(): boolean {
    return this.wanted.length > 0;
  }

  /** All files; with `again` also those that were looked at before and have changed since. Rejects with the signal's reason. */
  async fill(signal: AbortSignal, again: boolean): Promise<void> {
    for (const pass of again ? (['again', 'fast', 'deep'] as const) : (['fast', 'deep'] as const)) {
      await this.pass(pass, signal);
    }
    await this.members.pass(signal);
    this.flush();
    const { database, onChange, root } = this.options;
    const placeOf = (row: SqliteRow): MediaPlace | undefined => (row['archive'] === null ? { file: String(pathOfRow(root, row)) } : this.members.placeOf(row));
    await countRows({ database, files: this.files, placeOf, rest: (until) => this.restAndShow(until), onChange }, signal);
    await this.lookAtShown(signal);
    this.flush();
  }

  dispose(): void {
    this.files.dispose();
  }

  /** Only what is seen. */
  async lookAtShown(signal: AbortSignal): Promise<void> {
    while (this.wanted.length > 0) {
      const ids = this.wanted;
      this.wanted = [];
      for (const id of ids) {
        if (this.wanted.length > 0) {
          // Someone looks elsewhere now.
          break;
        }
        const row = this.rowById.get(id);
        if (row !== undefined && row['archive'] === null) {
          await this.lookAt(row, true, signal);
        } else if (row !== undefined && (row['state'] === STATE.left || row['state'] === STATE.cut)) {
          this.keep(row, (await this.members.one(row, signal)) ?? { found: 'same' });
        }
      }
      this.flush();
    }
  }

  private async pass(pass: Pass, signal: AbortSignal): Promise<void> {
    const states = { fast: `= ${STATE.named}`, deep: `= ${STATE.deeper}`, again: `IN (${STATE.probed}, ${STATE.failed})` }[pass];
    const next = this.options.database.prepare(
      `SELECT ${LOOK_COLUMNS}, ${COUNTED_COLUMNS} FROM item JOIN folder ON folder.id = item.folder
       WHERE item.id > ? AND item.id <= ? AND item.state ${states} AND folder.archive IS NULL ORDER BY item.id LIMIT ${BATCH}`,
    );
    const last = Number(this.options.database.prepare('SELECT max(id) AS last FROM item').get()?.['last'] ?? 0);
    for (let after = 0; after < last; ) {
      // A stretch without any is passed over in steps.
      const until = Math.min(last, after + 100 * BATCH);
      const rows = next.all(after, until);
      after = rows.length < BATCH ? until : Number(rows.at(-1)!['id']);
      if (pass === 'deep') {
        await this.lookDeeply(rows, signal);
      } else {
        for (const row of rows) {
          await this.lookAt(row, false, signal);
        }
      }
      await this.rest(signal);
    }
    this.flush();
  }

  private async lookAt(row: SqliteRow, deep: boolean, signal: AbortSignal): Promise<void> {
    const path = pathOfRow(this.options.root, row);
    const { state, modified, size } = row;
    const isKnown = state === STATE.probed && typeof modified === 'number' && typeof size === 'number';
    let look = lookFast(this.prober, path, isKnown ? { modified, size } : undefined);
    if (deep && look.found === 'deeper') {
      look = await lookDeep(this.prober, path, await this.probeOptions(signal));
    }
    this.keep(row, look);
    await this.rest(signal);
    if (!deep && this.wanted.length > 0) {
      await this.lookAtShown(signal);
    }
  }

  private async lookDeeply(rows: readonly SqliteRow[], signal: AbortSignal): Promise<void> {
    const waiting = [...rows];
    const one = async (): Promise<void> => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
        this.keep(row, await lookDeep(this.prober, pathOfRow(this.options.root, row), await this.probeOptions(signal)));
        if (this.wanted.length > 0) {
          await this.lookAtShown(signal);
        }
        await this.rest(signal);
      }
    };
    await Promise.all(Array.from({ length: DEEP }, one));
  }

  private async probeOptions(signal: AbortSignal): Promise<ProbeOptions> {
    const ffprobe = await this.options.ffprobe();
    return { signal, ...(ffprobe && { ffprobe }) };
  }

  private async restAndShow(signal: AbortSignal): Promise<void> {
    await this.rest(signal);
    if (this.wanted.length > 0) {
      await this.lookAtShown(signal);
    }
  }

  private async rest(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (performance.now() - this.sliceBegan > SLICE) {
      await new Promise<void>((resolve) => (this.options.eager ? setImmediate(resolve) : setTimeout(resolve, REST)));
      await this.options.quiet();
      this.sliceBegan = performance.now();
      signal.throwIfAborted();
    }
  }

  private keep(row: SqliteRow, look: Look): void {
    if (look.found !== 'same') {
      this.found.push({ row, look });
    }
    if (this.found.length >= FLUSH || performance.now() - this.flushed > FLUSH_MS) {
      this.flush();
    }
  }

  private flush(): void {
    const found = this.found;
    this.found = [];
    this.flushed = performance.now();
    if (found.length > 0) {
      inTransaction(this.options.database, () => found.forEach(({ row, look }) => this.store(row, look)));
      this.options.onChange();
    }
  }

  private store(row: SqliteRow, look: Look): void {
    const { tally } = this.options;
    const id = Number(row['id']);
    // Two may have looked at the same one: what is there now counts.
    const now = this.rowById.get(id);
    if (now === undefined) {
      return;
    }
    const before = countedOf(now);
    switch (look.found) {
      case 'facts':
        this.update.run(STATE.probed, ...valuesOf(look.facts, look.modified), id);
        tally.change(before, { ...before, ...look.facts, state: STATE.probed });
        return;
      case 'member':
        this.update.run(look.state, ...valuesOf(look.facts, null), id);
        tally.change(before, { ...before, ...look.facts, state: look.state });
        return;
      case 'deeper':
        this.setDeeper.run(look.size, look.modified, id);
        tally.change(before, { ...before, size: look.size, state: STATE.deeper });
        return;
      case 'unreadable': {
        const state = isMember(before.state) ? STATE.refused : STATE.failed;
        this.fail.run(state, look.message, id);
        tally.change(before, { ...before, state, severity: 'error' });
        return;
      }
      case 'gone':
        removeItems(this.options.database, tally, [id]);
        return;
      case 'same':
        return;
    }
  }
}

function valuesOf(facts: StoredFacts, modified: number | null): readonly (string | number | null)[] {
  const { kind, container, size, applies, duration, rate, channels, width, height, fps, codec, rows, severity, health } = facts;
  return [kind, container, size, modified, applies, duration, rate, channels, width, height, fps, codec, rows, severity, health];
}
