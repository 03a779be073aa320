import { readdirSync } from 'node:fs';
import type { BytePath } from '../../base/bytePath.ts';
import { createBreather } from '../../base/breather.ts';
import type { Filter, FilterRule } from '../../base/rsyncFilter.ts';
import type { Entry, Skipped, Unlisted } from '../entry.ts';
import { localEntry } from './localEntry.ts';
import { localPath, lookAt, reasonOf } from './localStat.ts';
import { isOwn } from './ownNames.ts';

export interface Walked {
  readonly entries: Entry[];
  readonly skipped: Skipped[];
  readonly unread: Unlisted[];
}

/**
 * Everything below a folder that no rule leaves out, in the order of the bytes of their paths. Links are told of, never followed.
 * What vanishes while it is walked is not there.
 */
export async function walkLocal(root: BytePath, filter: Filter, signal?: AbortSignal): Promise<Walked> {
  const walked: Walked = { entries: [], skipped: [], unread: [] };
  const breathe = createBreather(signal);

  async function walk(folder: BytePath): Promise<void> {
    const prefix = folder === '' ? '' : `${folder}/`;
    const names = readNames(root, folder, walked.unread);
    // Folders whose content comes later: `a.b` stands between `a` and `a/x`. Each ends with a slash.
    const waiting: string[] = [];
    for (const name of names) {
      await descend(prefix, waiting, name);
      const path = prefix + name;
      if (!isOwn(path) && visit(root, path, filter, walked)) {
        waiting.push(`${name}/`);
        waiting.sort();
      }
      // Awaiting nothing would cost a turn as well.
      const pause = breathe();
      if (pause !== undefined) {
        await pause;
      }
    }
    await descend(prefix, waiting, undefined);
  }

  /** Walks the waiting folders whose content comes before a name. */
  async function descend(prefix: string, waiting: string[], before: string | undefined): Promise<void> {
    while (waiting[0] !== undefined && (before === undefined || waiting[0] < before)) {
      await walk(prefix + (waiting.shift() ?? '').slice(0, -1));
    }
  }

  await walk('');
  return walked;
}

export function leftOutWords(rule: FilterRule): string {
  return `left out by the rule “${rule.text}”`;
}

function readNames(root: BytePath, folder: BytePath, unread: Unlisted[]): readonly string[] {
  try {
    return readdirSync(localPath(root, folder), 'latin1').sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      unread.push({ path: folder, reason: reasonOf(error) });
    }
    return [];
  }
}

/** @returns whether it is a folder to be walked. */
function visit(root: BytePath, path: BytePath, filter: Filter, { entries, skipped, unread }: Walked): boolean {
  try {
    const stat = lookAt(root, path);
    if (stat === undefined) {
      return false;
    }
    const rule = filter.leftOutBy(path, stat.isDirectory());
    if (rule !== undefined) {
      skipped.push({ path, reason: leftOutWords(rule), bytes: stat.isFile() ? Number(stat.size) : 0 });
      return false;
    }
    entries.push(localEntry(root, path, stat));
    return stat.isDirectory();
  } catch (error) {
    unread.push({ path, reason: reasonOf(error) });
    return false;
  }
}
