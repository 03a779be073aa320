import { dirname, relative } from 'node:path';
import { inTransaction } from '../../base/sqlite.ts';
import type { Catalogue } from './catalogue.ts';
import type { ItemNote } from './catalogueApi.ts';
import { pathOfPlace } from './describe.ts';
import { COUNTED_COLUMNS, countedOf } from './tally.ts';

/** Puts down what a check found out of items. Answers how many of them are in the catalogue. */
export function annotate({ database, base, tally }: Catalogue, notes: readonly ItemNote[]): number {
  const find = database.prepare(`SELECT item.id, ${COUNTED_COLUMNS} FROM item JOIN folder ON folder.id = item.folder WHERE folder.path = ? AND item.name = ?`);
  const setHash = database.prepare('UPDATE item SET hash = ? WHERE id = ?');
  const setHealth = database.prepare('UPDATE item SET severity = ?, health = ? WHERE id = ?');
  return inTransaction(database, () => {
    let known = 0;
    for (const { place, hash, health } of notes) {
      const path = pathOfPlace(place);
      const row = find.get(relative(base, dirname(path)), path.slice(path.lastIndexOf('/') + 1));
      const id = row?.['id'];
      if (row !== undefined && id !== undefined) {
        known++;
        if (hash !== undefined) {
          setHash.run(hash, id);
        }
        if (health !== undefined) {
          setHealth.run(health?.severity ?? null, health?.message ?? null, id);
          tally.change(countedOf(row), { ...countedOf(row), severity: health?.severity ?? null });
        }
      }
    }
    return known;
  });
}
