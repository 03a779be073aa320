import { closeSync, constants, lstatSync, openSync, statSync } from 'node:fs';
import type { SqliteRow } from '../../base/sqlite.ts';
import { MediaError } from '../../media/mediaError.ts';
import type { ProbeOptions, Prober } from '../../media/probe.ts';
import { joinPath, type PathBytes } from '../walk/pathBytes.ts';
import { factsOf, type StoredFacts } from './mediaFacts.ts';

/** What a look at a file gave. */
export type Look =
  | { readonly found: 'facts'; readonly modified: number; readonly facts: StoredFacts }
  /** Its header alone does not tell. */
  | { readonly found: 'deeper'; readonly modified: number; readonly size: number }
  /** Of a member of an archive; its state is one of those of members. */
  | { readonly found: 'member'; readonly facts: StoredFacts; readonly state: number }
  | { readonly found: 'same' }
  | { readonly found: 'gone' }
  | { readonly found: 'unreadable'; readonly message: string };

/** What is selected of an item and its folder to look at it. */
export const LOOK_COLUMNS = 'item.id, item.name, item.bytes, item.modified, folder.path AS folderPath, folder.bytes AS folderBytes';

/** The path as the system takes it. */
export function pathOfRow(root: string, row: SqliteRow): PathBytes {
  const { folderPath, folderBytes, name, bytes } = row;
  const folder = folderBytes instanceof Uint8Array ? Buffer.from(folderBytes) : folderPath === '' ? root : joinPath(root, String(folderPath));
  return joinPath(folder, bytes instanceof Uint8Array ? Buffer.from(bytes) : String(name));
}

/** At once, from one or two small reads. `knownAs` is what an earlier look knows of the file; one that is so still is not read. */
export function lookFast(prober: Prober, path: PathBytes, knownAs?: { readonly modified: number; readonly size: number }): Look {
  try {
    const { mtimeMs: modified, size } = statSync(path);
    if (knownAs?.modified === modified && knownAs.size === size) {
      return { found: 'same' };
    }
    const media = withText(path, (text) => prober.probeFast(text));
    return media === undefined ? { found: 'deeper', modified, size } : { found: 'facts', modified, facts: factsOf(media) };
  } catch (error) {
    return failure(error, path);
  }
}

export async function lookDeep(prober: Prober, path: PathBytes, options: ProbeOptions): Promise<Look> {
  try {
    const { mtimeMs: modified } = statSync(path);
    const media = await prober.probe(typeof path === 'string' ? path : path.toString('utf8'), options);
    return { found: 'facts', modified, facts: factsOf(media) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return failure(error, path);
  }
}

/** A name that is no text is reached by the number of its open file. */
function withText<T>(path: PathBytes, use: (path: string) => T): T {
  if (typeof path === 'string') {
    return use(path);
  }
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    return use(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

function failure(error: unknown, path: PathBytes): Look {
  const { reason, message } = MediaError.from(error, String(path));
  if (reason !== 'notFound') {
    return { found: 'unreadable', message };
  }
  try {
    lstatSync(path);
    return { found: 'unreadable', message: `${String(path)} is a link that leads nowhere` };
  } catch {
    return { found: 'gone' };
  }
}
