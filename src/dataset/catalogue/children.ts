import type { Result } from '../../base/endpoint.ts';
import type { Catalogue } from './catalogue.ts';
import type { CatalogueApi, CatalogueItem } from './catalogueApi.ts';
import { ITEM_COLUMNS, itemOf } from './storedItem.ts';

/**
 * What lies directly in a folder: its subfolders, with the files below each, then `count` items from `offset` on, by name.
 * `total` is of the items; the subfolders come with the first page alone.
 */
export function childrenOf({ database, base }: Catalogue, folder: string, offset: number, count: number): Result<CatalogueApi, 'children'> {
  const own = database.prepare('SELECT id, files FROM folder WHERE path = ?').get(folder);
  if (own === undefined) {
    return { folders: [], items: [], total: 0 };
  }
  const id = own['id']!;
  const below = database.prepare("SELECT sum(files) AS files FROM folder WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')");
  const folders =
    offset > 0
      ? []
      : database
          .prepare('SELECT path FROM folder WHERE parent = ? ORDER BY path')
          .all(id)
          .map(({ path }) => ({ path: String(path), files: Number(below.get(path!)?.['files'] ?? 0) }));
  const items = database
    .prepare(`SELECT ${ITEM_COLUMNS} FROM item JOIN folder ON folder.id = item.folder WHERE item.folder = ? ORDER BY item.name LIMIT ? OFFSET ?`)
    .all(id, count, offset)
    .map((row): CatalogueItem => itemOf(base, row));
  return { folders, items, total: Number(database.prepare('SELECT count(*) AS n FROM item WHERE folder = ?').get(id)?.['n'] ?? 0) };
}
