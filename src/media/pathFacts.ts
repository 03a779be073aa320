import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathFrom } from './pathFrom.ts';
import type { Presence, PresenceByListing } from './presence.ts';
import type { PathFacts } from './rules/row.ts';

/** Levels of folders whose case is looked at. */
const MAX_DEPTH = 40;

/**
 * Where a value of a manifest leads: taken from `folder`, and where it leads to nothing from there, from the others in turn.
 * Undefined for addresses and for what is no path.
 */
export function lookAtPath(presence: PresenceByListing, value: string, folder: string, otherFolders: readonly string[]): PathFacts | undefined {
  const path = pathFrom(folder, value);
  if (path === undefined) {
    return undefined;
  }
  const found = presence.of(path);
  if (found.is === 'file' || found.is === 'folder') {
    return { presence: found, path };
  }
  if (found.is === 'case') {
    return { presence: found, path, instead: join(dirname(value), found.name) };
  }
  const slashed = value.includes('\\') ? value.replaceAll('\\', '/') : undefined;
  if (slashed !== undefined && presence.isFile(resolve(folder, slashed))) {
    return { presence: found, path, instead: slashed };
  }
  const cased = sameButCase(presence, path);
  if (cased !== undefined) {
    return { presence: { is: 'case', name: relative(folder, cased) }, path, instead: isAbsolute(value) ? cased : relative(folder, cased) };
  }
  const elsewhere = otherPath(presence, slashed ?? value, otherFolders);
  if (elsewhere !== undefined) {
    return { presence: found, path, elsewhere, instead: asWritten(relative(folder, elsewhere), elsewhere, value) };
  }
  return { presence: found, path };
}

/** A path that is there: the value from another folder; or the end of an absolute one, which was right on another machine. */
function otherPath(presence: PresenceByListing, value: string, folders: readonly string[]): string | undefined {
  const parts = isAbsolute(value) || value.startsWith('..') ? value.split('/').filter((part) => part !== '' && part !== '..') : undefined;
  const ends = parts === undefined ? [value, ...(value.includes('/') ? [value.slice(value.indexOf('/') + 1)] : [])] : parts.slice(0, -1).map((_, index) => parts.slice(index + 1).join('/'));
  for (const end of [...ends, basename(value)].slice(-8)) {
    const there = folders.map((folder) => resolve(folder, end)).find((candidate) => presence.isFile(candidate));
    if (there !== undefined) {
      return there;
    }
  }
  return undefined;
}

function asWritten(short: string, absolute: string, value: string): string {
  return isAbsolute(value) && short.startsWith('..') ? absolute : short.split(sep).join('/');
}

/** The path of a file that differs in upper and lower case alone, in any of its folders. */
function sameButCase(presence: PresenceByListing, path: string): string | undefined {
  const missing: string[] = [];
  let at = path;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const found: Presence = presence.of(at);
    if (found.is === 'folder' || found.is === 'case') {
      break;
    }
    missing.unshift(basename(at));
    const above = dirname(at);
    if (above === at) {
      return undefined;
    }
    at = above;
  }
  if (presence.of(at).is === 'case') {
    missing.unshift(basename(at));
    at = dirname(at);
  }
  let isOther = false;
  for (const name of missing) {
    const found = presence.of(join(at, name));
    if (found.is === 'missing') {
      return undefined;
    }
    isOther ||= found.is === 'case';
    at = join(at, found.is === 'case' ? found.name : name);
  }
  return isOther && presence.isFile(at) ? at : undefined;
}
