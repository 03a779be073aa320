import { known } from '../../base/absent.ts';
import type { Container, Media } from '../media.ts';
import type { Finding, Rules } from './rule.ts';

export const MEDIA_RULES = {
  'media/unreadable': { severity: 'error', title: 'File may not be read', help: 'The file system says no: permissions, or a broken disk.' },
  'media/zero-bytes': { severity: 'error', title: 'File is empty', help: 'A copy or a download was broken off. Fetch it again, or take it out.' },
  'media/lfs-pointer': { severity: 'error', title: 'Git LFS pointer and not the data', help: 'The repository was cloned without its large files. git lfs pull fetches them.' },
  'media/truncated': { severity: 'error', title: 'File is cut short', help: 'The header promises more than is there. Fetch it again, or take it out.' },
  'media/damaged': { severity: 'error', title: 'Header is damaged', help: 'Loaders stop at this file.' },
  'media/undecodable': { severity: 'error', title: 'Cannot be decoded', help: 'The header is sound, and what follows it is not.' },
  'media/unknown-content': { severity: 'error', title: 'Content is none of what the name says', help: 'The bytes are of no kind that is known: a page with an error message, or another file under this name.' },
  'media/wrong-extension': { severity: 'warning', title: 'Extension does not fit the content', help: 'Loaders that go by the name take the wrong decoder. Rename the file.' },
  'media/exif-orientation': {
    severity: 'warning',
    title: 'Picture is to be turned by its EXIF',
    help: 'Viewers turn it, and PIL, torchvision and TensorFlow do not unless they are told: the model sees it lying, and boxes drawn on the turned picture are off. ImageOps.exif_transpose does it, or store it turned.',
  },
  'media/clipped': { severity: 'warning', title: 'Sound is clipped', help: 'Its loudest parts are cut flat at full scale: it was recorded or mixed too loud. What was cut off is lost; take it again, or leave it out.' },
  'media/silent': { severity: 'warning', title: 'Sound is silent', help: 'Nothing in it is louder than −90 dBFS: a muted channel or a failed export.' },
  'media/blank': { severity: 'warning', title: 'Picture is of one colour', help: 'There is nothing to be seen on it: a failed camera, download or render.' },
  'media/dark': { severity: 'warning', title: 'Picture is nearly black', help: 'Nearly all of it is darker than a fifth of full brightness: a covered lens, a failed exposure, or values of another range than readers expect.' },
  'media/sample-rates': { severity: 'info', title: 'Mixed sample rates', help: 'Models expect one rate: without resampling, sounds play too fast or too slow.' },
} as const satisfies Rules;

type Code = keyof typeof MEDIA_RULES;

/** Containers by the extensions that people give them. */
const FITTING: Readonly<Record<string, readonly Container[]>> = {
  wav: ['wav'], flac: ['flac'], mp3: ['mp3'], ogg: ['ogg'], oga: ['ogg'], opus: ['ogg'], m4a: ['mp4', 'mov'], aac: ['adts', 'mp4'], aif: ['aiff'], aiff: ['aiff'],
  au: ['au'], sph: ['sph'], caf: ['caf'], amr: ['amr'], wv: ['wavpack'], ape: ['ape'], wma: ['asf'],
  mp4: ['mp4', 'mov'], m4v: ['mp4', 'mov'], mov: ['mov', 'mp4'], mkv: ['matroska', 'webm'], webm: ['webm', 'matroska'], avi: ['avi'], flv: ['flv'], ts: ['mpegts'],
  mts: ['mpegts'], m2ts: ['mpegts'], mpg: ['mpegps', 'mpegts'], mpeg: ['mpegps', 'mpegts'], wmv: ['asf'], ogv: ['ogg'],
  jpg: ['jpeg'], jpeg: ['jpeg'], jpe: ['jpeg'], jfif: ['jpeg'], png: ['png'], gif: ['gif'], webp: ['webp'], tif: ['tiff'], tiff: ['tiff'], bmp: ['bmp'], avif: ['avif'],
  heic: ['heic', 'avif'], heif: ['heic', 'avif'], jxl: ['jxl'], jp2: ['jp2'], psd: ['psd'], exr: ['exr'], hdr: ['hdr'], ico: ['ico'],
  npy: ['npy'], npz: ['npz', 'zip'], parquet: ['parquet'], mcap: ['mcap'], safetensors: ['safetensors'], tar: ['tar'], zip: ['zip', 'npz'], h5: ['hdf5'], hdf5: ['hdf5'],
};

