import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NumberMap } from '../../../base/numberMap.ts';
import { ByteHash } from './byteHash.ts';

/** Names in all folders that are remembered: some 25 bytes each. */
const MOST_NAMES = 4_000_000;

/** Files of folders by hashes of their names: one listing a folder, and no text for any name that is looked up. */
export class FolderNames {
  private readonly folders = new Map<number, NumberMap>();
  private readonly hash = new ByteHash();
  private names = 0;
  private lastKey = NaN;
  private last: NumberMap | undefined;

  constructor(private readonly base: string) {}

  /** Whether bytes of ASCII are the path of a file, taken from the base folder. */
  has(bytes: Buffer, from: number, to: number): boolean {
    const { hash } = this;
    const slash = bytes.lastIndexOf(0x2f, to - 1);
    const name = slash < from ? from : slash + 1;
    hash.start();
    hash.bytes(bytes, from, name);
    const key = hash.end();
    if (key !== this.lastKey) {
      this.last = this.folders.get(key) ?? this.list(key, bytes.toString('latin1', from, name));
      this.lastKey = key;
    }
    hash.start();
    hash.bytes(bytes, name, to);
    return this.last?.has(hash.end()) === true;
  }

  forget(): void {
    this.folders.clear();
    this.names = 0;
    this.lastKey = NaN;
  }

  private list(key: number, folder: string): NumberMap {
    const path = resolve(this.base, folder);
    const found = namesIn(path);
    if (this.names + found.length > MOST_NAMES) {
      this.folders.clear();
      this.names = 0;
    }
    const names = new NumberMap(found.length);
    for (const name of found) {
      const bytes = Buffer.from(name);
      this.hash.start();
      this.hash.bytes(bytes, 0, bytes.length);
      names.set(this.hash.end(), 0);
    }
    this.names += found.length;
    this.folders.set(key, names);
    return names;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() || (entry.isSymbolicLink() && statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isFile() === true) ? [entry.name] : []));
  } catch {
    return [];
  }
}
