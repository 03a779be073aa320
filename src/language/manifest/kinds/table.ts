import { isMedium } from '../../../media/names.ts';
import { isRecord } from '../../../base/isRecord.ts';
import type { KeySpec, ManifestKind, NamedPath } from './kind.ts';
import { lengthOf, subjectOf, textOf, timesOf, wordOf } from './kind.ts';
import { PATH_COLUMNS } from './pathColumns.ts';

const KEYS: readonly KeySpec[] = [
  { name: 'path', type: 'path', help: 'The file, relative to the manifest’s folder.' },
  { name: 'text', type: 'string', help: 'Caption or transcript.' },
  { name: 'label', type: 'any', help: 'Class.' },
  { name: 'split', type: 'string', values: ['train', 'validation', 'test'], help: 'Split.' },
  { name: 'duration', type: 'number', help: 'Length in seconds.' },
];

/** Any rows of which a column names files. */
export const table: ManifestKind = {
  id: 'table',
  title: 'Table of files',
  keys: () => KEYS,
  texts: [{ key: 'text', needed: false }, { key: 'caption', needed: false }, { key: 'sentence', needed: false }, { key: 'transcript', needed: false }],
  folders: ['.', 'images', 'audio', 'wavs', 'wav', 'clips', 'videos', 'data', 'media', '..'],
  paths: (value) => Object.entries(value).flatMap(([key, cell]) => pathsOf(key, cell, [key])),
  subject(value) {
    const paths = table.paths(value, '', {});
    return subjectOf({
      identity: paths.length === 0 ? undefined : `${paths.map(({ path }) => path).join('\u0000')}\u0000${timesOf(value).join('\u0000')}`,
      id: wordOf(value.id),
      speaker: wordOf(value.speaker) ?? wordOf(value.speaker_id) ?? wordOf(value.spk),
      split: wordOf(value.split),
      label: wordOf(value.label) ?? wordOf(value.class) ?? wordOf(value.category),
      length: lengthOf(value.duration),
    });
  },
};

/** Values of columns that are called as such columns are, or that look like a medium’s name. */
function pathsOf(key: string, cell: unknown, at: NamedPath['at']): NamedPath[] {
  if (Array.isArray(cell)) {
    return cell.flatMap((item, index) => pathsOf(key, item, [...at, index]));
  }
  if (isRecord(cell)) {
    return typeof cell.path === 'string' && !('bytes' in cell && cell.bytes !== null) ? pathsOf(key, cell.path, [...at, 'path']) : [];
  }
  const path = textOf(cell);
  if (path === undefined || path.length > 4096 || /[\n\r]/.test(path)) {
    return [];
  }
  const isNamed = PATH_COLUMNS.has(key.trim().toLowerCase());
  return isMedium(path.trim()) && (isNamed || !/\s\S*\s\S*\s/.test(path)) ? [{ at, path }] : [];
}
