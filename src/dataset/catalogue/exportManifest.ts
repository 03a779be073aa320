import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import { isAbsent } from '../../base/absent.ts';
import { csvCell } from '../../base/csvCell.ts';
import { DatasetError } from '../datasetError.ts';
import type { CatalogueItem } from './catalogueApi.ts';

export type ManifestForm = 'jsonl' | 'csv' | 'hf';

const FIELDS = [
  'path', 'member', 'kind', 'container', 'size', 'modified', 'duration', 'sampleRate', 'channels', 'width', 'height', 'fps', 'codec', 'rows', 'caption', 'label', 'split', 'speaker', 'hash',
] as const;

/**
 * Writes a row an item to a file that does not exist yet, which is removed again where not all of it could be written. `hf`
 * is Hugging Face's metadata.jsonl: `file_name` is relative to its own folder, and only what describes an item goes with it.
 *
 * @throws {DatasetError} where the file is there already or cannot be written, or an item lies where the form cannot name it
 */
export async function exportManifest(file: string, form: ManifestForm, pages: AsyncIterable<readonly CatalogueItem[]>): Promise<number> {
  let fd: number;
  try {
    fd = openSync(file, 'wx', 0o644);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DatasetError('unavailable', code === 'EEXIST' ? `${file} is there already and is not written over` : `${file} cannot be written (${code ?? String(error)})`, { cause: error });
  }
  let rows = 0;
  try {
    const line = lineOf(file, form);
    if (form === 'csv') {
      writeSync(fd, `${FIELDS.join(',')}\n`);
    }
    for await (const items of pages) {
      writeAll(fd, items.map(line).join(''));
      rows += items.length;
    }
    fsyncSync(fd);
    closeSync(fd);
    return rows;
  } catch (error) {
    closeSync(fd);
    rmSync(file, { force: true });
    throw error instanceof DatasetError || (error as Error).name === 'AbortError' ? error : new DatasetError('unavailable', `${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(fd, bytes, at);
  }
}

function lineOf(file: string, form: ManifestForm): (item: CatalogueItem) => string {
  switch (form) {
    case 'jsonl':
      return (item) => `${JSON.stringify(documentOf(item))}\n`;
    case 'csv':
      return (item) => {
        const fields = documentOf(item);
        return `${FIELDS.map((field) => cell(fields[field])).join(',')}\n`;
      };
    case 'hf':
      return (item) => `${JSON.stringify(huggingFaceRow(file, item))}\n`;
  }
}

/** What is known of an item; what is not is left out. */
export function documentOf(item: CatalogueItem): Partial<Record<(typeof FIELDS)[number], string | number>> {
  const { place, ...facts } = item;
  const all: Record<string, unknown> = { ...facts, path: place.file, member: place.member };
  return Object.fromEntries(FIELDS.flatMap((field) => (all[field] === undefined || isAbsent(all[field]) ? [] : [[field, all[field]]])));
}

/**
 * What Hugging Face's datasets takes for a split in the names of folders, and of files. (`data_files.py`: its keywords between
 * its separators) It then loads what has such a name, with the metadata.jsonl that is in it, and passes over one above.
 */
const LOADERS_SPLIT = /(?:^|[-._ \d])(?:train|training|validation|valid|dev|val|test|testing|eval|evaluation)(?:[-._ \d]|$)/;

function huggingFaceRow(file: string, { place, caption, label, speaker }: CatalogueItem): object {
  const folder = dirname(file);
  const name = relative(folder, place.file);
  if (place.member !== undefined || name.startsWith('..') || isAbsolute(name)) {
    throw new DatasetError('unavailable', `${place.file} does not lie below ${folder}: metadata.jsonl names only files in its own folder and below`);
  }
  const split = basename(file) === 'metadata.jsonl' ? name.split(sep).find((part) => LOADERS_SPLIT.test(part)) : undefined;
  if (split !== undefined) {
    throw new DatasetError('unavailable', `load_dataset makes a split of ${split} by its name, and passes over a metadata.jsonl beside it or above: write one into the folder of each split, or give it another name and state data_files`);
  }
  return { file_name: name, ...(caption !== undefined && { text: caption }), ...(label !== undefined && { label }), ...(speaker !== undefined && { speaker }) };
}

function cell(value: string | number | undefined): string {
  return value === undefined ? '' : csvCell(String(value));
}
