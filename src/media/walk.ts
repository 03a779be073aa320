import type { Dirent } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MediaError } from './mediaError.ts';

export interface WalkedFile {
  /** Absolute path, as reached from its root. */
  readonly path: string;
  /** Where a symbolic link leads in the end. */
  readonly target?: string;
}

export type WalkProblemReason = MediaError['reason'] | 'linkedFolder' | 'nameNotUtf8';

/** An entry that gives no file, and why. */
export interface WalkProblem {
  /** Absolute path; bytes that are not UTF-8 are written `\xNN`, so that it names no file. */
  readonly path: string;
  readonly reason: WalkProblemReason;
  readonly message: string;
}

/** What one folder holds directly, or a root that is a file. */
export interface WalkBatch {
  /** The path that was asked for, made absolute. */
  readonly root: string;
  /** In byte order of their names. */
  readonly files: readonly WalkedFile[];
  readonly problems: readonly WalkProblem[];
}

export interface WalkOptions {
  /** Whether to leave out a file, or a folder with all in it; asked with absolute paths. */
  readonly exclude?: (path: string) => boolean;
  readonly signal?: AbortSignal;
}

/** Folders that hold other people's work by the thousand. Those with a leading dot are left out anyway. */
const SKIPPED = new Set(['node_modules', '__pycache__']);

/**
 * The regular files at and under `paths`, one batch a folder, depth first, in byte order of the names. Names with a
 * leading dot are left out unless they are given as a root. Links to files are followed; links to folders only where
 * given as a root, so that no walk goes round in circles. What cannot be read is a problem in its batch and never an
 * exception; an abort rejects with the signal's reason.
 */
export async function* walk(paths: Iterable<string>, options: WalkOptions = {}): AsyncGenerator<WalkBatch> {
  for (const path of paths) {
    options.signal?.throwIfAborted();
    yield* walkRoot(resolve(path), options);
  }
}

async function* walkRoot(root: string, options: WalkOptions): AsyncGenerator<WalkBatch> {
  const found = await lookAt(root);
  if (found === 'folder') {
    yield* walkFolders(root, options);
  } else {
    yield { root, files: isFile(found) ? [found] : [], problems: isFile(found) ? [] : [found] };
  }
}

async function* walkFolders(root: string, options: WalkOptions): AsyncGenerator<WalkBatch> {
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    options.signal?.throwIfAborted();
    const { files, folders, problems } = await readFolder(folder, options);
    if (files.length > 0 || problems.length > 0) {
      yield { root, files, problems };
    }
    waiting.push(...folders.reverse());
  }
}

interface Folder {
  readonly files: WalkedFile[];
  readonly folders: string[];
  readonly problems: WalkProblem[];
}

async function readFolder(folder: string, { exclude }: WalkOptions): Promise<Folder> {
  const content: Folder = { files: [], folders: [], problems: [] };
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    content.problems.push(problemOf(error, folder));
    return content;
  }
  for (const entry of inByteOrder(entries)) {
    const { name } = entry;
    const path = join(folder, name);
    if (name.startsWith('.') || SKIPPED.has(name) || exclude?.(path) === true) {
      continue;
    }
    if (name.includes('\ufffd')) {
      // Either the character itself, or what Node puts for bytes that it cannot hold.
      continue;
    }
    await sortIn(content, entry, path);
  }
  if (entries.some(({ name }) => name.includes('\ufffd'))) {
    await addOddNames(content, folder, exclude);
  }
  return content;
}

async function sortIn(content: Folder, entry: Dirent, path: string): Promise<void> {
  if (entry.isFile()) {
    content.files.push({ path });
  } else if (entry.isDirectory()) {
    content.folders.push(path);
  } else if (entry.isSymbolicLink()) {
    const found = await lookAt(path);
    if (found === 'folder') {
      content.problems.push({ path, reason: 'linkedFolder', message: `${path} is a link to a folder and is not followed` });
    } else {
      (isFile(found) ? content.files : content.problems).push(found as never);
    }
  } else {
    content.problems.push({ path, reason: 'notAFile', message: `${path} is not a regular file` });
  }
}

/** Reads the names as bytes: those that are UTF-8 after all are taken in, of the others only the escaped name is told. */
async function addOddNames(content: Folder, folder: string, exclude: WalkOptions['exclude']): Promise<void> {
  const entries = await readdir(Buffer.from(folder), { withFileTypes: true, encoding: 'buffer' });
  for (const entry of entries as unknown as (Dirent & { readonly name: Buffer })[]) {
    const bytes = entry.name as unknown as Buffer;
    if (bytes[0] === 0x2e) {
      continue;
    }
    if (!isUtf8(bytes)) {
      const path = join(folder, escapeName(bytes));
      content.problems.push({ path, reason: 'nameNotUtf8', message: `${path} has a name that is not UTF-8; rename it to use it` });
    } else if (bytes.includes('\ufffd')) {
      const path = join(folder, bytes.toString('utf8'));
      if (exclude?.(path) !== true) {
        await sortIn(content, entry, path);
      }
    }
  }
}

/** Printable ASCII as it is, other bytes and the backslash as `\xNN`. */
function escapeName(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^\x20-\x7e]|\\/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function isFile(found: WalkedFile | WalkProblem): found is WalkedFile {
  return !('reason' in found);
}

/** What a path leads to, links followed. */
async function lookAt(path: string): Promise<WalkedFile | WalkProblem | 'folder'> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      return 'folder';
    }
    if (!found.isFile()) {
      return { path, reason: 'notAFile', message: `${path} is not a regular file` };
    }
    const target = await realpath(path);
    return target === path ? { path } : { path, target };
  } catch (error) {
    return problemOf(error, path);
  }
}

function problemOf(error: unknown, path: string): WalkProblem {
  const { reason, message } = MediaError.from(error, path);
  return { path, reason, message };
}

/** UTF-16 order, which JavaScript sorts by, differs from that of the bytes only where there are surrogates. */
function inByteOrder(entries: Dirent[]): Dirent[] {
  const isPlain = entries.every(({ name }) => !/[\ud800-\udfff]/.test(name));
  return isPlain
    ? entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    : entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}
