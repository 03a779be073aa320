import { readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Names that are remembered in all: some 100 MB of them. */
const MAX_NAMES = 1_000_000;

export type Presence = { readonly is: 'file' | 'folder' | 'missing' } | { readonly is: 'case'; readonly name: string };

/** Tells whether files are there by listing their folders: a million rows are a few thousand listings and not a million calls. */
export class PresenceByListing {
  private readonly folders = new Map<string, ReadonlyMap<string, 'file' | 'folder' | 'link'> | undefined>();
  /** Names of a folder by what they are in lower case; made when the first name is missed there. */
  private readonly lowered = new Map<string, ReadonlyMap<string, string>>();
  private names = 0;

  /** Of an absolute path; `case` where only a name is there that differs in upper and lower case. */
  of(path: string): Presence {
    const names = this.listing(dirname(path));
    const kind = names?.get(basename(path));
    if (kind === 'link') {
      return { is: kindOfLink(path) };
    }
    if (kind !== undefined) {
      return { is: kind };
    }
    const name = names && this.lowerNames(dirname(path), names).get(basename(path).toLowerCase());
    if (name !== undefined) {
      return { is: 'case', name };
    }
    return { is: 'missing' };
  }

  isFile(path: string): boolean {
    return this.of(path).is === 'file';
  }

  /** Base names of the files directly in a folder; none where it is not there. */
  filesIn(folder: string): readonly string[] {
    return [...(this.listing(folder) ?? [])].flatMap(([name, kind]) => (kind === 'file' || (kind === 'link' && kindOfLink(join(folder, name)) === 'file') ? [name] : []));
  }

  private lowerNames(folder: string, names: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
    let found = this.lowered.get(folder);
    if (found === undefined) {
      found = new Map([...names.keys()].map((name) => [name.toLowerCase(), name]));
      this.lowered.set(folder, found);
    }
    return found;
  }

  private listing(folder: string): ReadonlyMap<string, 'file' | 'folder' | 'link'> | undefined {
    if (this.folders.has(folder)) {
      return this.folders.get(folder);
    }
    const names = readNames(folder);
    this.names += names?.size ?? 0;
    for (const [oldest, held] of this.folders) {
      if (this.names <= MAX_NAMES) {
        break;
      }
      this.folders.delete(oldest);
      this.lowered.delete(oldest);
      this.names -= held?.size ?? 0;
    }
    this.folders.set(folder, names);
    return names;
  }
}

function readNames(folder: string): ReadonlyMap<string, 'file' | 'folder' | 'link'> | undefined {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
  return new Map(
    entries.flatMap((entry): [string, 'file' | 'folder' | 'link'][] => {
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : undefined;
      return kind === undefined ? [] : [[entry.name, kind]];
    }),
  );
}

function kindOfLink(path: string): 'file' | 'folder' | 'missing' {
  try {
    const target = statSync(path);
    return target.isFile() ? 'file' : target.isDirectory() ? 'folder' : 'missing';
  } catch {
    return 'missing';
  }
}
