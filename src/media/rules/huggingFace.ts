import type { Finding, Rules } from './rule.ts';
import { quoted } from './rule.ts';
import { isNear } from './row.ts';

export const HF_RULES = {
  'hf/metadata-mixed': {
    severity: 'error',
    title: 'Metadata files of different kinds',
    help: 'load_dataset refuses folders whose metadata files have different extensions. Keep one of metadata.csv, metadata.jsonl and metadata.parquet everywhere.',
  },
  'hf/metadata-name': {
    severity: 'warning',
    title: 'Metadata file is not read',
    help: 'Only metadata.csv, metadata.jsonl and metadata.parquet are read, under exactly these names; others are passed over without a word.',
  },
  'hf/metadata-partial': {
    severity: 'warning',
    title: 'Split without metadata',
    help: 'Some splits have a metadata file and this one has none: its columns differ, or its files are left out.',
  },
  'hf/file-name-key': {
    severity: 'error',
    title: 'No column names the file',
    help: 'The column has to be called file_name, or end in _file_name or _file_names.',
  },
  'hf/columns-differ': { severity: 'error', title: 'Splits have different columns', help: 'load_dataset needs the same features in every split.' },
  'hf/unlisted': { severity: 'warning', title: 'File is in no row', help: 'Where there is metadata, files that it does not list are left out without a word.' },
} as const satisfies Rules;

type Code = keyof typeof HF_RULES;

const FILE_KEY = /^(?:.*_)?file_names?$/;

export function isFileKey(name: string): boolean {
  return FILE_KEY.test(name);
}

/** Columns of a metadata file. */
export function checkHfColumns(columns: readonly string[]): Finding<Code>[] {
  if (columns.some(isFileKey)) {
    return [];
  }
  const near = columns.find((name) => isNear(name.toLowerCase(), 'file_name') || ['image', 'audio', 'video', 'path', 'file', 'filename', 'filepath'].includes(name.toLowerCase()));
  return [
    {
      code: 'hf/file-name-key',
      message: `None of the columns ${columns.map((name) => quoted(name)).join(', ')} is file_name${near === undefined ? '' : `; ${quoted(near)} may be meant`}.`,
      ...(near !== undefined && { key: near }),
    },
  ];
}

/** Columns of a split against those of the first one. */
export function checkHfSplits(first: readonly string[], columns: readonly string[], firstName: string): Finding<Code>[] {
  const gone = first.filter((name) => !columns.includes(name));
  const added = columns.filter((name) => !first.includes(name));
  if (gone.length + added.length === 0) {
    return [];
  }
  const parts = [gone.length > 0 && `${list(gone)} of ${firstName} not here`, added.length > 0 && `${list(added)} only here`].filter(Boolean);
  return [{ code: 'hf/columns-differ', message: `Columns differ from the other split: ${parts.join(', ')}.` }];
}

function list(names: readonly string[]): string {
  return names.map((name) => quoted(name)).join(', ');
}
