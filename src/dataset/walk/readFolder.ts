import type { Dirent } from 'node:fs';
import { opendirSync, promises } from 'node:fs';
import { joinPath, nameOf, type PathBytes } from './pathBytes.ts';

/** Why something was not taken in; the order is that of their weight. */
export const SKIP_REASONS = ['permission', 'unreadable', 'vanished', 'linkedAgain', 'notAFile', 'hidden', 'leftOut'] as const;
/**
 * `linkedAgain`: a link to a folder that is in the walk already. `notAFile`: a socket, device or pipe. `hidden`: a leading
 * dot. `leftOut`: `node_modules` and the like.
 */
export type SkipReason = (typeof SKIP_REASONS)[number];
export type Skipped = Partial<Record<SkipReason, number>>;

export interface FolderPart {
  readonly files: PathBytes[];
  readonly folders: PathBytes[];
  /** Links that lead to folders. */
  readonly linked: PathBytes[];
  readonly skipped: Skipped;
  /** Whether more of the folder follows. */
  readonly more: boolean;
}

/** Folders that hold other people's work by the thousand. */
const LEFT_OUT = new Set(['node_modules', '__pycache__']);
/** Bytes that a folder takes itself, from which on it is read in parts: some ten thousand names. */
const LARGE = 2 ** 20;
const PART = 4096;
/** What Node puts for bytes that are not UTF-8, and a character of its own as well. */
const REPLACEMENT = '\ufffd';
/** A link with such a name is taken for a file unseen: caches of models and data sets link by the million. */
const FILE_NAME = /\.[a-z\d]{1,12}$/i;

/** What a folder holds, in the order in which the system tells it. Rejects with the system's error. */
export async function* readFolder(path: PathBytes, ownSize: number): AsyncGenerator<FolderPart> {
  if (ownSize < LARGE) {
    const entries = await promises.readdir(path, { withFileTypes: true });
    yield await sorted(path, entries, false);
    return;
  }
  const folder = opendirSync(path, { bufferSize: PART });
  try {
    for (let more = true; more; ) {
      const entries: Dirent[] = [];
      while (more && entries.length < PART) {
        const entry = folder.readSync();
        more = entry !== null;
        if (entry !== null) {
          entries.push(entry);
        }
      }
      yield await sorted(path, entries, more);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  } finally {
    folder.closeSync();
  }
}

async function sorted(path: PathBytes, entries: readonly Dirent[], more: boolean): Promise<FolderPart> {
  const part = { files: [] as PathBytes[], folders: [] as PathBytes[], linked: [] as PathBytes[], skipped: {} as Skipped, more };
  let links: PathBytes[] | undefined;
  let isOdd = false;
  for (const entry of entries) {
    if (entry.name.includes(REPLACEMENT)) {
      isOdd = true;
    } else {
      sortIn(part, entry, entry.name, (links ??= []));
    }
  }
  if (isOdd) {
    await addOddNames(part, path, entries, (links ??= []));
  }
  if (links !== undefined && links.length > 0) {
    await followLinks(part, path, links);
  }
  return part;
}

function sortIn(part: FolderPart, entry: Dirent, name: PathBytes, links: PathBytes[]): void {
  if (name[0] === '.' || name[0] === 0x2e) {
    skip(part.skipped, 'hidden');
  } else if (entry.isFile()) {
    part.files.push(name);
  } else if (entry.isDirectory()) {
    if (LEFT_OUT.has(name as string)) {
      skip(part.skipped, 'leftOut');
    } else {
      part.folders.push(name);
    }
  } else if (!entry.isSymbolicLink()) {
    skip(part.skipped, 'notAFile');
  } else if (typeof name === 'string' && FILE_NAME.test(name)) {
    part.files.push(name);
  } else {
    links.push(name);
  }
}

/** Reads the folder again by bytes, and takes those of its names that are among `entries` and did not come through as text. */
async function addOddNames(part: FolderPart, path: PathBytes, entries: readonly Dirent[], links: PathBytes[]): Promise<void> {
  const wanted = new Set(entries.map(({ name }) => name).filter((name) => name.includes(REPLACEMENT)));
  const all = (await promises.readdir(path, { withFileTypes: true, encoding: 'buffer' as 'utf8' }));
  for (const entry of all) {
    const bytes = entry.name as unknown as Buffer;
    if (wanted.has(bytes.toString('utf8'))) {
      sortIn(part, entry, nameOf(bytes), links);
    }
  }
}

async function followLinks(part: FolderPart, path: PathBytes, links: readonly PathBytes[]): Promise<void> {
  for (const name of links) {
    try {
      const found = await promises.stat(joinPath(path, name));
      if (found.isDirectory()) {
        part.linked.push(name);
      } else if (found.isFile()) {
        part.files.push(name);
      } else {
        skip(part.skipped, 'notAFile');
      }
    } catch (error) {
      skip(part.skipped, reasonOf(error));
    }
  }
}

export function skip(skipped: Skipped, reason: SkipReason, count = 1): void {
  skipped[reason] = (skipped[reason] ?? 0) + count;
}

export function reasonOf(error: unknown): SkipReason {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'vanished';
    default:
      return 'unreadable';
  }
}
