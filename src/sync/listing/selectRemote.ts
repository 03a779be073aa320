import { singleQuoted } from '../../base/shellWords.ts';
import { shownPath, systemPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { isUtf8 } from 'node:buffer';
import { ruleFilter } from './ruleFilter.ts';
import { READING_GIT } from '../../process/git.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { Entry, Listing } from '../entry.ts';
import { SyncError } from '../syncError.ts';
import type { Selection } from '../target.ts';
import { gitNames } from './gitNames.ts';
import type { GitInTree, GitNames, KindAt } from './gitNames.ts';
import { syncErrorOf } from './listRemote.ts';
import { parentOf } from './ownNames.ts';
import { selectNames } from './selectNames.ts';

/** Bytes of what git lists. */
const KEPT = 512 * 1024 * 1024;

export interface Selected extends Listing {
  /** What git said, where it was asked. */
  readonly git?: { readonly names: GitNames; readonly run: GitInTree; readonly kindAt: KindAt };
}

/** What takes part of a listing of a box, as a sending side. `hasGit`: git is there; without it all is listed and rules alone count. */
export async function selectRemote(listing: Listing, selection: Selection, { link, root, hasGit, signal }: { readonly link: SshLink; readonly root: string; readonly hasGit: boolean; readonly signal?: AbortSignal | undefined }): Promise<Selected> {
  const filter = ruleFilter(selection.rules, 'sender');
  const kinds = new Map(listing.entries.map(({ path, kind }) => [path, kind]));
  const kindAt: KindAt = (path) => kinds.get(path);
  const run = gitOn(link, root, signal);
  const names = selection.list === 'git' && hasGit && listing.root.kind === 'folder' ? await gitNames(run, kindAt) : undefined;
  const named = names === undefined ? listing : { ...listing, ...onlyNamed(listing.entries, names) };
  return { ...listing, ...selectNames(named, filter, selection.largest), ...(names !== undefined && { git: { names, run, kindAt } }) };
}

function onlyNamed(entries: readonly Entry[], { names, ignored }: GitNames): Pick<Listing, 'entries' | 'skipped'> {
  const folders = new Set<BytePath>();
  for (const name of names) {
    for (let folder = parentOf(name); folder !== undefined && !folders.has(folder); folder = parentOf(folder)) {
      folders.add(folder);
    }
  }
  return {
    entries: entries.filter(({ path, kind }) => (kind === 'folder' ? folders.has(path) || names.has(path) : names.has(path))),
    skipped: entries.filter(({ path }) => ignored.has(path)).map(({ path, size }) => ({ path, reason: 'ignored by git', bytes: size })),
  };
}

function gitOn(link: SshLink, root: string, signal: AbortSignal | undefined): GitInTree {
  return async (folder, args, stdin) => {
    const bytes = systemPath(folder);
    if (!isUtf8(bytes)) {
      throw new SyncError('target', `git on ${link.host} cannot be asked about ${shownPath(folder)}, whose name is no UTF-8`);
    }
    const place = folder === '' ? root : `${root}/${bytes.toString('utf8')}`;
    const words = ['git', ...READING_GIT, ...args].map((word) => singleQuoted(word)).join(' ');
    try {
      return await link.run(`cd -- ${singleQuoted(place)} && LC_ALL=C ${words}`, { keep: KEPT, ...(stdin && { stdin }), ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw syncErrorOf(error, link.host);
    }
  };
}
