import { statSync } from 'node:fs';
import { formatBytes, formatCount, formatCountOf } from '../../base/format.ts';
import { inTransaction, type SqliteDatabase, type SqliteRow, type SqliteStatement } from '../../base/sqlite.ts';
import { Archive, stepsOf } from '../../media/archives/archive.ts';
import { ArchiveError } from '../../media/archives/archiveError.ts';
import type { MediaKind } from '../../media/media.ts';
import { labelOfFolders } from '../formats/support/folderLabels.ts';
import { kindByName, splitOfName, splitOfPath } from '../../media/names.ts';
import { LOOK_COLUMNS, pathOfRow } from './lookAt.ts';
import { Meta } from './meta.ts';
import { STATE } from './schema.ts';
import { removeItems } from './takeFolders.ts';
import type { Tally } from './tally.ts';

export interface ListArchivesOptions {
  /** Absolute path of the folder that the items' paths begin at. */
  readonly base: string;
  readonly database: SqliteDatabase;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** Lets others have their turn. */
  readonly rest: () => Promise<void>;
  readonly onChange: () => void;
}

/** Members that become items, of all archives of a dataset together. */
const MOST_MEMBERS = 2_000_000;
const BATCH = 500;
/** Items among which archives are looked for at once: some milliseconds. */
const CHUNK = 16_384;
/** Bytes of a gzipped archive, which tells its members only when all of it is unpacked. */
const MOST_GZIPPED = 256 * 2 ** 20;
const BY_NAME = ['%.tar', '%.tar.gz', '%.tgz', '%.zip'];

/**
 * Makes the members of tar and zip archives items, below folders of the kind `shard.tar!/inside`. Only archives that are new
 * or have changed are read, and of these only the headers. Answers what a person should know: that some are not listed.
 */
export async function listArchives(options: ListArchivesOptions): Promise<string | undefined> {
  const { base, database, signal } = options;
  const lister = new Lister(options);
  lister.forgetGone();
  const next = database.prepare(
    `SELECT ${LOOK_COLUMNS}, item.split FROM item JOIN folder ON folder.id = item.folder
     WHERE item.id BETWEEN ? AND ? AND folder.archive IS NULL AND item.bytes IS NULL AND folder.bytes IS NULL
       AND (${BY_NAME.map(() => 'item.name LIKE ?').join(' OR ')})
     ORDER BY item.id`,
  );
  const last = Number(database.prepare('SELECT max(id) AS last FROM item').get()?.['last'] ?? 0);
  for (let from = 1; from <= last; from += CHUNK) {
    await options.rest();
    for (const row of next.all(from, from + CHUNK - 1, ...BY_NAME)) {
      signal.throwIfAborted();
      const file = pathOfRow(base, row) as string;
      if (lister.total >= MOST_MEMBERS) {
        lister.unlisted++;
      } else {
        await listOne(lister, row, file, options);
      }
    }
  }
  return lister.unlisted === 0
    ? undefined
    : `The members of ${formatCountOf(lister.unlisted, 'archive')} are not listed: ${formatCount(MOST_MEMBERS)} members are the most, and gzipped archives of ${formatBytes(MOST_GZIPPED)}`;
}

async function listOne(lister: Lister, row: SqliteRow, file: string, { signal, rest, onChange }: ListArchivesOptions): Promise<void> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || lister.isListed(row, found.mtimeMs)) {
    return;
  }
  if (found.size > MOST_GZIPPED && /gz$/i.test(file)) {
    lister.unlisted++;
    return;
  }
  try {
    const archive = Archive.open(file);
    if (archive === undefined) {
      return;
    }
    try {
      await archive.scan({ signal });
      lister.begin(row);
      for (let from = 0; from < archive.table.length && lister.total < MOST_MEMBERS; from += BATCH) {
        const members = Array.from({ length: Math.min(BATCH, archive.table.length - from) }, (_, at) => archive.table.at(from + at)).filter((member) => member !== undefined);
        lister.add(members);
        onChange();
        await rest();
        signal.throwIfAborted();
      }
      lister.end(row, found.mtimeMs);
    } finally {
      archive.dispose();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ArchiveError)) {
      throw error;
    }
    // Its own item tells what is wrong with it, when it is looked at.
  }
}

