import { readdirSync, watch } from 'node:fs';
import type { FSWatcher, WatchEventType } from 'node:fs';
import { toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Disposable } from '../../base/disposable.ts';
import { localPath, lookAt } from '../listing/localStat.ts';
import { isOwn } from '../listing/ownNames.ts';

export interface HintListener {
  /** Something happened at this name, or may have. Names in `.git` are told too. */
  onHint(this: void, path: BytePath): void;
  /** Not all can be told any more: the whole is to be compared. `said`: what a person may do about it. */
  onLost(this: void, said: string): void;
}

/** Folders that are watched; more are compared from time to time instead. Well below the kernel's limit of watches for one user. */
export const MOST_FOLDERS = 8192;

/**
 * Watches each folder of a tree with inotify, as Node does it one by one: its own recursive way stats every file here, and misses
 * names in folders that are new. Events are hints; what the kernel drops is not told at all, so whoever listens compares the whole
 * now and then. Of a repository's own folder the top alone is watched, where its locks and HEAD are.
 */
export function watchFolders(root: string, { onHint, onLost }: HintListener, skip: (folder: BytePath) => boolean): Disposable {
  const watchers = new Map<BytePath, FSWatcher>();
  const base = toBytePath(root);
  let lost = false;

  function lose(said: string): void {
    if (!lost) {
      lost = true;
      onLost(said);
    }
  }
  function add(folder: BytePath): void {
    if (watchers.has(folder) || isOwn(folder) || (folder !== '' && skip(folder))) {
      return;
    }
    if (watchers.size >= MOST_FOLDERS) {
      lose(`There are more than ${MOST_FOLDERS} folders: the rest is compared every minute.`);
      return;
    }
    try {
      const watcher = watch(localPath(base, folder), { encoding: 'buffer', persistent: false }, (event, name) => told(folder, event, name));
      watcher.on('error', () => remove(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
        lose('The limit of watches is reached: sudo sysctl fs.inotify.max_user_watches=1048576 raises it. Until then folders are compared every minute.');
      }
      return;
    }
    if (!isGit(folder)) {
      foldersIn(folder).forEach(add);
    }
  }
  function foldersIn(folder: BytePath): readonly BytePath[] {
    try {
      return readdirSync(localPath(base, folder), { withFileTypes: true, encoding: 'buffer' })
        .filter((entry) => entry.isDirectory())
        .map((entry) => below(folder, entry.name.toString('latin1')));
    } catch {
      return [];
    }
  }
  function told(folder: BytePath, event: WatchEventType, name: Buffer | null): void {
    const path = name === null ? folder : below(folder, name.toString('latin1'));
    // A folder's end is told under its own name; another one may have taken its place.
    if (event === 'rename' && folder !== '' && path.endsWith(`/${folder.slice(folder.lastIndexOf('/') + 1)}`)) {
      remove(folder);
      watchNew(folder);
    }
    if (isOwn(path)) {
      return;
    }
    onHint(path);
    const kind = isGit(folder) ? 'none' : kindOf(path);
    if (kind === 'folder' && !watchers.has(path)) {
      watchNew(path);
    } else if (kind === 'none' && watchers.has(path)) {
      remove(path);
    }
  }
  function watchNew(folder: BytePath): void {
    if (kindOf(folder) === 'folder') {
      add(folder);
    }
    // What was put into it before it was watched.
    if (watchers.has(folder)) {
      namesIn(folder).forEach((inner) => onHint(inner));
    }
  }
  function namesIn(folder: BytePath): readonly BytePath[] {
    try {
      return readdirSync(localPath(base, folder), { encoding: 'buffer' }).flatMap((name) => {
        const path = below(folder, name.toString('latin1'));
        return watchers.has(path) ? [path, ...namesIn(path)] : [path];
      });
    } catch {
      return [];
    }
  }
  function remove(folder: BytePath): void {
    for (const [path, watcher] of watchers) {
      if (path === folder || path.startsWith(`${folder}/`)) {
        watcher.close();
        watchers.delete(path);
      }
    }
  }
  function kindOf(path: BytePath): 'folder' | 'other' | 'none' {
    try {
      const stat = lookAt(base, path);
      return stat === undefined ? 'none' : stat.isDirectory() ? 'folder' : 'other';
    } catch {
      // What may not be looked at any more cannot be watched either.
      return 'none';
    }
  }

  add('');
  return { dispose: () => watchers.forEach((watcher) => watcher.close()) };
}

function below(folder: BytePath, name: string): BytePath {
  return folder === '' ? name : `${folder}/${name}`;
}

function isGit(folder: BytePath): boolean {
  return folder === '.git' || folder.endsWith('/.git');
}
