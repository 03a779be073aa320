import type { ByteSource } from '../byteSource.ts';
import { latin1 } from '../sniff/bytes.ts';
import type { HeaderFacts } from './facts.ts';
import { cutShort, imageFacts, positive, unreadable } from './facts.ts';

const MAX_HEADER = 4096;

/** PBM, PGM, PPM and PAM. (netpbm's pbm(5), pgm(5), ppm(5), pam(5)) */
export function readPnm(source: ByteSource): HeaderFacts {
  const text = latin1(source.read(0, MAX_HEADER), 0, MAX_HEADER);
  const facts = text.startsWith('P7') ? readPam(text) : readClassic(text);
  if (facts === undefined) {
    return { image: imageFacts({}), ...unreadable('the header is not all there') };
  }
  const { width, height, depth, maximum, start, isPlain, bitmap } = facts;
  const stated = start + (bitmap ? Math.ceil(width / 8) : width * depth * (maximum > 255 ? 2 : 1)) * height;
  return {
    image: imageFacts({
      width: positive(width),
      height: positive(height),
      bitDepth: bitmap ? 1 : Math.ceil(Math.log2(maximum + 1)),
      colour: depth >= 3 ? 'rgb' : 'gray',
      alpha: depth === 2 || depth === 4,
    }),
    problems: !isPlain && stated > source.size ? [cutShort(source.size, stated, 'bytes')] : [],
  };
}

interface Raster {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly maximum: number;
  /** Where the raster begins. */
  readonly start: number;
  readonly isPlain: boolean;
  readonly bitmap: boolean;
}

function readClassic(text: string): Raster | undefined {
  const type = Number(text[1]);
  const bitmap = type === 1 || type === 4;
  const numbers = new RegExp(`^P[1-6]${'(?:\\s|#[^\\n]*\\n)+(\\d{1,9})'.repeat(bitmap ? 2 : 3)}\\s`).exec(text);
  if (numbers === null) {
    return undefined;
  }
  const [width = 0, height = 0, maximum = 1] = numbers.slice(1).map(Number);
  return { width, height, maximum, bitmap, depth: type % 3 === 0 ? 3 : 1, start: numbers[0].length, isPlain: type <= 3 };
}

function readPam(text: string): Raster | undefined {
  const end = text.indexOf('ENDHDR\n');
  const header = text.slice(0, Math.max(0, end));
  const field = (name: string): number => Number(new RegExp(`^${name}\\s+(\\d{1,9})\\s*$`, 'm').exec(header)?.[1] ?? 0);
  const [width, height, depth, maximum] = [field('WIDTH'), field('HEIGHT'), field('DEPTH'), field('MAXVAL')];
  return end < 0 || width === 0 || height === 0 || depth === 0 || maximum === 0
    ? undefined
    : { width, height, depth, maximum, start: end + 7, isPlain: false, bitmap: false };
}
