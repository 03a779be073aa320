import { inTransaction, type SqliteDatabase, type SqliteStatement, type SqliteValue } from '../../base/sqlite.ts';
import type { MediaKind } from '../../media/media.ts';
import { labelOfFolders } from '../formats/support/folderLabels.ts';
import { kindByName, splitOfPath } from '../../media/names.ts';
import { nameOf, shownName, type PathBytes } from '../walk/pathBytes.ts';
import { SKIP_REASONS, type Skipped } from '../walk/readFolder.ts';
import { compareNames, type KnownFolder, type WalkedFolder } from '../walk/walkTree.ts';
import { APPLIES_TO_KIND } from './mediaFacts.ts';
import { Meta } from './meta.ts';
import { COUNTED_COLUMNS, countedOf, type Tally } from './tally.ts';

/** Rows of one statement; their kinds cross as one letter each. */
const ROWS = 1000;
const LETTERS: Readonly<Record<MediaKind, string>> = { audio: 'a', video: 'v', image: 'i', text: 't', sensor: 's', other: 'o' };
const caseOf = (value: (kind: MediaKind) => string): string =>
  `CASE substr(?6, e.key + 1, 1) ${(Object.keys(LETTERS) as MediaKind[]).map((kind) => `WHEN '${LETTERS[kind]}' THEN ${value(kind)}`).join(' ')} END`;

/** A folder of which parts are still to come: names that were there before and have not been seen again. */
interface Comparing {
  readonly folder: number;
  readonly missing: Map<string, number>;
  files: number;
  readonly skipped: Skipped;
}

