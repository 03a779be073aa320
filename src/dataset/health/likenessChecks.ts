import type { SqliteRow } from '../../base/sqlite.ts';
import { inTransaction } from '../../base/sqlite.ts';
import { problemOf } from '../../media/rules/index.ts';
import { checkAlike } from '../../media/rules/splits.ts';
import { loadSharp } from '../../media/sharpLibrary.ts';
import { createContentHash } from './contentHash.ts';
import type { HealthStore } from './healthStore.ts';
import { lookOf, NearIndex, parseLook } from './nearPictures.ts';

export interface LikenessChecks {
  readonly store: HealthStore;
  readonly run: number;
  readonly distance: number;
  readonly breathe: () => Promise<void> | undefined;
}

/** A hash of nothing but equal pixels: a picture of one colour is like any other of one colour. */
const FLAT = '0000000000000000';
/** Pairs that are kept; of more nobody looks at each. */
const MAX_PAIRS = 200_000;
/** A split of each file: that of its first use. */
const WITH_SPLIT = 'SELECT id, path, size, quick, hash, look, (SELECT split FROM uses WHERE uses.file = files.id AND split IS NOT NULL LIMIT 1) AS split FROM files';

/** Files with the same bytes: of one size first, then with the same ends, then with the same hash of everything. */
export async function findDuplicates({ store, run, breathe }: LikenessChecks): Promise<void> {
  const hasher = await createContentHash();
  const { database } = store;
  const setQuick = database.prepare('UPDATE files SET quick = ? WHERE id = ?');
  const sameSize = database.prepare(`SELECT id, path FROM files WHERE run = ?1 AND quick IS NULL AND size > 0 AND kind IN ('audio', 'video', 'image', 'sensor')
    AND size IN (SELECT size FROM files WHERE run = ?1 AND size > 0 GROUP BY size HAVING COUNT(*) > 1)`);
  await each(sameSize.all(run), async ({ id, path }) => void setQuick.run(hasher.quick(String(path)) ?? '', Number(id)));
  const setHash = database.prepare('UPDATE files SET hash = ? WHERE id = ?');
  const sameEnds = database.prepare(`SELECT id, path FROM files WHERE run = ?1 AND hash IS NULL AND quick <> ''
    AND quick IN (SELECT quick FROM files WHERE run = ?1 AND quick <> '' GROUP BY quick HAVING COUNT(*) > 1)`);
  await each(sameEnds.all(run), async ({ id, path }) => void setHash.run((await hasher.whole(String(path), breathe)) ?? '', Number(id)));
  const groups = new Map<string, SqliteRow>();
  const pairs = new Pairs(store);
  for (const row of database.prepare(`${WITH_SPLIT} WHERE run = ? AND hash <> '' ORDER BY path`).all(run)) {
    await breathe();
    const key = `${String(row.size)}-${String(row.hash)}`;
    const first = groups.get(key);
    if (first === undefined) {
      groups.set(key, row);
    } else {
      pairs.add(first, row, undefined);
    }
  }
  pairs.finish();

  async function each(rows: readonly SqliteRow[], use: (row: SqliteRow) => Promise<void>): Promise<void> {
    for (const row of rows) {
      await breathe();
      await use(row);
    }
  }
}

/** Pictures that look alike. Resolves to why some were left out. */
export async function findNearPictures({ store, run, distance, breathe }: LikenessChecks): Promise<readonly string[]> {
  const { database } = store;
  let sharp;
  try {
    sharp = await loadSharp();
  } catch {
    return ['Pictures were not compared: sharp does not load on this machine.'];
  }
  const set = database.prepare('UPDATE files SET look = ? WHERE id = ?');
  for (const { id, path } of database.prepare("SELECT id, path FROM files WHERE run = ? AND kind = 'image' AND look IS NULL AND size > 0").all(run)) {
    await breathe();
    const look = await lookOf(sharp, String(path)).catch(() => '');
    set.run(look, Number(id));
  }
  const index = new NearIndex(distance);
  const firsts: SqliteRow[] = [];
  const byLook = new Map<string, SqliteRow>();
  const pairs = new Pairs(store);
  for (const row of database.prepare(`${WITH_SPLIT} WHERE run = ? AND look <> '' AND look <> '${FLAT}' ORDER BY path`).all(run)) {
    await breathe();
    const look = String(row.look);
    const same = byLook.get(look);
    if (same !== undefined) {
      if (!isIdentical(same, row)) {
        pairs.add(same, row, 0);
      }
      continue;
    }
    byLook.set(look, row);
    firsts.push(row);
    for (const { number, distance: apart } of index.add(parseLook(look))) {
      const other = firsts[number];
      if (other !== undefined) {
        pairs.add(other, row, apart);
      }
    }
  }
  pairs.finish();
  return [];
}

function isIdentical(a: SqliteRow, b: SqliteRow): boolean {
  return a.size === b.size && a.hash === b.hash && typeof a.hash === 'string' && a.hash !== '';
}

/** Keeps pairs, and tells of each. */
class Pairs {
  private waiting: (readonly [SqliteRow, SqliteRow, number | undefined])[] = [];
  private count = 0;

  constructor(private readonly store: HealthStore) {}

  add(a: SqliteRow, b: SqliteRow, distance: number | undefined): void {
    if (this.count++ >= MAX_PAIRS) {
      return;
    }
    this.waiting.push([a, b, distance]);
    if (this.waiting.length >= 500) {
      this.finish();
    }
  }

  finish(): void {
    const pairs = this.waiting;
    this.waiting = [];
    const insert = this.store.database.prepare('INSERT INTO pairs (near, distance, a, b, splitA, splitB) VALUES (?, ?, ?, ?, ?, ?)');
    inTransaction(this.store.database, () => {
      for (const [a, b, distance] of pairs) {
        insert.run(distance === undefined ? 0 : 1, distance ?? 0, Number(a.id), Number(b.id), a.split ?? null, b.split ?? null);
      }
    });
    for (const [a, b, distance] of pairs) {
      const finding = checkAlike({ a: sideOf(a), b: sideOf(b), ...(distance !== undefined && { distance }) });
      this.store.tell(distance === undefined ? 'duplicates' : 'pictures', problemOf(finding, { file: String(b.path) }));
    }
    this.store.flush();
  }
}

function sideOf({ path, split }: SqliteRow): { readonly path: string; readonly split: string | undefined } {
  return { path: String(path), split: typeof split === 'string' ? split : undefined };
}
