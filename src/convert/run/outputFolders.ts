import { accessSync, closeSync, constants, fsync, mkdirSync, openSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, ItemError } from './faults.ts';
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

  /**
   * Makes the folder where it is not there, with those above it. Throws an `ItemError` or the system's error, also where nothing
   * can be written into it.
   */
  ensure(folder: string): void {
    if (this.known.has(folder)) {
      return;
    }
    const missing = missingFolders(folder);
    const lines = missing.map((path): JournalLine => ({ kind: 'folder', path, made: true }));
    // Before they are made: should this process die in between, the next one still knows whose they are.
    this.journal.append(lines.length > 0 ? lines : [{ kind: 'folder', path: folder, made: false }]);
    for (const path of missing) {
      makeFolder(path);
      this.unused.add(path);
      this.unsynced.add(path).add(dirname(path));
    }
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (this.known.size >= REMEMBERED) {
      this.known.clear();
    }
    this.known.add(folder);
  }

  /** It was found to be gone: it is to be made again when it is next needed. */
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

/** A folder and those above it that are not there, the outermost first. */
function missingFolders(folder: string): readonly string[] {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there?.isDirectory() === false) {
    throw new ItemError(`${folder} is not a folder`);
  }
  return there ? [] : [...missingFolders(dirname(folder)), folder];
}

/** Another process may have been quicker. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw error;
    }
  }
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
