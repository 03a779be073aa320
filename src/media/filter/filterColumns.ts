import type { ColumnName } from './filterTypes.ts';

/** How a number is written and read: factors to the column's own unit by the unit's name in lower case. */
export interface NumberUnits {
  /** As a person calls it: `seconds`. */
  readonly title: string;
  /** `20, 1:30 or 2min`. */
  readonly examples: string;
  readonly factors: Readonly<Record<string, number>>;
  /** Whether `1:30` and `1:02:03` are values. */
  readonly clock?: boolean;
}

interface Common {
  readonly name: ColumnName;
  /** What it is, in some words. */
  readonly detail: string;
}

export type FilterColumn =
  | (Common & {
      readonly type: 'text';
      /** Its values are sentences or paths: the short form looks into them. */
      readonly free?: boolean;
      /** All values that there can be, in lower case. */
      readonly values?: readonly string[];
    })
  | (Common & { readonly type: 'number'; readonly units: NumberUnits })
  | (Common & { readonly type: 'date' });

const THOUSANDS = { k: 1e3, m: 1e6, g: 1e9 };
const PLAIN: NumberUnits = { title: 'a number', examples: '2 or 1.5', factors: THOUSANDS };

const SECONDS: NumberUnits = {
  title: 'seconds',
  examples: '20, 1:30 or 2min',
  factors: { ms: 1e-3, s: 1, sec: 1, second: 1, seconds: 1, m: 60, min: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600, d: 86_400 },
  clock: true,
};

const BYTES: NumberUnits = {
  title: 'bytes',
  examples: '4096, 10MB or 2GiB',
  factors: {
    b: 1, bytes: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9, t: 1e12, tb: 1e12,
    kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40,
  },
};

const HERTZ: NumberUnits = { title: 'hertz', examples: '16000, 48k or 44.1kHz', factors: { hz: 1, k: 1e3, khz: 1e3, mhz: 1e6 } };
const PIXELS: NumberUnits = { title: 'pixels', examples: '512 or 512px', factors: { px: 1, k: 1e3 } };

const MEDIA_KINDS = ['image', 'audio', 'video', 'text', 'sensor', 'other'] as const;

export const FILTER_COLUMNS: readonly FilterColumn[] = [
  { name: 'path', type: 'text', free: true, detail: 'path below the dataset’s root' },
  { name: 'name', type: 'text', free: true, detail: 'file name' },
  { name: 'folder', type: 'text', detail: 'folder below the dataset’s root' },
  { name: 'kind', type: 'text', values: MEDIA_KINDS, detail: 'image, audio, video, text, sensor or other' },
  { name: 'container', type: 'text', detail: 'file format, by the content' },
  { name: 'size', type: 'number', units: BYTES, detail: 'bytes' },
  { name: 'modified', type: 'date', detail: 'when the file was changed last' },
  { name: 'duration', type: 'number', units: SECONDS, detail: 'seconds · video, audio, sensor' },
  { name: 'rate', type: 'number', units: HERTZ, detail: 'sample rate in hertz · audio, video' },
  { name: 'channels', type: 'number', units: PLAIN, detail: 'audio channels' },
  { name: 'width', type: 'number', units: PIXELS, detail: 'pixels · image, video' },
  { name: 'height', type: 'number', units: PIXELS, detail: 'pixels · image, video' },
  { name: 'fps', type: 'number', units: PLAIN, detail: 'frames per second · video' },
  { name: 'codec', type: 'text', detail: 'codec, as ffmpeg spells it · video, audio' },
  { name: 'rows', type: 'number', units: PLAIN, detail: 'rows of a table' },
  { name: 'caption', type: 'text', free: true, detail: 'caption or transcript' },
  { name: 'label', type: 'text', detail: 'class' },
  { name: 'split', type: 'text', detail: 'train, val or test' },
  { name: 'speaker', type: 'text', detail: 'who speaks' },
  { name: 'hash', type: 'text', detail: 'xxHash64 of the content' },
  { name: 'health', type: 'text', values: ['error', 'warning', 'info'], detail: 'gravest known problem: error, warning or info' },
];

const BY_NAME = new Map<string, FilterColumn>(FILTER_COLUMNS.map((column) => [column.name, column]));

/** What people call the columns elsewhere. */
const ALIASES: Readonly<Record<string, ColumnName>> = {
  length: 'duration', samplerate: 'rate', sample_rate: 'rate', sampling_rate: 'rate', hz: 'rate', bytes: 'size', mtime: 'modified', date: 'modified',
  filename: 'name', file: 'name', file_name: 'name', dir: 'folder', type: 'kind', format: 'container', text: 'caption', transcript: 'caption',
  class: 'label', category: 'label', w: 'width', h: 'height', channel: 'channels', problem: 'health', problems: 'health',
};

export function filterColumn(name: string): FilterColumn | undefined {
  const lower = name.toLowerCase();
  return BY_NAME.get(Object.hasOwn(ALIASES, lower) ? ALIASES[lower]! : lower);
}
