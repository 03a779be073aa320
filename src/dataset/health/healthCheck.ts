import { dirname, join } from 'node:path';
import { inTransaction } from '../../base/sqlite.ts';
import type { ToolSearch } from '../../process/toolSearch.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { Dataset, DatasetFormat } from '../format.ts';
import { formatById, recogniseFormats } from '../formats/index.ts';
import { FileTree } from '../formats/support/fileTree.ts';
import type { Sample } from '../sample.ts';
import { createDecoder } from './decoder.ts';
import { checkFiles } from './fileChecks.ts';
import type { HealthLevel, HealthPhase } from './healthApi.ts';
import type { HealthStore } from './healthStore.ts';
import { findDuplicates, findNearPictures } from './likenessChecks.ts';
import { createPace } from './pace.ts';
import { checkSplits } from './splitChecks.ts';

export interface HealthCheckOptions {
  readonly root: string;
  readonly format?: string | undefined;
  readonly level: HealthLevel;
  /** Bits, 0 to 10. */
  readonly distance: number;
  /** Above 0 and up to 1. */
  readonly pace: number;
  readonly search?: ToolSearch | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onPhase?: (phase: HealthPhase) => void;
  readonly onProgress?: () => void;
}

/** Samples that are noted between two writes. */
const BATCH = 500;

/** The format that is asked for, or the likeliest. Throws a `DatasetError` where there is none. */
export function formatFor(root: string, id?: string): DatasetFormat {
  const format = id === undefined ? recogniseFormats(createFolderLook(root))[0]?.format : formatById(id);
  if (format === undefined) {
    throw new DatasetError('unknown', id === undefined ? `${root} is not there, empty, or may not be read` : `There is no format “${id}”`);
  }
  return format;
}

/** Checks a dataset from beginning to end, into a store. Rejects with a `DatasetError`, or with the signal's reason. */
export async function checkHealth(store: HealthStore, options: HealthCheckOptions): Promise<void> {
  const { root, level, signal, onPhase, onProgress } = options;
  const breathe = createPace(options.pace, signal, () => onProgress?.());
  const format = formatFor(root, options.format);
  const run = Number(store.fact('run') ?? 0) + 1;
  store.setFact('run', String(run));
  store.setFact('format', format.id);
  store.setFact('level', level);
  begin(store);
  const dataset = await format.open(root, { ...(signal && { signal }) });
  try {
    onPhase?.('rows');
    await noteSamples(store, dataset, run, breathe, signal);
    await dataset.check((problem) => store.tell('rows', problem), { full: level === 'full', ...(signal && { signal }) });
    store.flush();
    await noteFolder(store, root, run, breathe, signal);
    forgetOthers(store, run);
  } finally {
    dataset.close();
  }
  onPhase?.('files');
  const decoder = createDecoder(options.search);
  await checkFiles({ store, run, level: level === 'full' ? 1 : 0, decoder, breathe, signal });
  onPhase?.('duplicates');
  await findDuplicates({ store, run, distance: options.distance, breathe });
  onPhase?.('pictures');
  const notes = await findNearPictures({ store, run, distance: options.distance, breathe });
  onPhase?.('splits');
  checkSplits(store, root);
  store.setFact('notes', JSON.stringify([...decoder.notes(), ...notes]));
}

/** What was found of rows, pairs and splits is found anew; what is known of the files stays. */
function begin(store: HealthStore): void {
  store.flush();
  inTransaction(store.database, () => ['problems', 'pairs', 'uses'].forEach((table) => store.database.exec(`DELETE FROM ${table}`)));
  store.setFact('notes', '[]');
  store.setFact('rows', '0');
}

class Notes {
  private readonly insert;
  private readonly find;
  private readonly use;

  constructor(
    private readonly store: HealthStore,
    private readonly run: number,
  ) {
    const { database } = store;
    this.insert = database.prepare('INSERT INTO files (path, run) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET run = excluded.run');
    this.find = database.prepare('SELECT id FROM files WHERE path = ?');
    this.use = database.prepare('INSERT INTO uses (file, split, label, speaker) VALUES (?, ?, ?, ?)');
  }

  write(samples: readonly Sample[]): void {
    inTransaction(this.store.database, () => {
      for (const sample of samples) {
        this.writeOne(sample);
      }
    });
  }

  paths(paths: readonly string[]): void {
    inTransaction(this.store.database, () => paths.forEach((path) => this.insert.run(path, this.run)));
  }

  private writeOne({ media, split, labels, speaker }: Sample): void {
    for (const file of new Set(media.map(({ place }) => place.file))) {
      this.insert.run(file, this.run);
      const id = Number(this.find.get(file)?.id);
      for (const label of labels.length === 0 ? [null] : labels) {
        this.use.run(id, split ?? null, label, speaker ?? null);
      }
    }
  }
}

async function noteSamples(store: HealthStore, dataset: Dataset, run: number, breathe: () => Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> {
  const notes = new Notes(store, run);
  let waiting: Sample[] = [];
  let rows = 0;
  for await (const sample of dataset.samples({ ...(signal && { signal }) })) {
    await breathe();
    rows++;
    // Samples of a shard share its file: what is in two splits there is told by key and not by path.
    waiting.push({ ...sample, media: sample.media.filter(({ place }) => place.member === undefined) });
    if (waiting.length >= BATCH) {
      notes.write(waiting);
      waiting = [];
    }
  }
  notes.write(waiting);
  store.setFact('rows', String(rows));
}

/** Files that lie in the dataset's folder and that no sample names are checked too. */
async function noteFolder(store: HealthStore, root: string, run: number, breathe: () => Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> {
  const notes = new Notes(store, run);
  if (createFolderLook(root).isFile) {
    notes.paths([join(dirname(root), root.slice(root.lastIndexOf('/') + 1))]);
    return;
  }
  const tree = await FileTree.read(root, { takes: () => true, signal });
  let waiting: string[] = [];
  for (const { path } of tree.from()) {
    await breathe();
    waiting.push(join(root, path));
    if (waiting.length >= BATCH) {
      notes.paths(waiting);
      waiting = [];
    }
  }
  notes.paths(waiting);
}

function forgetOthers(store: HealthStore, run: number): void {
  store.database.prepare('DELETE FROM files WHERE run <> ?').run(run);
}
