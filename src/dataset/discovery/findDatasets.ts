import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FolderLook } from '../format.ts';
import { createFolderLook } from '../folderLook.ts';
import { recogniseFormats } from '../formats/index.ts';
import type { Found, FoundDataset } from './discoveryApi.ts';

/** Levels below a folder of the workspace, and folders in all. */
const DEEPEST = 4;
const MOST_FOLDERS = 3000;
/** From here on a format's shape is there. */
const SURE = 0.5;
/** From here on the format's own marks are there. */
const MARKED = 0.9;
/** Media in a folder, or right below it, that make it a dataset without a format. */
const LEAST_MEDIA = 4;
/** Folders in a folder that are looked into before it is taken for a dataset. */
const FEW = 20;
/** Folders that are a part of the dataset around them. */
const PART = /^(?:train|training|val|valid|validation|dev|test|testing|data|images?|audio|videos?|labels?|annotations?|meta|clips|wavs?|text|\d+|(?:shard|part|chunk|split)[-_]?\w*)$/i;
/** What tools keep in a workspace, and nobody's data. */
const NEVER = new Set(['node_modules', '__pycache__', 'venv', 'env', 'site-packages', 'dist', 'build', 'out', 'target', 'wandb', 'mlruns', 'lightning_logs', 'checkpoints']);
const MEDIA = /\.(?:jpe?g|png|webp|gif|tiff?|bmp|avif|heic|wav|flac|mp3|ogg|opus|m4a|aac|aiff?|sph|mp4|m4v|mov|mkv|webm|avi|npy|npz|parquet|mcap|bag|db3|tar|tfrecord.*|h5|hdf5)$/i;
const MANIFEST = /^(?:metadata\.(?:csv|jsonl|parquet)|data\.ya?ml|dataset_infos?\.json|wav\.scp|segments|info\.json|metadata\.yaml|.*manifest.*\.(?:jsonl?|csv|tsv)|(?:train|val|valid|dev|test|validated|annotations?|instances_.*|captions_.*)\.(?:jsonl?|csv|tsv)|.*\.(?:jsonl|tsv))$/i;
const MOST_MANIFESTS = 12;

interface Options {
  readonly excluded?: readonly string[];
  /** Asked before each folder; true ends the search. */
  readonly isOver?: () => boolean;
}

/** Datasets in folders, the highest ones: what lies inside of one belongs to it. */
export function findDatasets(folders: readonly string[], { excluded = [], isOver = () => false }: Options = {}): Found {
  const left = new Set(excluded);
  const datasets: FoundDataset[] = [];
  const unreadable: string[] = [];
  let looked = 0;
  let waiting = folders.map((root) => ({ root, depth: 0 }));
  while (waiting.length > 0 && looked < MOST_FOLDERS && !isOver()) {
    const next: typeof waiting = [];
    for (const { root, depth } of waiting) {
      if (left.has(root) || looked >= MOST_FOLDERS) {
        continue;
      }
      looked++;
      const names = foldersIn(root);
      if (names === undefined) {
        unreadable.push(root);
        continue;
      }
      const look = createFolderLook(root);
      const found = datasetOf(look, depth > 0 || names.length === 0);
      if (found) {
        datasets.push(found);
      } else if (depth < DEEPEST) {
        next.push(...names.map((name) => ({ root: join(root, name), depth: depth + 1 })));
      }
    }
    waiting = next;
  }
  return { datasets: datasets.sort((a, b) => (a.root < b.root ? -1 : 1)), folders: looked, unreadable, more: waiting.length > 0 };
}

export function describeDataset(root: string): FoundDataset {
  const look = createFolderLook(root);
  return describe(look, recogniseFormats(look));
}

/** Undefined where a folder in it bears marks as clear: then that one is the dataset. `loosely`: media alone are enough. The workspace's own folder is a dataset only if it looks like one. */
function datasetOf(look: FolderLook, loosely: boolean): FoundDataset | undefined {
  const formats = recogniseFormats(look);
  const score = formats[0]?.score ?? 0;
  const others = look.list('').folders.filter((name) => isLookedAt(name) && !PART.test(name));
  if (!look.isFile && others.slice(0, FEW).some((name) => scoreOf(join(look.root, name)) >= Math.max(score, MARKED))) {
    return undefined;
  }
  // A shape is seen from far above: it counts where the files are near.
  const isNear = mediaIn(look, '') > 0 || manifestsIn(look).length > 0 || look.list('').folders.some((folder) => mediaIn(look, folder) > 0 || (PART.test(folder) && hasMediaBelow(look, folder)));
  const isSure = score >= MARKED || (score >= SURE && isNear);
  return isSure || mediaIn(look, '') >= LEAST_MEDIA || (loosely && mediaBelow(look) >= LEAST_MEDIA) ? describe(look, formats) : undefined;
}

function scoreOf(root: string): number {
  return recogniseFormats(createFolderLook(root))[0]?.score ?? 0;
}

function describe(look: FolderLook, formats: ReturnType<typeof recogniseFormats>): FoundDataset {
  return {
    root: look.root,
    formats: formats.map(({ format: { id, title }, score, reasons }) => ({ id, title, score, reasons })),
    manifests: look.isFile ? [basename(look.root)] : manifestsIn(look),
  };
}

function manifestsIn(look: FolderLook): readonly string[] {
  const below = look.list('').folders.filter((name) => /^(?:meta|annotations?|data|manifests?|train|val|test)$/i.test(name));
  return ['', ...below]
    .flatMap((folder) => look.list(folder).files.filter((name) => MANIFEST.test(name)).map((name) => (folder === '' ? name : `${folder}/${name}`)))
    .slice(0, MOST_MANIFESTS);
}

function mediaIn(look: FolderLook, folder: string): number {
  return look.list(folder).files.filter((name) => MEDIA.test(name)).length;
}

/** Classes within a split. */
function hasMediaBelow(look: FolderLook, folder: string): boolean {
  return look.list(folder).folders.slice(0, FEW).some((name) => mediaIn(look, `${folder}/${name}`) > 0);
}

/** Class folders, splits, clips by speaker: media one level down, in folders of which nearly all have some. */
function mediaBelow(look: FolderLook): number {
  const folders = look.list('').folders.filter(isLookedAt).slice(0, FEW);
  const counts = folders.map((folder) => mediaIn(look, folder));
  const filled = counts.filter((count) => count > 0).length;
  return filled > 1 && filled * 2 > folders.length ? counts.reduce((sum, count) => sum + count, 0) : 0;
}

function isLookedAt(name: string): boolean {
  return !name.startsWith('.') && !NEVER.has(name);
}

/** Undefined where it may not be read. Links are not followed: they may lead round in a circle. */
function foldersIn(root: string): readonly string[] | undefined {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isLookedAt(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch {
    return undefined;
  }
}