/** Puts what a walk finds into the catalogue, and takes out what it does not find again. */
export class FolderTaker {
  readonly skipped: Skipped = {};
  private readonly meta: Meta;
  private readonly findFolder: SqliteStatement;
  private readonly insertFolder: SqliteStatement;
  private readonly seeFolder: SqliteStatement;
  private readonly insertItems: SqliteStatement;
  private readonly insertOdd: SqliteStatement;
  private comparing: Comparing | undefined;
  private nextItem = 1;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly tally: Tally,
    /** Number of this walk: larger than of all before. */
    private readonly walk: number,
  ) {
    this.meta = new Meta(database);
    this.findFolder = database.prepare('SELECT id, modified, files, skipped FROM folder WHERE path = ?');
    this.insertFolder = database.prepare('INSERT INTO folder (parent, path, bytes, linked, walk) VALUES (?, ?, ?, ?, ?)');
    this.seeFolder = database.prepare('UPDATE folder SET walk = ?, modified = ?, files = ?, skipped = ? WHERE id = ?');
    this.insertItems = database.prepare(
      `INSERT OR IGNORE INTO item (id, folder, name, kind, applies, label, split)
       SELECT ?1 + e.key, ?2, e.value, ${caseOf((kind) => `'${kind}'`)}, ${caseOf((kind) => String(APPLIES_TO_KIND[kind]))}, ?3, ?4 FROM json_each(?5) AS e`,
    );
    this.insertOdd = database.prepare('INSERT OR IGNORE INTO item (id, folder, name, bytes, kind, applies, label, split) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  }

  known(path: string): KnownFolder | undefined {
    const row = this.findFolder.get(path);
    if (typeof row?.['modified'] !== 'number') {
      return undefined;
    }
    const folders = this.database
      .prepare('SELECT path, bytes, linked FROM folder WHERE parent = ? AND archive IS NULL ORDER BY path')
      .all(row['id']!)
      .map((inside) => ({ name: lastName(String(inside['path']), inside['bytes']), linked: inside['linked'] === 2 }));
    return { modified: row['modified'], folders };
  }

  /** Whether anything differs from before. All or nothing. */
  take(parts: readonly WalkedFolder[]): boolean {
    return inTransaction(this.database, () => {
      this.nextItem = this.meta.nextItem();
      const before = this.nextItem;
      const changed = parts.map((part) => this.takePart(part)).some(Boolean);
      if (this.nextItem !== before) {
        this.meta.set('nextItem', this.nextItem);
      }
      return changed;
    });
  }

  /** Takes out the folders that this walk did not see. Only after a walk that came to its end. */
  finish(): boolean {
    return inTransaction(this.database, () => {
      const gone = this.database.prepare('SELECT id FROM folder WHERE walk < ? AND archive IS NULL').all(this.walk);
      gone.forEach(({ id }) => this.removeFolder(Number(id)));
      this.meta.set('skipped', JSON.stringify(this.skipped));
      return gone.length > 0;
    });
  }

  private takePart(part: WalkedFolder): boolean {
    const row = this.findFolder.get(part.path) ?? { id: this.addFolder(part.path, part.absolute, part.linked ? 1 : 0, 0), files: 0, skipped: null };
    const skipped = part.unchanged && typeof row['skipped'] === 'string' ? (JSON.parse(row['skipped']) as Skipped) : part.skipped;
    addSkipped(this.skipped, skipped);
    const id = Number(row['id']);
    if (part.failed) {
      return this.takeFailed(part, id);
    }
    if (part.unchanged) {
      this.seeFolder.run(this.walk, part.modified ?? null, row['files']!, row['skipped']!, id);
      return false;
    }
    if (this.comparing?.folder !== id) {
      this.comparing = { folder: id, missing: this.namesOf(id), files: 0, skipped: {} };
    }
    const { missing } = this.comparing;
    addSkipped(this.comparing.skipped, skipped);
    const fresh = part.files.filter((name) => !missing.delete(shownName(name)));
    const isFirst = Number(row['files']) === 0 && this.comparing.files === 0 && !part.more;
    if (!isFirst && fresh.length > 0) {
      this.meta.set('inOrder', 0);
    }
    this.insert(id, part.path, fresh);
    this.addSubfolders(part, id);
    this.comparing.files += part.files.length;
    const hasChanged = fresh.length > 0 || (!part.more && missing.size > 0);
    if (!part.more) {
      this.removeItems([...missing.values()]);
      const left = Object.keys(this.comparing.skipped).length === 0 ? null : JSON.stringify(this.comparing.skipped);
      this.seeFolder.run(this.walk, part.modified ?? null, this.comparing.files, left, id);
      this.comparing = undefined;
    }
    return hasChanged;
  }

  /** What may not be read now stays as it was known; what is gone goes. */
  private takeFailed({ path, skipped }: WalkedFolder, id: number): boolean {
    if (skipped.vanished !== undefined || skipped.linkedAgain !== undefined) {
      this.removeFolder(id);
      return true;
    }
    this.database.prepare("UPDATE folder SET walk = ?1, modified = NULL WHERE id = ?2 OR (path >= ?3 || '/' AND path < ?3 || '0')").run(this.walk, id, path);
    return false;
  }

  private namesOf(folder: number): Map<string, number> {
    return new Map(this.database.prepare('SELECT id, name FROM item WHERE folder = ?').all(folder).map(({ id, name }) => [String(name), Number(id)]));
  }

  private addFolder(path: string, absolute: PathBytes, linked: number, parent: number): number {
    return this.insertFolder.run(parent, path, typeof absolute === 'string' ? null : absolute, linked, this.walk).lastInsertRowid;
  }

  private addSubfolders({ path, absolute, folders }: WalkedFolder, parent: number): void {
    for (const { name, linked } of folders) {
      const inside = path === '' ? shownName(name) : `${path}/${shownName(name)}`;
      if (this.findFolder.get(inside) === undefined) {
        const bytes = typeof absolute === 'string' && typeof name === 'string' ? absolute : Buffer.concat([Buffer.from(absolute as string), Buffer.from('/'), Buffer.from(name as string)]);
        this.addFolder(inside, bytes, linked ? 2 : 0, parent);
      }
      if (linked) {
        // It is walked last, and so is not in its place.
        this.meta.set('inOrder', 0);
      }
    }
  }

  private insert(folder: number, path: string, files: readonly PathBytes[]): void {
    const names = files.filter((name): name is string => typeof name === 'string').sort(compareNames);
    const label = labelOfFolders(path) ?? null;
    const split = splitOfPath(`${path}/x`) ?? null;
    for (let from = 0; from < names.length; from += ROWS) {
      const some = names.slice(from, from + ROWS);
      const kinds = some.map(kindByName);
      const { changes } = this.insertItems.run(this.nextItem, folder, label, split, JSON.stringify(some), kinds.map((kind) => LETTERS[kind]).join(''));
      this.nextItem += some.length;
      if (changes === some.length) {
        kinds.forEach((kind) => this.count(kind, split));
      }
    }
    for (const bytes of files.filter((name) => typeof name !== 'string')) {
      const name = shownName(bytes);
      const kind = kindByName(name);
      const values: readonly SqliteValue[] = [this.nextItem++, folder, name, bytes, kind, APPLIES_TO_KIND[kind], label, split];
      if (this.insertOdd.run(...values).changes === 1) {
        this.count(kind, split);
      }
    }
  }

  private count(kind: MediaKind, split: string | null): void {
    this.tally.add({ state: 0, kind, size: null, duration: null, split, severity: null });
  }

  private removeFolder(id: number): void {
    this.removeItems(this.database.prepare('SELECT id FROM item WHERE folder = ?').all(id).map((row) => Number(row['id'])));
    this.database.prepare('DELETE FROM folder WHERE id = ?').run(id);
  }

  private removeItems(ids: readonly number[]): void {
    removeItems(this.database, this.tally, ids);
  }
}

/** Within a transaction of the caller. */
export function removeItems(database: SqliteDatabase, tally: Tally, ids: readonly number[]): void {
  for (let from = 0; from < ids.length; from += ROWS) {
    const some = JSON.stringify(ids.slice(from, from + ROWS));
    for (const row of database.prepare(`SELECT ${COUNTED_COLUMNS} FROM item WHERE id IN (SELECT value FROM json_each(?))`).all(some)) {
      tally.add(countedOf(row), -1);
    }
    database.prepare('DELETE FROM item WHERE id IN (SELECT value FROM json_each(?))').run(some);
  }
}

function addSkipped(sums: Skipped, more: Skipped): void {
  for (const reason of SKIP_REASONS) {
    const count = more[reason];
    if (count !== undefined) {
      sums[reason] = (sums[reason] ?? 0) + count;
    }
  }
}

function lastName(path: string, bytes: unknown): PathBytes {
  if (bytes instanceof Uint8Array) {
    const all = Buffer.from(bytes);
    return nameOf(all.subarray(all.lastIndexOf(0x2f) + 1));
  }
  return path.slice(path.lastIndexOf('/') + 1);
}
