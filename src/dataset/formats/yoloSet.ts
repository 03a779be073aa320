import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { FolderLook } from '../format.ts';
import { kindByName, splitOfName, stemOf } from '../../media/names.ts';

export interface YoloSet {
  readonly split: string | undefined;
  /** Absolute path of the folder of its pictures, or of the list that names them. */
  readonly place: string;
  readonly list: boolean;
}

export interface FoundYolo {
  /** The file that describes it, relative to the root; without one the folders alone speak for it. */
  readonly yaml: string | undefined;
  readonly names: readonly string[];
  /** `nc`, where it is stated. */
  readonly count: number | undefined;
  readonly sets: readonly YoloSet[];
  /** Absolute path of the folder that lists take their paths from. */
  readonly base: string;
  readonly missing: readonly { readonly split: string; readonly value: string }[];
  /** Key points of a pose: how many, and numbers of each. */
  readonly pose: readonly [number, number] | undefined;
}

const SPLITS = ['train', 'val', 'test'];

export function findYolo(look: FolderLook): FoundYolo | undefined {
  const { files } = look.list('');
  for (const name of [...files.filter((file) => /^(?:data|dataset)\.ya?ml$/i.test(file)), ...files.filter((file) => /\.ya?ml$/i.test(file)).slice(0, 20)]) {
    const found = read(look, name);
    if (found !== undefined) {
      return found;
    }
  }
  return look.isFile ? undefined : byFolders(look);
}

function read(look: FolderLook, name: string): FoundYolo | undefined {
  const content = look.head(name, 2 ** 18)?.toString('utf8') ?? '';
  if (!/^names\s*:/m.test(content) || !/^(?:train|val)\s*:/m.test(content)) {
    return undefined;
  }
  let document: Record<string, unknown>;
  try {
    document = parse(content, { maxAliasCount: 100 }) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const folder = look.isFile ? dirname(look.root) : look.root;
  const base = typeof document.path === 'string' ? resolve(folder, document.path) : folder;
  // Data sets are copied about, and the path in them is seldom mended: what lies beside the file is what is meant.
  const bases = existsSync(base) ? [base, folder] : [folder];
  const sets: YoloSet[] = [];
  const missing: { split: string; value: string }[] = [];
  for (const split of SPLITS) {
    const value = document[split];
    for (const entry of (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string' && item !== '')) {
      const place = bases.map((from) => (isAbsolute(entry) ? entry : resolve(from, entry))).find((path) => existsSync(path)) ?? resolve(folder, entry.replace(/^(?:\.\.\/)+/, ''));
      if (existsSync(place)) {
        sets.push({ split, place, list: isList(place) });
      } else {
        missing.push({ split, value: entry });
      }
    }
  }
  const count = typeof document.nc === 'number' ? document.nc : undefined;
  const shape = document.kpt_shape;
  const pose = Array.isArray(shape) && typeof shape[0] === 'number' && typeof shape[1] === 'number' ? ([shape[0], shape[1]] as const) : undefined;
  return { yaml: look.isFile ? basename(look.root) : name, names: namesOf(document.names), count, sets, base: bases[0] ?? folder, missing, pose };
}

function isList(place: string): boolean {
  return place.endsWith('.txt') && statSync(place, { throwIfNoEntry: false })?.isFile() === true;
}

/** A list, or a map from the class's number. */
function namesOf(names: unknown): string[] {
  if (Array.isArray(names)) {
    return names.map(String);
  }
  return typeof names === 'object' && names !== null ? Object.values(names).map(String) : [];
}

function byFolders(look: FolderLook): FoundYolo | undefined {
  const { folders } = look.list('');
  if (!folders.includes('images') || !folders.includes('labels')) {
    return undefined;
  }
  const inner = look.list('images').folders.filter((name) => look.list('labels').folders.includes(name));
  const pairs = inner.length > 0 ? inner.map((name) => [`images/${name}`, `labels/${name}`] as const) : [['images', 'labels'] as const];
  const labelled = pairs.filter(([images, labels]) => {
    const stems = new Set(look.list(images).files.filter((name) => kindByName(name) === 'image').map(stemOf));
    const example = look.list(labels).files.find((name) => name.endsWith('.txt') && stems.has(stemOf(name)));
    return example !== undefined && look.lines(`${labels}/${example}`, 1).every((line) => /^\s*\d+(?:\s+-?[\d.eE+-]+){4,}\s*$/.test(line));
  });
  const classes = look.list('').files.includes('classes.txt') ? look.lines('classes.txt', 1000).filter((line) => line !== '') : [];
  const sets = labelled.map(([images]) => ({ split: splitOfName(basename(images)), place: join(look.root, images), list: false }));
  return sets.length === 0 ? undefined : { yaml: undefined, names: classes, count: undefined, sets, base: look.root, missing: [], pose: undefined };
}

/** `labels` for the last `images` among the folders, and `.txt`. */
export function labelOf(picture: string): string {
  const at = picture.lastIndexOf('/images/');
  const moved = at < 0 ? picture : `${picture.slice(0, at)}/labels/${picture.slice(at + '/images/'.length)}`;
  return join(dirname(moved), `${stemOf(moved)}.txt`);
}
