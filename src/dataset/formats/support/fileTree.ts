import type { Dirent } from 'node:fs';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createBreather } from '../../../base/breather.ts';

/** A folder with files that count, and how many come before them. */
interface Place {
  readonly folder: string;
  readonly start: number;
  readonly count: number;
}

export interface FileTreeOptions {
  /** Whether a file counts; asked with its path relative to the root, with `/`. */
  readonly takes: (path: string) => boolean;
  /** Whether to go into a folder; into all but those with a leading dot where left out. */
  readonly enters?: (folder: string) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Deeper folders are a loop, or a mistake. */
const MAX_DEPTH = 64;
/** Listings that are remembered for random access. */
const KEPT = 4;

/**
 * The files under a folder that count, in byte order of folders and then of names, by number. Only the folders are held
 * in memory: a folder's names are read again when they are asked for.
 */
export class FileTree {
  private readonly listings = new Map<string, readonly string[]>();

  private constructor(
    private readonly root: string,
    private readonly places: readonly Place[],
    readonly count: number,
    private readonly takes: (path: string) => boolean,
  ) {}

  static async read(root: string, { takes, enters = () => true, signal }: FileTreeOptions): Promise<FileTree> {
    const breathe = createBreather(signal);
    const places: Place[] = [];
    const seen = new Set<string>();
    let count = 0;
    const waiting: { readonly folder: string; readonly depth: number }[] = [{ folder: '', depth: 0 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { folder, depth } = next;
      await breathe();
      const { files, folders } = readFolder(root, folder, seen);
      const taken = files.reduce((sum, path) => sum + (takes(path) ? 1 : 0), 0);
      if (taken > 0) {
        places.push({ folder, start: count, count: taken });
        count += taken;
      }
      if (depth < MAX_DEPTH) {
        waiting.push(...folders.filter((path) => enters(path)).map((path) => ({ folder: path, depth: depth + 1 })).reverse());
      }
    }
    return new FileTree(root, places, count, takes);
  }

  /** Folders with files that count. */
  get folders(): readonly string[] {
    return this.places.map(({ folder }) => folder);
  }

  /** Relative to the root; undefined beyond the end, or where the folder has lost files since. */
  at(index: number): string | undefined {
    const place = this.placeOf(index);
    return place && this.listing(place.folder)[index - place.start];
  }

  *from(index = 0): Generator<{ readonly index: number; readonly path: string }> {
    for (const place of this.places) {
      if (place.start + place.count <= index) {
        continue;
      }
      const names = this.listing(place.folder);
      for (let number = Math.max(0, index - place.start); number < place.count; number++) {
        const path = names[number];
        if (path !== undefined) {
          yield { index: place.start + number, path };
        }
      }
    }
  }

  private placeOf(index: number): Place | undefined {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { start, count } = this.places[middle] as Place;
      if (index < start) {
        high = middle;
      } else if (index >= start + count) {
        low = middle + 1;
      } else {
        return this.places[middle];
      }
    }
    return undefined;
  }

  private listing(folder: string): readonly string[] {
    let names = this.listings.get(folder);
    if (names === undefined) {
      names = readFolder(this.root, folder, undefined).files.filter((path) => this.takes(path));
      if (this.listings.size >= KEPT) {
        this.listings.delete(this.listings.keys().next().value as string);
      }
      this.listings.set(folder, names);
    }
    return names;
  }
}

/** What cannot be read is empty. Folders behind links are entered once each; `seen` is undefined where folders are not wanted. */
function readFolder(root: string, folder: string, seen: Set<string> | undefined): { readonly files: string[]; readonly folders: string[] } {
  const files: string[] = [];
  const folders: string[] = [];
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return { files, folders };
  }
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.')) {
      continue;
    }
    const path = folder === '' ? name : `${folder}/${name}`;
    if (entry.isFile()) {
      files.push(path);
    } else if (entry.isDirectory()) {
      folders.push(path);
    } else if (entry.isSymbolicLink()) {
      sortLink(root, path, seen, files, folders);
    }
  }
  return { files: inByteOrder(files), folders: inByteOrder(folders) };
}

function sortLink(root: string, path: string, seen: Set<string> | undefined, files: string[], folders: string[]): void {
  try {
    const target = statSync(join(root, path));
    if (target.isFile()) {
      files.push(path);
    } else if (target.isDirectory() && seen !== undefined) {
      const real = realpathSync(join(root, path));
      if (!seen.has(real) && !`${realpathSync(root)}/`.startsWith(`${real}/`)) {
        seen.add(real);
        folders.push(path);
      }
    }
  } catch {
    // A link that leads nowhere.
  }
}

export function inByteOrder(names: string[]): string[] {
  const isPlain = names.every((name) => !/[\ud800-\udfff]/.test(name));
  return isPlain ? names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
