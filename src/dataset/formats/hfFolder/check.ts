import { basename, dirname, join, relative, resolve } from 'node:path';
import { checkHfColumns, checkHfSplits } from '../../../media/rules/huggingFace.ts';
import type { ProblemTeller } from '../../../media/rules/rule.ts';
import type { FolderLook } from '../../format.ts';
import type { HfTable } from './metadata.ts';
import { namedFiles } from './metadata.ts';
import { CheckRun, Seen } from '../support/checkRun.ts';
import type { FileTree } from '../support/fileTree.ts';
import { findFiles } from '../support/manifests.ts';
import { extensionOf, splitOfName } from '../../../media/names.ts';
import { isSplitFolder } from '../support/folderLabels.ts';

export interface OpenHfFolder {
  readonly look: FolderLook;
  /** The folder that paths of files in it are relative to. */
  readonly top: string;
  readonly tables: readonly HfTable[];
  readonly tree: FileTree;
  readonly kind: string;
}

export async function checkHfFolder(dataset: OpenHfFolder, tell: ProblemTeller, signal: AbortSignal | undefined): Promise<void> {
  const run = await CheckRun.start(tell, signal);
  checkNames(run, dataset);
  checkColumns(run, dataset);
  if (dataset.tables.length === 0) {
    return;
  }
  const listed = new Seen(run.hash);
  for (const table of dataset.tables) {
    await checkTable(run, table, listed);
  }
  const folders = dataset.tables.map(({ folder }) => `${relative(dataset.top, folder)}/`.replace(/^\//, ''));
  for (const { path } of dataset.tree.from()) {
    await run.breathe();
    const file = join(dataset.top, path);
    if (folders.some((folder) => path.startsWith(folder)) && !listed.has(file)) {
      run.say({ file }, { code: 'hf/unlisted', message: `${path} is in no row of the metadata and is left out.` });
    }
  }
}

function checkNames(run: CheckRun, { look, top, tables }: OpenHfFolder): void {
  const [first] = tables;
  const firstKind = first && extensionOf(first.rows.file);
  for (const { rows } of tables) {
    if (extensionOf(rows.file) !== firstKind) {
      run.say({ file: rows.file }, { code: 'hf/metadata-mixed', message: `${basename(rows.file)} is .${extensionOf(rows.file)}, another metadata file is .${firstKind}.`, ...(first && { related: first.rows.file }) });
    }
  }
  if (!look.isFile) {
    for (const path of findFiles(look, /(?:^|\/)meta[-_ ]?data[^/]*\.(?:csv|jsonl|json|tsv|parquet)$/i).filter((name) => !/(?:^|\/)metadata\.(?:csv|jsonl|parquet)$/.test(name))) {
      run.say({ file: join(top, path) }, { code: 'hf/metadata-name', message: `${path} is not called metadata.csv, metadata.jsonl or metadata.parquet, and is not read.` });
    }
  }
  const inSplits = tables.filter(({ folder }) => splitOfName(basename(folder)) !== undefined);
  if (inSplits.length > 0 && inSplits.length === tables.length) {
    for (const name of look.list('').folders.filter((folder) => isSplitFolder(folder) && !tables.some((table) => `${table.folder}/`.startsWith(`${join(top, folder)}/`)))) {
      run.say({ file: join(top, name) }, { code: 'hf/metadata-partial', message: `${name} has no metadata file, ${relative(top, inSplits[0]?.folder ?? '')} has one.` });
    }
  }
}

function checkColumns(run: CheckRun, { tables }: OpenHfFolder): void {
  const [first, ...others] = tables;
  for (const { rows, columns } of tables) {
    if (rows.count > 0 || rows.header !== undefined) {
      run.say({ file: rows.file }, ...checkHfColumns(columns));
    }
  }
  for (const { rows, columns } of first === undefined ? [] : others) {
    run.say({ file: rows.file }, ...checkHfSplits(first?.columns ?? [], columns, basename(dirname(first?.rows.file ?? ''))));
  }
}

async function checkTable(run: CheckRun, { rows, folder, columns }: HfTable, listed: Seen): Promise<void> {
  const types = new Map<string, string>();
  await run.rows(rows, ({ value, row }, at) => {
    for (const { key, path } of namedFiles(value)) {
      const file = resolve(folder, path);
      run.path(at, key, path, folder);
      const before = listed.meet(file, row);
      if (before !== undefined) {
        run.say(at, { code: 'row/duplicate', key, message: `${path} stands in row ${before} already.`, related: file });
      }
    }
    if (rows.form !== 'jsonl') {
      return;
    }
    for (const column of columns.filter((name) => !(name in value))) {
      run.say(at, { code: 'row/key-missing', key: column, message: `The row has no ${column}, which the first row has.` });
    }
    for (const [key, cell] of Object.entries(value)) {
      const type = cell === null ? undefined : Array.isArray(cell) ? 'array' : typeof cell;
      const usual = types.get(key);
      if (type !== undefined && usual === undefined) {
        types.set(key, type);
      } else if (type !== undefined && type !== usual) {
        run.say(at, { code: 'row/type', key, message: `${key} is of type ${type}, in the rows before of type ${usual}.` });
      }
    }
  });
}
