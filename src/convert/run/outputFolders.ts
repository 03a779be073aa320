import { accessSync, closeSync, constants, fsync, mkdirSync, openSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from './faults.ts';
import type { Journal, JournalLine } from './journal.ts';

const syncDescriptor = promisify(fsync);

/** More than these are not remembered, so that memory stays bounded. To be told of a folder twice does no harm. */
const REMEMBERED = 4096;

/** The folders that outputs go into: made when first needed, removed again where they stayed empty. */
export class OutputFolders {
  private known = new Set<string>();
  /** Made by us, and nothing has been put into them yet. */
  private readonly unused: Set<string>;
  /** Made, or holding ones that were made: their entries are not on disk yet. */
  private unsynced = new Set<string>();

  constructor(
    private readonly journal: Journal,
    made: Iterable<string>,
  ) {
    this.unused = new Set(made);
  }

  /** Makes the folder where it is not there, with those above it. Throws the system's error, also where nothing can be written into it. */
  ensure(folder: string): void {
    if (this.known.has(folder)) {
      return;
    }
    const made = makeFolders(folder);
    for (const path of made) {
      this.unused.add(path);
      this.unsynced.add(path).add(dirname(path));
    }
    const lines = made.map((path): JournalLine => ({ kind: 'folder', path, made: true }));
    this.journal.append(lines.length > 0 ? lines : [{ kind: 'folder', path: folder, made: false }]);
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (this.known.size >= REMEMBERED) {
      this.known.clear();
    }
    this.known.add(folder);
  }

  /** Has to look again whether the folder is there. */
  forget(folder: string): void {
    this.known.delete(folder);
  }

  /** An output was placed in it: neither it nor those above it are empty. */
  use(folder: string): void {
    for (let used = folder; this.unused.delete(used); used = dirname(used)) {
      // Those above it next.
    }
  }

  /** Resolves when the names in `folders`, and folders made since the last call, are on disk. */
  async sync(folders: Iterable<string>): Promise<void> {
    const all = new Set([...folders, ...this.unsynced]);
    this.unsynced = new Set();
    await Promise.all([...all].map(syncFolder));
  }

  /** Removes the folders that we made and that are empty. */
  removeUnused(): void {
    const deepestFirst = [...this.unused].sort((a, b) => b.length - a.length);
    for (const folder of deepestFirst) {
      try {
        rmdirSync(folder);
      } catch {
        // Somebody put something into it, or removed it.
      }
    }
  }
}

/** Makes a folder where it is not there, and those above it; gives those it made. Node's own way calls a read-only disk a missing folder. */
function makeFolders(folder: string): readonly string[] {
  try {
    mkdirSync(folder);
    return [folder];
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(folder).isDirectory()) {
      return [];
    }
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) {
      throw error;
    }
  }
  const above = makeFolders(dirname(folder));
  return [...above, ...makeFolders(folder)];
}

async function syncFolder(folder: string): Promise<void> {
  let fd: number;
  try {
    fd = openSync(folder, 'r');
  } catch {
    return; // Removed meanwhile: there is no name left to keep.
  }
  try {
    await syncDescriptor(fd);
  } catch (error) {
    // Some file systems cannot sync a folder; they keep its entries by themselves.
    if (!['EINVAL', 'ENOTSUP', 'EBADF', 'EROFS'].includes(codeOf(error))) {
      throw error;
    }
  } finally {
    closeSync(fd);
  }
}