/** A file's header against its name. `extension` in lower case, without the dot. */
export function checkMedia({ container, problems, size, image }: Pick<Media, 'container' | 'problems' | 'size' | 'image'>, extension: string): Finding<Code>[] {
  const fitting = FITTING[extension];
  if (container === 'gitLfsPointer') {
    return [{ code: 'media/lfs-pointer', message: `The file is a Git LFS pointer of ${size} bytes.` }];
  }
  if (fitting === undefined) {
    return [];
  }
  if (container === 'empty') {
    return [{ code: 'media/zero-bytes', message: 'The file has no bytes.' }];
  }
  if (!fitting.includes(container)) {
    return container === 'unknown' || container === 'plaintext'
      ? [{ code: 'media/unknown-content', message: `The name ends in .${extension}, the content is ${container === 'unknown' ? 'of no known kind' : 'text'}.` }]
      : [{ code: 'media/wrong-extension', message: `The name ends in .${extension}, the content is ${container}.` }];
  }
  return [...problems.map((problem): Finding<Code> => ({ code: problem.startsWith('cut short') ? 'media/truncated' : 'media/damaged', message: sentence(problem) })), ...checkOrientation(known(image?.orientation) ?? 1)];
}

const TURNS = ['', 'mirrored', 'turned by 180°', 'mirrored and turned by 180°', 'mirrored and turned by 270°', 'turned by 90°', 'mirrored and turned by 90°', 'turned by 270°'];

function checkOrientation(orientation: number): Finding<Code>[] {
  const turn = TURNS[orientation - 1] ?? '';
  return turn === '' ? [] : [{ code: 'media/exif-orientation', message: `EXIF orientation ${orientation}: the picture is stored as it is not meant to be seen, and shown ${turn}.` }];
}

/** What decoding a sound tells of its loudness. */
export interface SoundLevels {
  /** Of the loudest sample, in dBFS; −Infinity for none but zeros. */
  readonly peak: number;
  /** How many samples in a row are at the peak, as a mean over the samples that are. */
  readonly run: number;
  readonly atPeak: number;
  readonly samples: number;
}

/** As in the preview of sounds: from 0.999 of full scale, three in a row. */
const CLIPPED_FROM = 20 * Math.log10(0.999);
const CLIPPED_RUN = 3;
const SILENT_BELOW = -90;

export function checkLevels({ peak, run, atPeak, samples }: SoundLevels): Finding<Code>[] {
  if (samples === 0) {
    return [];
  }
  if (peak < SILENT_BELOW) {
    return [{ code: 'media/silent', message: peak === -Infinity ? 'All samples are 0.' : `The loudest sample has ${peak.toFixed(1)} dBFS.` }];
  }
  return peak >= CLIPPED_FROM && run >= CLIPPED_RUN ? [{ code: 'media/clipped', message: `${atPeak} of ${samples} samples are at full scale, ${run.toFixed(1)} in a row on average.` }] : [];
}

/** Of a picture's channels but the alpha: from 0 for black to 1. */
export interface Brightness {
  readonly mean: number;
  readonly deviation: number;
  /** Between its darkest and its brightest value. */
  readonly range: number;
}

const BLANK_RANGE = 0.012;
const DARK_BELOW = 0.2;

export function checkBrightness(channels: readonly Brightness[]): Finding<Code>[] {
  if (channels.length === 0) {
    return [];
  }
  const percent = (value: number): string => `${Math.round(value * 100)} %`;
  const means = channels.map(({ mean }) => percent(mean)).join(', ');
  if (channels.every(({ range }) => range <= BLANK_RANGE)) {
    return [{ code: 'media/blank', message: `All pixels have the same colour: ${means} of full brightness.` }];
  }
  return channels.every(({ mean, deviation }) => mean + 3 * deviation < DARK_BELOW) ? [{ code: 'media/dark', message: `Its mean brightness is ${means}.` }] : [];
}

/** Rates of sounds and how many files have each; tells of all but the usual one. */
export function checkSampleRates(rates: readonly { readonly rate: number; readonly count: number; readonly example: string }[]): (Finding<Code> & { readonly file: string })[] {
  const [usual, ...others] = [...rates].sort((a, b) => b.count - a.count);
  return others.map(({ rate, count, example }) => ({
    code: 'media/sample-rates',
    file: example,
    message: `${rate} Hz in ${count} ${count === 1 ? 'file' : 'files'}, most of the others have ${usual?.rate} Hz.`,
  }));
}

export function undecodable(said: string): Finding<Code> {
  return { code: 'media/undecodable', message: sentence(said) };
}

function sentence(problem: string): string {
  const text = problem.trim().split('\n')[0] ?? '';
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1, 300)}${text.endsWith('.') ? '' : '.'}`;
}
