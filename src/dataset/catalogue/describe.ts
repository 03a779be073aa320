import { dirname, relative } from 'node:path';
import { statSync } from 'node:fs';
import { known, type Measured } from '../../base/absent.ts';
import { inTransaction, type SqliteDatabase } from '../../base/sqlite.ts';
import { stepsOf } from '../../media/archives/archive.ts';
import type { MediaPlace } from '../../media/place.ts';
import { labelOfFolders } from '../formats/support/folderLabels.ts';
import { splitOfPath } from '../../media/names.ts';
import type { Sample } from '../sample.ts';
import { COUNTED_COLUMNS, countedOf, loadTally, type Tally } from './tally.ts';

export interface DescribeOptions {
  readonly root: string;
  /** Absolute path of the folder that the items' paths begin at. */
  readonly base: string;
  readonly format: string;
  readonly database: SqliteDatabase;
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** Lets others have their turn. */
  readonly rest: () => Promise<void>;
  readonly onChange: () => void;
}

/** By what items were described. */
export interface Description {
  readonly format: string;
  readonly samples: Measured<number>;
  /** Manifests and their times of change, some of them where there are many. */
  readonly sources: readonly (readonly [file: string, modified: number])[];
}

const BATCH = 500;
const MOST_SOURCES = 200;
/** Characters of a text that are kept to be searched and shown. */
const MOST_TEXT = 2000;

/** Formats whose labels and splits are those of folders, which the walk has given already. */
export const FOLDER_FORMATS = new Set(['folders']);

/** Whether what an item was described by is as it was. */
export function isDescribed(description: Description | undefined, format: string): boolean {
  return description?.format === format && description.sources.every(([file, modified]) => modifiedOf(file) === modified);
}

/**
 * Gives items the captions, labels, splits and speakers that the dataset's own manifests state. Rejects with a `DatasetError`
 * where they cannot be read, and with the signal's reason.
 */
export async function describe(options: DescribeOptions): Promise<Description> {
  const { root, format, signal } = options;
  const sources = new Map<string, number>();
  const { formatById } = await import('../formats/index.ts');
  const dataset = await formatById(format)!.open(root, { signal });
  let count = 0;
  try {
    const describer = new Describer(options);
    let waiting: Sample[] = [];
    for await (const sample of dataset.samples({ signal })) {
      count++;
      waiting.push(sample);
      const { source } = sample;
      if (source !== undefined && sources.size < MOST_SOURCES && !sources.has(source.file)) {
        sources.set(source.file, modifiedOf(source.file));
      }
      if (waiting.length >= BATCH) {
        describer.store(waiting);
        waiting = [];
        await options.rest();
        signal.throwIfAborted();
      }
    }
    describer.store(waiting);
  } finally {
    dataset.close();
  }
  return { format, samples: known(dataset.count) ?? count, sources: [...sources] };
}

/** Takes back what another format said: labels and splits are those of the folders again. */
export async function undescribe(database: SqliteDatabase, tally: Tally, rest: () => Promise<void>): Promise<void> {
  const update = database.prepare('UPDATE item SET caption = NULL, speaker = NULL, label = ?, split = ? WHERE folder = ?');
  for (const { id, path } of database.prepare('SELECT id, path FROM folder').all()) {
    update.run(labelOfFolders(String(path)) ?? null, splitOfPath(`${String(path)}/x`) ?? null, id!);
    await rest();
  }
  tally.become(await loadTally(database));
}

class Describer {
  private readonly folders = new Map<string, number | undefined>();
  private readonly findFolder;
  private readonly findItem;
  private readonly update;

  constructor(private readonly options: DescribeOptions) {
    const { database } = options;
    this.findFolder = database.prepare('SELECT id FROM folder WHERE path = ?');
    this.findItem = database.prepare(`SELECT id, caption, label, speaker, ${COUNTED_COLUMNS} FROM item WHERE folder = ? AND name = ?`);
    this.update = database.prepare('UPDATE item SET caption = ?, label = ?, split = ?, speaker = ? WHERE id = ?');
  }

  store(samples: readonly Sample[]): void {
    const { database, onChange } = this.options;
    if (inTransaction(database, () => samples.map((sample) => this.storeOne(sample)).some(Boolean))) {
      onChange();
    }
  }

  private storeOne({ media, text, labels, split, speaker }: Sample): boolean {
    const caption = text === undefined ? null : text.slice(0, MOST_TEXT);
    const label = labels.length === 0 ? null : [...new Set(labels)].join(', ').slice(0, MOST_TEXT);
    let hasChanged = false;
    for (const { place } of media) {
      const path = pathOfPlace(place);
      const folder = this.folderOf(path);
      const row = folder === undefined ? undefined : this.findItem.get(folder, path.slice(path.lastIndexOf('/') + 1));
      const values = [caption, label, split ?? null, speaker ?? null] as const;
      if (row !== undefined && (row['caption'] !== caption || row['label'] !== label || row['split'] !== values[2] || row['speaker'] !== values[3])) {
        this.update.run(...values, row['id']!);
        this.options.tally.change(countedOf(row), { ...countedOf(row), split: values[2] });
        hasChanged = true;
      }
    }
    return hasChanged;
  }

  private folderOf(file: string): number | undefined {
    const folder = dirname(file);
    if (!this.folders.has(folder)) {
      const path = relative(this.options.base, folder);
      const id = path.startsWith('..') ? undefined : this.findFolder.get(path)?.['id'];
      if (this.folders.size > 10_000) {
        this.folders.clear();
      }
      this.folders.set(folder, id === undefined ? undefined : Number(id));
    }
    return this.folders.get(folder);
  }
}

/** A member lies below its archive as a file does below a folder. */
export function pathOfPlace({ file, member }: MediaPlace): string {
  return member === undefined ? file : [`${file}!`, ...stepsOf(member)].join('/');
}

/** NaN where it is gone, which equals nothing. */
function modifiedOf(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return NaN;
  }
}
