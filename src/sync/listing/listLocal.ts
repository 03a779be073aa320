import { isUtf8 } from 'node:buffer';
import { statfsSync, statSync } from 'node:fs';
import { shownPath, toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { createBreather } from '../../base/breather.ts';
import { printable } from '../../base/printable.ts';
import { ruleFilter } from './ruleFilter.ts';
import type { Git } from '../../process/git.ts';
import type { Listing, RootState } from '../entry.ts';
import { SyncError } from '../syncError.ts';
import type { Selection } from '../target.ts';
import { gitNames } from './gitNames.ts';
import type { GitInTree, GitNames, KindAt } from './gitNames.ts';
import { localEntry } from './localEntry.ts';
import { localPath, lookAt, reasonOf } from './localStat.ts';
import { byPath, isOwn, parentOf } from './ownNames.ts';
import { selectNames } from './selectNames.ts';
import { walkLocal } from './walkLocal.ts';
import type { Walked } from './walkLocal.ts';

export interface LocalListing extends Listing {
  /** What git said, where it was asked. */
  readonly git?: { readonly names: GitNames; readonly run: GitInTree; readonly kindAt: KindAt };
}

/**
 * What is below a folder here. `selection`: what takes part of it; all where left out, as for a receiving side. `git`: left out where
 * it is not on this machine. `root`: absolute path. Rejects with a `SyncError`.
 */
export async function listLocal(root: string, selection: Selection | undefined, { git, signal }: { readonly git?: Git | undefined; readonly signal?: AbortSignal | undefined } = {}): Promise<LocalListing> {
  const base = toBytePath(root);
  const state = localRoot(root);
  if (state.kind !== 'folder') {
    return { entries: [], skipped: [], unread: [], root: state };
  }
  const filter = ruleFilter(selection?.rules ?? [], 'sender');
  const kindAt: KindAt = (path) => kindOf(base, path);
  if (selection?.list === 'git') {
    if (git === undefined && isInWorkTree(root)) {
      throw new SyncError('target', `git, which says what of ${printable(root)} is to be sent, was not found on this machine. Install git, or have the target list all files and leave some out by rules.`);
    }
    const run: GitInTree | undefined = git && ((folder, args, stdin) => git(gitFolder(base, folder), args, { ...(stdin && { stdin }), ...(signal && { signal }) }));
    const names = run && (await gitNames(run, kindAt));
    if (run !== undefined && names !== undefined) {
      const walked = await statNames(base, names, signal);
      return { ...selectNames(walked, filter, selection.largest), root: state, git: { names, run, kindAt } };
    }
  }
  const walked = await walkLocal(base, filter, signal);
  return { ...selectNames(walked, undefined, selection?.largest), root: state };
}

/** A process can be started in a folder whose name is UTF-8, and in no other. */
function gitFolder(root: BytePath, folder: BytePath): string {
  const bytes = Buffer.from(localPath(root, folder));
  if (!isUtf8(bytes)) {
    throw new SyncError('target', `git cannot be asked about ${shownPath(folder)}, whose name is no UTF-8. Rename it, or leave it out by a rule and have the target list all files.`);
  }
  return bytes.toString();
}

/** `missing` has the free space of the nearest folder above. */
export function localRoot(root: string): RootState {
  const stat = attempt(root, () => statSync(root, { bigint: true, throwIfNoEntry: false }));
  if (stat === undefined) {
    const freeBytes = freeAbove(root);
    return { kind: 'missing', ...(freeBytes !== undefined && { freeBytes }) };
  }
  return stat.isDirectory() ? { kind: 'folder', device: String(stat.dev), inode: String(stat.ino), freeBytes: freeIn(root) ?? Infinity } : { kind: 'notAFolder' };
}

function attempt<T>(root: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new SyncError('permission', `${printable(root)} cannot be looked at: ${reasonOf(error)}`, { cause: error });
  }
}

function freeAbove(root: string): number | undefined {
  const parent = root.slice(0, root.lastIndexOf('/')) || '/';
  return freeIn(parent) ?? (parent === '/' ? undefined : freeAbove(parent));
}

function freeIn(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function kindOf(root: BytePath, path: BytePath): ReturnType<KindAt> {
  try {
    const stat = lookAt(root, path);
    return stat === undefined ? undefined : stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : stat.isFile() ? 'file' : 'other';
  } catch {
    return undefined;
  }
}

/** Whether the folder, or one above it, has a repository's own folder. */
export function isInWorkTree(root: string): boolean {
  return kindOf(toBytePath(root), '.git') !== undefined || (root !== '/' && isInWorkTree(root.slice(0, root.lastIndexOf('/')) || '/'));
}

/** Looks at what git names, and at the folders on the way to it: a name below a link is not in the tree. */
async function statNames(root: BytePath, { names, ignored }: GitNames, signal: AbortSignal | undefined): Promise<Walked> {
  const walked: Walked = { entries: [], skipped: [], unread: [] };
  const breathe = createBreather(signal);
  const folders = new Map<BytePath, boolean>();

  function isFolder(path: BytePath): boolean {
    const known = folders.get(path);
    if (known !== undefined) {
      return known;
    }
    const parent = parentOf(path);
    const is = (parent === undefined || isFolder(parent)) && take(path, false);
    folders.set(path, is);
    return is;
  }
  /** @returns whether it is a folder. */
  function take(path: BytePath, named: boolean): boolean {
    try {
      const stat = lookAt(root, path);
      if (stat !== undefined && (stat.isDirectory() || named)) {
        walked.entries.push(localEntry(root, path, stat));
      }
      return stat?.isDirectory() ?? false;
    } catch (error) {
      walked.unread.push({ path, reason: reasonOf(error) });
      return false;
    }
  }

  for (const path of names) {
    const parent = parentOf(path);
    if (!isOwn(path) && !folders.has(path) && (parent === undefined || isFolder(parent))) {
      if (take(path, true)) {
        folders.set(path, true);
      }
    }
    const pause = breathe();
    if (pause !== undefined) {
      await pause;
    }
  }
  const skipped = [...ignored].filter((path) => !isOwn(path)).map((path) => ({ path, reason: 'ignored by git', bytes: 0 }));
  return { ...walked, skipped, entries: walked.entries.sort(byPath) };
}
