import { promises } from 'node:fs';
import { joinPath, shownName, type PathBytes } from './pathBytes.ts';
import { readFolder, reasonOf, skip, type FolderPart, type Skipped } from './readFolder.ts';

/** A folder as an earlier walk left it. */
export interface KnownFolder {
  /** Milliseconds since 1970, as the system told it then. */
  readonly modified: number;
  /** Its subfolders by name; `linked` ones are those that links lead to. */
  readonly folders: readonly { readonly name: PathBytes; readonly linked: boolean }[];
}

/** A folder, or a part of a large one: its parts follow each other, and all but the last have `more`. */
export interface WalkedFolder {
  /** Relative to the root, with `/`; empty for the root itself. To be shown: bytes that are not UTF-8 stand as `\xNN`. */
  readonly path: string;
  readonly absolute: PathBytes;
  /** Whether it was reached by a link, itself or one of its parents. */
  readonly linked: boolean;
  /** Milliseconds since 1970; undefined where it was changed so lately that it must be read again next time. */
  readonly modified: number | undefined;
  /** The folder is as it was known: the lists are empty then. */
  readonly unchanged: boolean;
  /** In the order in which the system tells them. */
  readonly files: readonly PathBytes[];
  /** Its subfolders, those that links lead to included, in byte order where the folder came in one part. */
  readonly folders: readonly { readonly name: PathBytes; readonly linked: boolean }[];
  readonly skipped: Skipped;
  /** Whether the folder itself could not be read, or is gone, as `skipped` says. */
  readonly failed: boolean;
  readonly more: boolean;
}

export interface WalkOptions {
  readonly signal?: AbortSignal;
  /** What is known of a folder, by its shown path. */
  readonly known?: (path: string) => KnownFolder | undefined;
}

interface Waiting {
  readonly path: string;
  readonly absolute: PathBytes;
  readonly linked: boolean;
}

interface Opened {
  readonly identity: string;
  readonly modified: number | undefined;
  readonly size: number;
  readonly known?: KnownFolder;
  /** The first part; read ahead. */
  readonly first?: FolderPart;
  readonly rest?: AsyncGenerator<FolderPart>;
}

/** Folders that are read at the same time: what a network answers late is waited for together. */
const AHEAD = 4;
/** A file system may stamp two changes with the same time; the coarsest in use has steps of two seconds. Milliseconds. */
const GRAIN = 2000;

/**
 * All folders from a root down, each with the names in it and without a look at its files: depth first, subfolders in byte
 * order. Links to files are files. Folders that links lead to come after all others and are read once, however many ways
 * lead there, so that no walk goes round in circles. Nothing that vanishes or may not be read ends the walk.
 *
 * Rejects where the root itself cannot be read, and with the signal's reason.
 */
export async function* walkTree(root: string, options: WalkOptions = {}): AsyncGenerator<WalkedFolder> {
  const { signal } = options;
  const seen = new Set<string>();
  const stack: Waiting[] = [{ path: '', absolute: root, linked: false }];
  const later: Waiting[] = [];
  const reading = new Map<Waiting, Promise<Opened | { readonly error: unknown }>>();
  try {
    yield* walkFolders();
  } finally {
    // What was read ahead and is not wanted any more holds a folder open.
    void Promise.all([...reading.values()].map(async (opened) => 'rest' in (await opened) && ((await opened) as Opened).rest?.return(undefined)));
  }

  async function* walkFolders(): AsyncGenerator<WalkedFolder> {
    for (let folder = stack.pop() ?? later.shift(); folder !== undefined; folder = stack.pop() ?? later.shift()) {
      readAhead(folder);
      const opened = await reading.get(folder)!;
      reading.delete(folder);
      signal?.throwIfAborted();
      if ('error' in opened) {
        if (folder.path === '') {
          throw opened.error;
        }
        yield failedFolder(folder, opened.error);
      } else if (seen.has(opened.identity)) {
        yield { ...failedFolder(folder, undefined), skipped: { linkedAgain: 1 } };
      } else {
        seen.add(opened.identity);
        yield* walkFolder(folder, opened);
      }
    }
  }

  async function* walkFolder(folder: Waiting, opened: Opened): AsyncGenerator<WalkedFolder> {
    for await (const part of partsOf(folder, opened)) {
      signal?.throwIfAborted();
      for (const { name, linked } of [...part.folders].reverse()) {
        const path = folder.path === '' ? shownName(name) : `${folder.path}/${shownName(name)}`;
        (linked ? later : stack).push({ path, absolute: joinPath(folder.absolute, name), linked: linked || folder.linked });
      }
      if (!part.more) {
        readAhead();
      }
      yield part;
    }
  }

  function readAhead(first?: Waiting): void {
    const next = stack.slice(-AHEAD).reverse();
    for (const waiting of first === undefined ? next : [first, ...next]) {
      if (!reading.has(waiting)) {
        reading.set(waiting, openFolder(waiting, options).catch((error: unknown) => ({ error })));
      }
    }
  }
}

async function openFolder({ path, absolute }: Waiting, { known }: WalkOptions): Promise<Opened> {
  const { dev, ino, mtimeMs, size } = await promises.stat(absolute);
  const identity = `${dev}:${ino}`;
  // A time that lies ahead tells nothing either.
  const modified = Date.now() - mtimeMs < GRAIN ? undefined : mtimeMs;
  const before = known?.(path);
  if (before !== undefined && before.modified === mtimeMs) {
    return { identity, modified, size, known: before };
  }
  const rest = readFolder(absolute, size);
  const first = await rest.next();
  return { identity, modified, size, ...(first.done !== true && { first: first.value }), rest };
}

async function* partsOf(folder: Waiting, { modified, known, first, rest }: Opened): AsyncGenerator<WalkedFolder> {
  const { path, absolute, linked } = folder;
  if (known !== undefined || first === undefined) {
    yield { path, absolute, linked, modified, unchanged: known !== undefined, files: [], folders: known?.folders ?? [], skipped: {}, failed: false, more: false };
    return;
  }
  const partOf = ({ files, folders, linked: links, skipped, more }: FolderPart): WalkedFolder => ({
    path,
    absolute,
    linked,
    modified,
    unchanged: false,
    files,
    folders: [...folders.map((name) => ({ name, linked: false })), ...links.map((name) => ({ name, linked: true }))].sort(byName),
    skipped,
    failed: false,
    more,
  });
  yield partOf(first);
  try {
    for await (const part of rest!) {
      yield partOf(part);
    }
  } catch (error) {
    yield { ...failedFolder(folder, error), failed: false };
  }
}

function failedFolder({ path, absolute, linked }: Waiting, error: unknown): WalkedFolder {
  const skipped: Skipped = {};
  skip(skipped, reasonOf(error ?? {}));
  return { path, absolute, linked, modified: undefined, unchanged: false, files: [], folders: [], skipped, failed: true, more: false };
}

function byName(a: { readonly name: PathBytes }, b: { readonly name: PathBytes }): number {
  return compareNames(a.name, b.name);
}

/** In the order of their bytes; UTF-16, which JavaScript compares by, differs from it only where there are surrogates. */
export function compareNames(a: PathBytes, b: PathBytes): number {
  if (typeof a === 'string' && typeof b === 'string' && !/[\ud800-\udfff]/.test(a + b)) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
}