class Lister {
  /** Members that are items. */
  total: number;
  /** Archives that are passed over. */
  unlisted = 0;
  private readonly meta: Meta;
  private readonly findFolder: SqliteStatement;
  private readonly insertFolder: SqliteStatement;
  private readonly insertItem: SqliteStatement;
  private folders = new Map<string, number>();
  private archive = { id: 0, path: '', split: undefined as string | undefined };

  constructor(private readonly options: ListArchivesOptions) {
    const { database } = options;
    this.meta = new Meta(database);
    this.findFolder = database.prepare('SELECT id, modified FROM folder WHERE path = ?');
    this.insertFolder = database.prepare('INSERT INTO folder (parent, path, linked, walk, archive) VALUES (?, ?, 0, 0, ?)');
    this.insertItem = database.prepare(
      `INSERT OR IGNORE INTO item (id, folder, name, state, kind, applies, size, label, split) VALUES (?, ?, ?, ${STATE.left}, ?, 0, ?, ?, ?)`,
    );
    this.total = Number(database.prepare('SELECT count(*) AS n FROM item WHERE folder IN (SELECT id FROM folder WHERE archive IS NOT NULL)').get()?.['n'] ?? 0);
  }

  /** Members of archives that are not there any more. */
  forgetGone(): void {
    this.forget('archive IS NOT NULL AND archive NOT IN (SELECT id FROM item)');
  }

  isListed(row: SqliteRow, modified: number): boolean {
    return this.findFolder.get(`${pathOf(row)}!`)?.['modified'] === modified;
  }

  begin(row: SqliteRow): void {
    const path = pathOf(row);
    this.forget(`archive = ${Number(row['id'])}`);
    this.archive = { id: Number(row['id']), path: `${path}!`, split: splitOfPath(path) ?? splitOfName(String(row['name'])) };
    this.folders = new Map();
    const parent = Number(this.findFolder.get(String(row['folderPath']))?.['id'] ?? 0);
    this.folders.set('', this.insertFolder.run(parent, this.archive.path, this.archive.id).lastInsertRowid);
    this.meta.set('inOrder', 0);
  }

  add(members: readonly { readonly name: string; readonly size: number }[]): void {
    const { database, tally } = this.options;
    inTransaction(database, () => {
      let next = this.meta.nextItem();
      for (const { name, size } of members) {
        const steps = stepsOf(name);
        const base = steps.pop();
        if (base !== undefined && !name.endsWith('/')) {
          const kind: MediaKind = kindByName(base);
          const folder = this.folderOf(steps);
          const label = steps.length === 0 ? null : (labelOfFolders(steps.join('/')) ?? null);
          const split = splitOfPath(`${steps.join('/')}/x`) ?? this.archive.split ?? null;
          if (this.insertItem.run(next++, folder, base, kind, size, label, split).changes === 1) {
            this.total++;
            tally.add({ state: STATE.left, kind, size, duration: null, split, severity: null });
          }
        }
      }
      this.meta.set('nextItem', next);
    });
  }

  end(row: SqliteRow, modified: number): void {
    const { database } = this.options;
    database.prepare('UPDATE folder SET files = (SELECT count(*) FROM item WHERE item.folder = folder.id) WHERE archive = ?').run(row['id']!);
    database.prepare('UPDATE folder SET modified = ? WHERE path = ?').run(modified, this.archive.path);
  }

  private folderOf(steps: readonly string[]): number {
    const inside = steps.join('/');
    let id = this.folders.get(inside);
    if (id === undefined) {
      id = this.insertFolder.run(this.folderOf(steps.slice(0, -1)), `${this.archive.path}/${inside}`, this.archive.id).lastInsertRowid;
      this.folders.set(inside, id);
    }
    return id;
  }

  private forget(condition: string): void {
    const { database, tally } = this.options;
    const folders = database.prepare(`SELECT id FROM folder WHERE ${condition}`).all();
    if (folders.length > 0) {
      inTransaction(database, () => {
        for (const { id } of folders) {
          const ids = database.prepare('SELECT id FROM item WHERE folder = ?').all(id!).map((row) => Number(row['id']));
          removeItems(database, tally, ids);
          this.total -= ids.length;
          database.prepare('DELETE FROM folder WHERE id = ?').run(id!);
        }
      });
    }
  }
}

function pathOf({ folderPath, name }: SqliteRow): string {
  return folderPath === '' ? String(name) : `${String(folderPath)}/${String(name)}`;
}
