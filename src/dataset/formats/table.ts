import { dirname } from 'node:path';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { pathFrom } from '../../media/pathFrom.ts';
import { UnreadBytes } from '../../media/rows/rowFile.ts';
import type { MediaKind } from '../../media/media.ts';
import type { SampleMedium } from '../sample.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { commonColumns } from './support/commonColumns.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { absolute, findFiles, firstObjects, manifestPart, mediumAt, splitOfManifest, word } from './support/manifests.ts';
import { extensionOf, isMedium, kindByName } from '../../media/names.ts';
import { splitRecord } from './support/record.ts';
import type { Rows, RowValue } from './support/rows.ts';
import { openRows } from './support/rows.ts';

const TABLE = /\.(?:csv|tsv|jsonl|ndjson|json|parquet)(?:\.gz)?$/i;
/** Columns that name a file, the likelier first. */
const PATH_COLUMNS = [
  'audio_filepath', 'audio_path', 'audio_file', 'audio', 'wav', 'wav_path', 'video_path', 'video_file', 'video', 'image_path', 'image_file', 'image_id',
  'image', 'images', 'img_path', 'img', 'path', 'filepath', 'file_path', 'file', 'filename', 'file_name', 'media', 'source',
];
/** Rows that are looked at to find the column. */
const SAMPLE = 10;

/** Any table of which a column names files. */
export const table: DatasetFormat = {
  id: 'table',
  title: 'Table with a path column',
  recognise(look) {
    const found = tablesOf(look);
    const [first] = found;
    return first && { score: first.score, reasons: [first.reason, ...(found.length > 1 ? [`${found.length - 1} more tables`] : [])] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const found = tablesOf(look);
    if (found.length === 0) {
      throw new DatasetError('unknown', `${root} holds no table with a column that names files`);
    }
    const tables = await Promise.all(
      found.map(async ({ path }) => {
        const rows = await openRows(absolute(look, path), { signal });
        return { prefix: found.length > 1 ? `${path}: ` : '', rows, column: await columnOf(rows), split: splitOfManifest(look, path) };
      }),
    );
    return createDataset({
      format: table.id,
      parts: tables.map(({ rows, column, ...options }) => manifestPart(rows, (value, { row }) => draftOf(rows, column, value, row), options)),
      splits: distinct(tables.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { rows, column } of tables) {
          await checkTable(run, rows, column);
        }
      },
    });
  },
};

interface FoundTable {
  readonly path: string;
  readonly score: number;
  readonly reason: string;
}

function tablesOf(look: FolderLook): FoundTable[] {
  return findFiles(look, TABLE, 1)
    .flatMap((path): FoundTable[] => {
      const column = columnByLook(look, path);
      return column === undefined ? [] : [{ path, score: column.exact ? 0.45 : 0.3, reason: extensionOf(path) === 'parquet' ? `${path} is a table` : `${path} has the column ${column.name}` }];
    })
    .sort((a, b) => b.score - a.score);
}

/** The column by the first rows; `exact` where its values look like paths of media. */
function columnByLook(look: FolderLook, path: string): { readonly name: string; readonly exact: boolean } | undefined {
  if (extensionOf(path) === 'parquet') {
    const head = look.head(path, 4)?.toString('latin1');
    // Its columns stand at its end, and are looked at when it is opened.
    return head === 'PAR1' ? { name: 'of Parquet', exact: false } : undefined;
  }
  const rows = /\.(?:csv|tsv)(?:\.gz)?$/i.test(path) ? recordsOf(look, path) : firstObjects(look, path, SAMPLE);
  return rows.length === 0 ? undefined : chooseColumn(rows);
}

function recordsOf(look: FolderLook, path: string): RowValue[] {
  const [head = '', ...lines] = look.lines(path, SAMPLE + 1);
  const delimiter = /\.tsv/i.test(path) || head.includes('\t') ? '\t' : head.includes(';') && !head.includes(',') ? ';' : ',';
  const names = splitRecord(head, delimiter, true);
  return lines.map((line) => Object.fromEntries(splitRecord(line, delimiter, true).map((cell, index) => [names[index] ?? `column ${index + 1}`, cell])));
}

