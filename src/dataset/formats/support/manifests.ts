import { dirname, join } from 'node:path';
import type { MediaKind } from '../../../media/media.ts';
import type { FolderLook } from '../../format.ts';
import type { SampleMedium } from '../../sample.ts';
import { pathFrom } from './checkRun.ts';
import type { Draft, Part } from './createDataset.ts';
import { kindByName, splitOfName, splitOfPath } from './names.ts';
import type { Row, Rows, RowValue } from './rows.ts';

/** Folders that are looked into for manifests, in all. */
const MAX_FOLDERS = 200;

/** Files whose path fits, in the root and the folders below it, down to `depth` levels. */
export function findFiles(look: FolderLook, pattern: RegExp, depth = 1): string[] {
  const found: string[] = [];
  let level = [''];
  let folders = 0;
  for (let step = 0; step <= depth && level.length > 0; step++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++folders > MAX_FOLDERS) {
        return found;
      }
      const listing = look.list(folder);
      const within = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
      found.push(...listing.files.map(within).filter((path) => pattern.test(path)));
      next.push(...listing.folders.filter((name) => !name.startsWith('.')).map(within));
    }
    level = next;
  }
  return found;
}

/** The absolute path of a path relative to the root. */
export function absolute(look: FolderLook, path: string): string {
  return look.isFile ? look.root : join(look.root, path);
}

/** The first rows of JSON lines, as far as they are objects. */
export function firstObjects(look: FolderLook, file: string, count = 3): RowValue[] {
  return look.lines(file, count).flatMap((line) => asObject(line) ?? []);
}

function asObject(line: string): RowValue[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? [value as RowValue] : undefined;
  } catch {
    return undefined;
  }
}

/** The split that a manifest is of: by its own name, or by the folders that it lies in. */
export function splitOfManifest(look: FolderLook, path: string): string | undefined {
  const name = look.isFile ? (look.root.split('/').pop() ?? '') : path;
  return splitOfName(name.split('/').pop() ?? '') ?? splitOfPath(path);
}

/** The samples of a manifest, one a row; a row that cannot be read is a sample without anything but its place. */
export function manifestPart(rows: Rows, toDraft: (value: RowValue, row: Row) => Omit<Draft, 'source'>, split?: string): Part {
  const draftOf = (row: Row): Draft => ({
    ...(row.value === undefined ? { id: `row ${row.row}`, media: [], labels: [] } : toDraft(row.value, row)),
    ...(split !== undefined && { split }),
    source: { file: rows.file, row: row.row },
  });
  return {
    count: rows.count,
    async at(index) {
      const row = await rows.at(index);
      return row && draftOf(row);
    },
    async *read(from, signal) {
      for await (const row of rows.read(from, signal)) {
        yield draftOf(row);
      }
    },
    close: () => rows.close(),
  };
}

/** A medium by the path that a manifest names, relative to its folder; none where it names an address or nothing. */
export function mediumAt(role: string, value: unknown, folder: string, kind?: MediaKind): SampleMedium[] {
  const file = typeof value === 'string' ? pathFrom(folder, value) : undefined;
  return file === undefined ? [] : [{ role, kind: kind ?? kindByName(file), place: { file } }];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Texts and numbers as text, for labels and ids. */
export function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function folderOf(rows: Rows): string {
  return dirname(rows.file);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
