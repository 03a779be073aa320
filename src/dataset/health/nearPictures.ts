import type { SharpLibrary } from '../../media/sharpLibrary.ts';

/** Pixels of a picture that its hash is made of: eight differences in each of eight lines. */
const WIDTH = 9;
const HEIGHT = 8;
const MAX_PIXELS = 2 ** 28;

/** 64 bits as two numbers of 32. */
export interface Look {
  readonly high: number;
  readonly low: number;
}

/**
 * dHash: whether each pixel of the shrunken picture is darker than the one to its right. Rejects where the picture
 * cannot be decoded.
 */
export async function lookOf(sharp: SharpLibrary, file: string): Promise<string> {
  const pixels = await sharp(file, { limitInputPixels: MAX_PIXELS }).autoOrient().flatten({ background: '#808080' }).toColourspace('b-w').resize(WIDTH, HEIGHT, { fit: 'fill' }).raw().toBuffer();
  const channels = Math.max(1, Math.floor(pixels.length / (WIDTH * HEIGHT)));
  let hash = 0n;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH - 1; x++) {
      const at = (y * WIDTH + x) * channels;
      hash = (hash << 1n) | ((pixels[at] ?? 0) < (pixels[at + channels] ?? 0) ? 1n : 0n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}

export function parseLook(text: string): Look {
  return { high: parseInt(text.slice(0, 8), 16) >>> 0, low: parseInt(text.slice(8), 16) >>> 0 };
}

export function distanceOf(a: Look, b: Look): number {
  return bitsIn(a.high ^ b.high) + bitsIn(a.low ^ b.low);
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/**
 * Finds what was added before within a distance. Of `distance + 1` bands of the hash at least one is the same in both
 * (multi-index hashing), so that only those that share a band are compared.
 */
export class NearIndex {
  private readonly bands: { readonly shift: number; readonly bits: number; readonly buckets: Map<number, number[]> }[] = [];
  private readonly looks: Look[] = [];

  constructor(private readonly distance: number) {
    const count = distance + 1;
    for (let band = 0, shift = 0; band < count; band++) {
      const bits = Math.floor((64 - shift) / (count - band));
      this.bands.push({ shift, bits, buckets: new Map() });
      shift += bits;
    }
  }

  /** Numbers of those within the distance, each once; then adds this one under the next number. */
  add(look: Look): { readonly number: number; readonly distance: number }[] {
    const number = this.looks.push(look) - 1;
    const met = new Set<number>();
    const near: { number: number; distance: number }[] = [];
    for (const { shift, bits, buckets } of this.bands) {
      const key = bandOf(look, shift, bits);
      const bucket = buckets.get(key);
      for (const other of bucket ?? []) {
        if (!met.has(other)) {
          met.add(other);
          const distance = distanceOf(look, this.looks[other] ?? look);
          if (distance <= this.distance) {
            near.push({ number: other, distance });
          }
        }
      }
      if (bucket === undefined) {
        buckets.set(key, [number]);
      } else {
        bucket.push(number);
      }
    }
    return near;
  }
}

/** Bits of a hash as a number; bands of more than 32 bits are folded, which only makes more candidates. */
function bandOf({ high, low }: Look, shift: number, bits: number): number {
  const value = ((BigInt(high) << 32n) | BigInt(low)) >> BigInt(shift);
  return Number(value & ((1n << BigInt(Math.min(bits, 52))) - 1n));
}