function chooseColumn(rows: readonly RowValue[]): { readonly name: string; readonly exact: boolean } | undefined {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const media = names.find((name) => rows.some((row) => isPath(row[name])) && rows.every((row) => row[name] === undefined || isPath(row[name])));
  const named = PATH_COLUMNS.map((column) => names.find((name) => name.trim().toLowerCase() === column)).find((name) => name !== undefined);
  const best = named !== undefined && rows.some((row) => isPath(row[named])) ? named : (media ?? named);
  return best === undefined ? undefined : { name: best, exact: rows.some((row) => isPath(row[best])) };
}

function isPath(value: unknown): boolean {
  return pathsIn(value).some((path) => isMedium(path) && !/^(?!file:)[a-z][a-z\d+.-]+:\/\//i.test(path));
}

/** A path, several, or Hugging Face's `{ path }`. */
function pathsIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(pathsIn);
  }
  const found: unknown = typeof value === 'object' && value !== null && 'path' in value ? value.path : value;
  return typeof found === 'string' && found !== '' ? [found] : [];
}

async function columnOf(rows: Rows): Promise<string | undefined> {
  const first: RowValue[] = [];
  for await (const { value } of rows.read(0)) {
    first.push(...(value === undefined ? [] : [value]));
    if (first.length >= SAMPLE) {
      break;
    }
  }
  return chooseColumn(first)?.name;
}

function draftOf(rows: Rows, column: string | undefined, value: RowValue, row: number): Draft {
  const folder = dirname(rows.file);
  return {
    id: word(value.id) ?? `row ${row}`,
    media: [...namedOutside(rows, column, value).flatMap(({ key, path }) => mediumAt(key, path, folder)), ...embedded(rows, value)],
    ...commonColumns(value),
  };
}

/** Files that a row names: in the column that was found, and as Hugging Face does, in `{ bytes: null, path }`. */
function namedOutside(rows: Rows, column: string | undefined, value: RowValue): { readonly key: string; readonly path: string }[] {
  const emptied = Object.entries(value).flatMap(([key, cell]) => (typeof cell === 'object' && cell !== null && 'bytes' in cell && cell.bytes === null ? pathsIn(cell).map((path) => ({ key, path })) : []));
  // The path beside embedded bytes is only their name.
  return emptied.length > 0 || column === undefined || embedded(rows, value).length > 0 ? emptied : pathsIn(value[column]).map((path) => ({ key: column, path }));
}

/** Pictures and sounds that are in the table itself, as Hugging Face writes them: `{ bytes, path }`. */
function embedded(rows: Rows, value: RowValue): SampleMedium[] {
  return Object.entries(value).flatMap(([role, cell]): SampleMedium[] => {
    const bytes: unknown = typeof cell === 'object' && cell !== null && 'bytes' in cell ? cell.bytes : cell;
    const path: unknown = typeof cell === 'object' && cell !== null && 'path' in cell ? cell.path : undefined;
    const kind = [typeof path === 'string' ? path : '', `x.${role}`].map(kindByName).find((found) => found !== 'other') ?? kindOfRole(role);
    return bytes instanceof UnreadBytes ? [{ role, kind, place: { file: rows.file, member: bytes.member } }] : [];
  });
}

function kindOfRole(role: string): MediaKind {
  return (['image', 'audio', 'video'] as const).find((kind) => role.toLowerCase().includes(kind)) ?? 'other';
}

async function checkTable(run: CheckRun, rows: Rows, column: string | undefined): Promise<void> {
  const folder = dirname(rows.file);
  const seen = new Seen(run.hash);
  await run.rows(rows, ({ value, row }, at) => {
    const named = namedOutside(rows, column, value);
    if (column !== undefined && named.length === 0 && embedded(rows, value).length === 0) {
      run.say(at, { code: 'row/key-missing', key: column, message: `The row names no file in ${column}.` });
    }
    for (const { key, path } of named) {
      run.path(at, key, path, folder);
    }
    const paths = column === undefined ? [] : pathsIn(value[column]);
    const before = paths.length === 0 ? undefined : seen.meet(JSON.stringify(value), row);
    if (before !== undefined) {
      run.say(at, { code: 'row/duplicate', message: `The row is the same as row ${before}.`, related: pathFrom(folder, paths[0] ?? '') ?? rows.file });
    }
  });
}
