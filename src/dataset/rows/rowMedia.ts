import { statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MediaPlace } from '../../media/place.ts';
import { UnreadBytes } from '../../media/rows/rowFile.ts';
import type { ShownKind, ShownMedium } from '../webview/rows/protocol.ts';
import { KINDS } from './kinds.ts';
import { MemberCell } from './memberRows.ts';

/** One medium that a row names, or holds. */
export interface RowMedium {
  readonly shown: ShownMedium;
  readonly place: MediaPlace;
  /** The column, and for a value within it the path to it. */
  readonly path: readonly (string | number)[];
}

const MAX_MEDIA = 200;
const MAX_PATH = 2000;
const MAX_DEPTH = 4;
const ADDRESS = /^(?!file:)[a-z][a-z\d+.-]+:\/\//i;

/** Finds the media of rows: paths are looked for beside the manifest, above it, and in the folders that are usual beside it. */
export class RowMediaFinder {
  private readonly present = new Map<string, boolean>();
  private readonly folders: readonly string[];

  constructor(private readonly file: string) {
    const folder = dirname(file);
    this.folders = [folder, dirname(folder), ...['images', 'image', 'audio', 'wavs', 'clips', 'videos', 'media'].map((name) => resolve(folder, name))];
  }

  /** Files may have come since. */
  forget(): void {
    this.present.clear();
  }

  of(values: Readonly<Record<string, unknown>> | undefined): readonly RowMedium[] {
    const found: RowMedium[] = [];
    for (const [column, value] of Object.entries(values ?? {})) {
      this.visit(value, [column], found, 0);
    }
    return found;
  }

  private visit(value: unknown, path: readonly (string | number)[], found: RowMedium[], depth: number): void {
    if (found.length >= MAX_MEDIA || depth > MAX_DEPTH) {
      return;
    }
    if (value instanceof MemberCell) {
      this.add(found, path, kindOf(value.name), basename(value.name), { file: this.file, member: value.name }, true);
    } else if (value instanceof UnreadBytes) {
      const kind = kindOf(value.member);
      this.add(found, path, kind === 'other' ? guess(path) : kind, basename(value.member), { file: this.file, member: value.member }, true);
    } else if (typeof value === 'string') {
      const place = this.placeOf(value);
      if (place) {
        this.add(found, path, kindOf(value), basename(place.file), place, this.isThere(place.file));
      }
    } else if (Array.isArray(value)) {
      value.slice(0, MAX_MEDIA).forEach((inner, index) => this.visit(inner, [...path, index], found, depth + 1));
    } else if (typeof value === 'object' && value !== null) {
      const inner = (value as { readonly bytes?: unknown }).bytes;
      if (inner instanceof UnreadBytes) {
        this.visit(inner, path, found, depth + 1);
        return;
      }
      for (const [key, part] of Object.entries(value)) {
        this.visit(part, [...path, key], found, depth + 1);
      }
    }
  }

  private add(found: RowMedium[], path: readonly (string | number)[], kind: ShownKind, name: string, place: MediaPlace, isFound: boolean): void {
    found.push({ shown: { nth: found.length, kind, name, found: isFound }, place, path });
  }

  /** Undefined where the text is no path of a medium. */
  private placeOf(text: string): MediaPlace | undefined {
    if (text.length > MAX_PATH || text.length < 3 || ADDRESS.test(text) || text.includes('\0') || text.includes('\n') || !(extname(text).toLowerCase() in KINDS)) {
      return undefined;
    }
    let path = text;
    if (text.startsWith('file://')) {
      try {
        path = fileURLToPath(text);
      } catch {
        return undefined;
      }
    }
    if (isAbsolute(path)) {
      return { file: path };
    }
    const tried = this.folders.map((folder) => resolve(folder, path));
    return { file: tried.find((file) => this.isThere(file)) ?? tried[0] ?? path };
  }

  private isThere(file: string): boolean {
    let present = this.present.get(file);
    if (present === undefined) {
      try {
        present = statSync(file).isFile();
      } catch {
        present = false;
      }
      if (this.present.size > 20_000) {
        this.present.clear();
      }
      this.present.set(file, present);
    }
    return present;
  }
}

function kindOf(name: string): ShownKind {
  return KINDS[extname(name).toLowerCase()] ?? 'other';
}

/** By the name of the column, where a picture or sound has no name of its own. */
function guess(path: readonly (string | number)[]): ShownKind {
  const column = String(path[0]).toLowerCase();
  return /audio|speech|sound|wav/.test(column) ? 'audio' : /video|clip/.test(column) ? 'video' : /image|img|picture|photo|jpg|png/.test(column) ? 'image' : 'other';
}
