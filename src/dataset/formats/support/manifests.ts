import { join } from 'node:path';
import type { MediaKind } from '../../../media/media.ts';
import type { FolderLook } from '../../format.ts';
import type { SampleMedium } from '../../sample.ts';
import { pathFrom } from '../../../media/pathFrom.ts';
import type { Draft, Part } from './createDataset.ts';
import { kindByName, splitOfName, splitOfPath } from '../../../media/names.ts';
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

/** The first rows of JSON lines or of a JSON array, as far as they are objects. */
export function firstRows(look: FolderLook, file: string, count = 1): RowValue[] {
  const lines = look.lines(file, 1);
  if (lines[0]?.trimStart().startsWith('{') === true) {
    return firstObjects(look, file, count);
  }
  const head = (look.lines(file, 1000).join('\n') || look.head(file, 2 ** 18)?.toString('utf8') || '').trimStart();
  return head.startsWith('[') ? elementsOf(head, count) : [];
}

/** Objects directly in an array of which only the beginning is there. */
function elementsOf(head: string, count: number): RowValue[] {
  const found: RowValue[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let at = 1; at < head.length && found.length < count; at++) {
    const character = head[at];
    if (inString) {
      at += character === '\\' ? 1 : 0;
      inString = character !== '"';
    } else if (character === '"') {
      inString = true;
    } else if (character === '{' || character === '[') {
      start = depth++ === 0 ? at : start;
    } else if ((character === '}' || character === ']') && --depth === 0) {
      found.push(...(asObject(head.slice(start, at + 1)) ?? []));
    }
  }
  return found;
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

export interface ManifestPartOptions {
  readonly split?: string | undefined;
  /** Put before ids, where several manifests may name the same. */
  readonly prefix?: string;
}

function withPrefix(draft: Omit<Draft, 'source'>, prefix: string): Omit<Draft, 'source'> {
  return prefix === '' ? draft : { ...draft, id: `${prefix}${draft.id}` };
}

/** The samples of a manifest, one a row; a row that cannot be read is a sample without anything but its place. */
export function manifestPart(rows: Rows, toDraft: (value: RowValue, row: Row) => Omit<Draft, 'source'>, { split, prefix = '' }: ManifestPartOptions = {}): Part {
  const bare = (row: Row): Omit<Draft, 'source'> => (row.value === undefined ? { id: `row ${row.row}`, media: [], labels: [] } : toDraft(row.value, row));
  const draftOf = (row: Row): Draft => ({
    ...withPrefix(bare(row), prefix),
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

/** An id as a text, whatever it is. */
export function idOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
