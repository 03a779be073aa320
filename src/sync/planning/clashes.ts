import { shownPath, systemPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Guard, PlanItem } from '../plan.ts';

/** Groups that are told, where the receiving side tells the names apart. */
const MOST_TOLD = 20;

/**
 * Names that are one to a disk that does not tell case, or how letters are composed, apart (macOS, Windows, some mounts): of those
 * the second would overwrite the first, and deleting the old one of a renamed file would delete the new one. `others`: what the
 * receiving side has and no item speaks of.
 */
export function findClashes(items: readonly PlanItem[], others: Iterable<BytePath>, foldsCase: boolean | undefined): readonly Guard[] {
  const names = new Map<string, Set<BytePath>>();
  const add = (path: BytePath): void => {
    const key = folded(path);
    const group = names.get(key);
    if (group === undefined) {
      names.set(key, new Set([path]));
    } else {
      group.add(path);
    }
  };
  const moving = items.filter(({ action }) => action !== 'skip');
  moving.forEach(({ path }) => add(path));
  // Only what folds onto something that moves can clash with it.
  for (const path of others) {
    names.get(folded(path))?.add(path);
  }
  const isMoving = new Set(moving.map(({ path }) => path));
  const groups = [...names.values()].filter((group) => group.size > 1);
  if (foldsCase !== true) {
    return groups.slice(0, MOST_TOLD).map((group): Guard => ({ code: 'caseClash', severity: 'note', message: `${shown(group)} are one name to macOS and Windows` }));
  }
  return groups.flatMap((group) =>
    [...group].filter((path) => isMoving.has(path)).map((path): Guard => ({ code: 'caseClash', severity: 'refused', message: `${shown(group)} are one name on the receiving disk: none of them is touched`, below: path })),
  );
}

function shown(group: ReadonlySet<BytePath>): string {
  const [last = '', ...before] = [...group].map(shownPath).reverse();
  return `${before.reverse().join(', ')} and ${last}`;
}

/** Bytes that are no UTF-8 stay as they are. */
function folded(path: BytePath): string {
  return /[\x80-\xff]/.test(path) ? systemPath(path).toString('utf8').normalize('NFC').toLowerCase().normalize('NFC') : path.toLowerCase();
}
