import type { TagGroup } from '../webview/image/protocol.ts';

/** Characters of a value that are shown. */
const LONGEST = 300;
const MOST_TAGS = 400;

const TITLES: Readonly<Record<string, string>> = {
  ifd0: 'Image', exif: 'Exposure', gps: 'Place', interop: 'Interoperability', iptc: 'IPTC', xmp: 'XMP', jfif: 'JFIF', ihdr: 'PNG header', icc: 'ICC profile',
};

/** What cameras and editors wrote into the head of a picture, group by group, by exifr; empty where there is nothing. */
export async function readTags(head: Buffer): Promise<readonly TagGroup[]> {
  const { default: exifr } = await import('exifr');
  const parsed = (await exifr
    .parse(head, { tiff: true, exif: true, gps: true, interop: true, iptc: true, xmp: true, icc: true, jfif: true, ihdr: true, mergeOutput: false, sanitize: true, reviveValues: true })
    .catch(() => undefined)) as Readonly<Record<string, unknown>> | undefined;
  return Object.entries(parsed ?? {}).flatMap(([group, values]) => {
    if (typeof values !== 'object' || values === null || group === 'errors') {
      return [];
    }
    const tags = Object.entries(values as Record<string, unknown>)
      .slice(0, MOST_TAGS)
      .map(([name, value]) => ({ name: spaced(name), value: wordsOf(value) }))
      .filter(({ value }) => value !== '');
    return tags.length === 0 ? [] : [{ title: TITLES[group] ?? group.toUpperCase(), tags }];
  });
}

/** `DateTimeOriginal` as `Date time original`. */
function spaced(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(' ');
  return words.map((word, index) => (index === 0 || /^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ');
}

function wordsOf(value: unknown): string {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'not a date' : value.toISOString().replace('T', ' ').replace(/\.000Z$/, '');
  }
  if (ArrayBuffer.isView(value)) {
    return `${value.byteLength} bytes`;
  }
  if (typeof value === 'number') {
    return String(Number(value.toPrecision(9)));
  }
  if (Array.isArray(value)) {
    return shorten(value.slice(0, 32).map(wordsOf).join(', '));
  }
  if (typeof value === 'object' && value !== null) {
    return shorten(JSON.stringify(value));
  }
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean' ? shorten(String(value)) : '';
}

function shorten(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}
