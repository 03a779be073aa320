import type { BytePath } from '../../base/bytePath.ts';
import { formatBytes } from '../../base/format.ts';
import type { Filter } from '../../base/rsyncFilter.ts';
import type { Entry, Listing, Skipped, Unlisted } from '../entry.ts';
import { byPath, parentOf } from './ownNames.ts';
import { leftOutWords } from './walkLocal.ts';

/** Leaves out of a listing what rules leave out, what is larger than `largest`, and what is neither file, folder nor link. */
export function selectNames(
  { entries, skipped, unread }: { readonly entries: readonly Entry[]; readonly skipped: readonly Skipped[]; readonly unread: readonly Unlisted[] },
  filter: Filter | undefined,
  largest = Infinity,
): Pick<Listing, 'entries' | 'skipped' | 'unread'> {
  const left: Skipped[] = [...skipped];
  const leftFolders = new Set<BytePath>();
  const taken = entries.filter((entry) => {
    const { path, kind, size } = entry;
    const rule = filter?.leftOutBy(path, kind === 'folder');
    if (rule === undefined && kind !== 'other' && size <= largest) {
      return true;
    }
    const parent = parentOf(path);
    if (rule !== undefined && kind === 'folder') {
      leftFolders.add(path);
    }
    // Below a folder that is left out it goes without saying.
    if (parent === undefined || !leftFolders.has(parent)) {
      left.push({ path, bytes: size, reason: rule !== undefined ? leftOutWords(rule) : kind === 'other' ? 'neither file, folder nor link' : `larger than ${formatBytes(largest)}` });
    }
    return false;
  });
  return { entries: taken, skipped: left.sort(byPath), unread };
}
