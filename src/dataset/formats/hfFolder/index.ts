import { basename, dirname, join, relative } from 'node:path';
import type { MediaKind } from '../../../media/media.ts';
import { DatasetError } from '../../datasetError.ts';
import { createFolderLook } from '../../folderLook.ts';
import type { DatasetFormat, Evidence, FolderLook, OpenOptions, Dataset } from '../../format.ts';
import { isFileKey } from '../../../media/rules/huggingFace.ts';
import { checkHfFolder } from './check.ts';
import { treePart } from '../plainFolders.ts';
import { createDataset, distinct } from '../support/createDataset.ts';
import type { Draft } from '../support/createDataset.ts';
import { FileTree } from '../support/fileTree.ts';
import { labelOfFolders, splitsOf } from '../support/folderLabels.ts';
import { absolute, findFiles, manifestPart, mediumAt, plural, word } from '../support/manifests.ts';
import { kindByName, splitOfPath } from '../../../media/names.ts';
import type { RowValue } from '../support/rows.ts';
import type { HfTable } from './metadata.ts';
import { namedFiles } from './metadata.ts';
import { commonColumns } from '../support/commonColumns.ts';
import { openRows } from '../support/rows.ts';

const METADATA = /(?:^|\/)metadata\.(?:csv|jsonl|parquet)$/;

type FolderKind = 'image' | 'audio' | 'video';

/** Hugging Face's ImageFolder, AudioFolder and VideoFolder: one builder, three kinds of files. */
export const imageFolder = hfFolder('image', 'imagefolder', 'Hugging Face ImageFolder');
export const audioFolder = hfFolder('audio', 'audiofolder', 'Hugging Face AudioFolder');
export const videoFolder = hfFolder('video', 'videofolder', 'Hugging Face VideoFolder');

function hfFolder(kind: FolderKind, id: string, title: string): DatasetFormat {
  return {
    id,
    title,
    recognise: (look) => recognise(look, kind),
    open: (root, options) => open(root, kind, id, options),
  };
}

function recognise(look: FolderLook, kind: FolderKind): Evidence | undefined {
  if (look.isFile && !METADATA.test(basename(look.root))) {
    return undefined;
  }
  const tables = findFiles(look, METADATA);
  if (kindOfFiles(look, tables) !== kind) {
    return undefined;
  }
  const [first] = tables;
  if (first !== undefined) {
    const named = fileKeyOf(look, first);
    return named === undefined
      ? { score: 0.7, reasons: [`${first} beside ${kind} files`] }
      : { score: 0.95, reasons: [`${first} with ${named}`, ...(tables.length > 1 ? [`${tables.length} metadata files`] : [])] };
  }
  const classes = classFolders(look, kind);
  if (classes.length < 2) {
    return undefined;
  }
  const splits = look.list('').folders.filter((name) => splitOfPath(`${name}/x`) !== undefined);
  const reasons = [`${plural(classes.length, 'class folder')} of ${kind} files: ${classes.slice(0, 3).join(', ')}`];
  // Classes alone are any folder of folders; the same in splits is a dataset.
  return splits.length < 2 ? { score: 0.35, reasons } : { score: 0.75, reasons: [`splits ${splits.join(', ')}`, ...reasons] };
}

function fileKeyOf(look: FolderLook, path: string): string | undefined {
  if (path.endsWith('.parquet')) {
    const tail = look.head(path, 65_536)?.toString('latin1') ?? '';
    return /file_names?/.exec(tail)?.[0];
  }
  const [line = ''] = look.lines(path, 1);
  return path.endsWith('.csv') ? line.split(',').map((name) => name.replace(/^"|"$/g, '')).find(isFileKey) : /"((?:\w+_)?file_names?)"\s*:/.exec(line)?.[1];
}

/** What most files are: those that the metadata names, or those in the folders near the root. */
function kindOfFiles(look: FolderLook, tables: readonly string[]): MediaKind | undefined {
  const counts = new Map<MediaKind, number>();
  const names = look.isFile ? look.lines(basename(look.root), 20) : [...findFiles(look, /\.\w+$/, 2).slice(0, 2000), ...tables.flatMap((table) => (table.endsWith('.parquet') ? [] : look.lines(table, 20)))];
  for (const name of names) {
    const kind = kindByName(/[\w./-]+\.(?:\w{2,4})(?=[",\s]|$)/.exec(name)?.[0] ?? name);
    if (kind === 'image' || kind === 'audio' || kind === 'video') {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Names of folders that hold nothing but files of the kind, at one depth. */
function classFolders(look: FolderLook, kind: FolderKind): string[] {
  if (look.list('').files.some((name) => kindByName(name) === kind)) {
    return [];
  }
  const { folders } = look.list('');
  const inner = folders.flatMap((name) => (splitOfPath(`${name}/x`) === undefined ? [name] : look.list(name).folders.map((label) => `${name}/${label}`)));
  const labelled = inner.filter((folder) => labelOfFolders(folder) !== undefined && look.list(folder).files.some((name) => kindByName(name) === kind));
  return distinct(labelled.map(labelOfFolders));
}

async function open(root: string, kind: FolderKind, id: string, { signal }: OpenOptions = {}): Promise<Dataset> {
  const look = createFolderLook(root);
  const top = look.isFile ? dirname(root) : root;
  const tables = await Promise.all(findFiles(look, METADATA).map((path) => openTable(top, absolute(look, path), signal)));
  const tree = look.isFile && tables.length === 0 ? undefined : await FileTree.read(top, { takes: (path) => kindByName(path) === kind, signal });
  if (tree === undefined || tree.count + tables.length === 0) {
    throw new DatasetError('unknown', `${root} holds no ${kind} files and no metadata`);
  }
  const parts = tables.length === 0 ? [treePart(top, tree)] : tables.map((table) => manifestPart(table.rows, (value, { row }) => draftOf(table, value, row, kind, top)));
  return createDataset({
    format: id,
    parts,
    splits: tables.length === 0 ? splitsOf(tree) : distinct(tables.map(({ split }) => split)),
    check: (tell, checkSignal) => checkHfFolder({ look, top, tables, tree, kind }, tell, checkSignal),
  });
}

async function openTable(top: string, file: string, signal: AbortSignal | undefined): Promise<HfTable> {
  const rows = await openRows(file, { signal });
  const first = rows.header === undefined ? (await rows.at(0))?.value : undefined;
  const folder = dirname(file);
  return { rows, folder, split: splitOfPath(`${relative(top, folder)}/x`), columns: rows.header ?? Object.keys(first ?? {}) };
}

function draftOf({ folder, split }: HfTable, value: RowValue, row: number, kind: FolderKind, top: string): Draft {
  const files = namedFiles(value);
  const [first] = files;
  const inSplit = split ?? word(value.split) ?? (first && splitOfPath(relative(top, join(folder, first.path))));
  return {
    id: first === undefined ? `row ${row}` : relative(top, join(folder, first.path)),
    media: files.flatMap(({ key, path }) => mediumAt(roleOf(key, kind), path, folder)),
    ...commonColumns(value),
    ...(inSplit !== undefined && { split: inSplit }),
  };
}

/** The column's name in the loaded dataset. */
function roleOf(key: string, kind: FolderKind): string {
  const prefix = key.replace(/_?file_names?$/, '');
  return prefix === '' ? (key.endsWith('s') ? `${kind}s` : kind) : prefix;
}
