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
export function checkMedia({ container, problems, size }: Pick<Media, 'container' | 'problems' | 'size'>, extension: string): Finding<Code>[] {
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
  return problems.map((problem) => ({ code: problem.startsWith('cut short') ? 'media/truncated' : 'media/damaged', message: sentence(problem) }));
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
