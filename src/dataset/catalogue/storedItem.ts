import { join } from 'node:path';
import { absent, type Measured } from '../../base/absent.ts';
import type { SqliteRow } from '../../base/sqlite.ts';
import type { Container, MediaKind } from '../../media/media.ts';
import type { Severity } from '../../media/problem.ts';
import { APPLIES, type ApplyingColumn } from '../filter/filterSql.ts';
import type { CatalogueItem } from './catalogueApi.ts';
import { STATE } from './schema.ts';

/** To be selected from the table `item`, for `itemOf`. */
export const ITEM_COLUMNS =
  "item.*, folder.path AS folderPath, (SELECT CASE archive.path WHEN '' THEN a.name ELSE archive.path || '/' || a.name END FROM item AS a JOIN folder AS archive ON archive.id = a.folder WHERE a.id = folder.archive) AS archive";

const NOT_PROBED = absent('not probed');
const NOT_STATED = absent('not stated in the file');
const NOT_READ = absent('cannot be read');
/** Why what applies is not known, by how far an item was looked at. */
const MISSING: Readonly<Record<number, { readonly absent: string }>> = {
  [STATE.probed]: NOT_STATED,
  [STATE.member]: NOT_STATED,
  [STATE.failed]: NOT_READ,
  [STATE.refused]: NOT_READ,
  [STATE.left]: absent('not looked into'),
  [STATE.cut]: absent('not in its first part, which alone was unpacked'),
};
const UNHASHED = absent('not hashed');

/** What a row of the catalogue says, as the window is told. */
export function itemOf(root: string, row: SqliteRow): CatalogueItem {
  const folder = String(row['folderPath']);
  const name = String(row['name']);
  const path = folder === '' ? name : `${folder}/${name}`;
  const state = Number(row['state']);
  const missing = MISSING[state] ?? NOT_PROBED;
  const applies = Number(row['applies']);
  const value = <T extends string | number>(column: string): Measured<T> => (row[column] as T | null) ?? missing;
  const asked = <C extends ApplyingColumn, F extends string, T extends string | number>(column: C, field: F): Partial<Record<F, Measured<T>>> =>
    (applies & APPLIES[column]) === 0 && row[column] === null ? {} : ({ [field]: value<T>(column) } as Record<F, Measured<T>>);
  const text = <F extends 'caption' | 'label' | 'split' | 'speaker'>(column: F): Partial<Record<F, string>> =>
    row[column] === null ? {} : ({ [column]: String(row[column]) } as Record<F, string>);
  return {
    id: Number(row['id']),
    place: placeOf(root, path, row['archive']),
    path,
    kind: row['kind'] as MediaKind,
    container: value<Container>('container'),
    size: value<number>('size'),
    modified: value<number>('modified'),
    ...asked<'duration', 'duration', number>('duration', 'duration'),
    ...asked<'rate', 'sampleRate', number>('rate', 'sampleRate'),
    ...asked<'channels', 'channels', number>('channels', 'channels'),
    ...asked<'width', 'width', number>('width', 'width'),
    ...asked<'height', 'height', number>('height', 'height'),
    ...asked<'fps', 'fps', number>('fps', 'fps'),
    ...asked<'codec', 'codec', string>('codec', 'codec'),
    ...asked<'rows', 'rows', number>('rows', 'rows'),
    ...text('caption'),
    ...text('label'),
    ...text('split'),
    ...text('speaker'),
    hash: (row['hash'] as string | null) ?? UNHASHED,
    ...(row['health'] !== null && { health: { severity: row['severity'] as Severity, message: String(row['health']) } }),
  };
}

function placeOf(root: string, path: string, archive: unknown): CatalogueItem['place'] {
  if (typeof archive !== 'string') {
    return { file: join(root, path) };
  }
  return { file: join(root, archive), member: path.slice(archive.length + '!/'.length) };
}
