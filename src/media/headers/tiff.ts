import type { ByteSource } from '../byteSource.ts';
import { has } from '../sniff/bytes.ts';
import type { Endian } from './endian.ts';
import { BIG, LITTLE } from './endian.ts';
import type { HeaderFacts } from './facts.ts';
import { imageFacts, positive, unreadable } from './facts.ts';

/** TIFF 6.0, section 8; the profile's tag is ICC.1's, annex B.4. */
const TAG = { width: 256, height: 257, bits: 258, photometric: 262, orientation: 274, samples: 277, extra: 338, profile: 34675 };
const MAX_PAGES = 1000;
const MAX_ENTRIES = 4096;

interface Layout {
  readonly order: Endian;
  readonly isBig: boolean;
  /** Where the first directory lies, from the header's start. */
  readonly first: number;
}

interface Directory {
  readonly values: ReadonlyMap<number, number>;
  readonly next: number;
}

function readLayout(source: ByteSource, base: number): Layout | undefined {
  const head = source.read(base, 16);
  if (head.length < 8) {
    return undefined;
  }
  const order = has(head, 'II') ? LITTLE : has(head, 'MM') ? BIG : undefined;
  const version = order?.u16(head, 2);
  if (order === undefined || (version !== 42 && version !== 43) || (version === 43 && head.length < 16)) {
    return undefined;
  }
  const isBig = version === 43;
  return { order, isBig, first: isBig ? order.u64(head, 8) : order.u32(head, 4) };
}

/** One directory's tags with their first values; undefined where it is not all there. */
function readDirectory(source: ByteSource, base: number, at: number, layout: Layout): Directory | undefined {
  const { order, isBig } = layout;
  const countBytes = isBig ? 8 : 2;
  const entryBytes = isBig ? 20 : 12;
  const counted = source.read(base + at, countBytes);
  if (at < 8 || counted.length < countBytes) {
    return undefined;
  }
  const count = isBig ? order.u64(counted, 0) : order.u16(counted, 0);
  if (count === 0 || count > MAX_ENTRIES) {
    return undefined;
  }
  const table = Buffer.from(source.read(base + at + countBytes, count * entryBytes + (isBig ? 8 : 4)));
  const values = new Map<number, number>();
  const whole = Math.min(count, Math.floor(table.length / entryBytes));
  for (let i = 0; i < whole; i++) {
    const entry = i * entryBytes;
    const value = firstValue(source, base, table.subarray(entry, entry + entryBytes), layout);
    if (value !== undefined) {
      values.set(order.u16(table, entry), value);
    }
  }
  const end = count * entryBytes;
  const next = table.length < end + (isBig ? 8 : 4) ? 0 : isBig ? order.u64(table, end) : order.u32(table, end);
  return { values, next };
}

function firstValue(source: ByteSource, base: number, entry: Buffer, { order, isBig }: Layout): number | undefined {
  const width = { 1: 1, 3: 2, 4: 4, 7: 1, 16: 8 }[order.u16(entry, 2)];
  if (width === undefined) {
    return undefined;
  }
  const count = isBig ? order.u64(entry, 4) : order.u32(entry, 4);
  const field = entry.subarray(isBig ? 12 : 8);
  const isInside = width * count <= field.length;
  const bytes = isInside ? field : source.read(base + (isBig ? order.u64(field, 0) : order.u32(field, 0)), width);
  if (bytes.length < width) {
    return undefined;
  }
  return width === 1 ? bytes[0] : width === 2 ? order.u16(bytes, 0) : width === 4 ? order.u32(bytes, 0) : order.u64(bytes, 0);
}

/** EXIF orientation, 1 to 8, of the TIFF structure that begins at `base`; 1 where it states none. (EXIF 2.32, 4.6.4) */
export function exifOrientation(source: ByteSource, base: number): number {
  const layout = readLayout(source, base);
  const value = layout && readDirectory(source, base, layout.first, layout)?.values.get(TAG.orientation);
  return value !== undefined && value >= 1 && value <= 8 ? value : 1;
}

/** Size, depth and colour of the first page, and the number of pages. */
export function readTiff(source: ByteSource): HeaderFacts {
  const layout = readLayout(source, 0);
  const first = layout && readDirectory(source, 0, layout.first, layout);
  if (layout === undefined || first === undefined) {
    return { image: imageFacts({}), ...unreadable('cut short: the first image directory is not there') };
  }
  const { values } = first;
  const orientation = values.get(TAG.orientation) ?? 1;
  const pages = countPages(source, layout, first);
  return {
    image: imageFacts({
      width: positive(values.get(TAG.width) ?? 0),
      height: positive(values.get(TAG.height) ?? 0),
      orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
      frames: pages.count,
      bitDepth: positive(values.get(TAG.bits) ?? 1),
      colour: COLOURS[values.get(TAG.photometric) ?? -1] ?? { absent: 'the photometric interpretation is not known' },
      alpha: [1, 2].includes(values.get(TAG.extra) ?? 0),
      profile: values.has(TAG.profile),
    }),
    problems: pages.isWhole ? [] : [`cut short: page ${pages.count + 1} is not there`],
  };
}

const COLOURS: Readonly<Record<number, string>> = { 0: 'gray', 1: 'gray', 2: 'rgb', 3: 'palette', 4: 'gray', 5: 'cmyk', 6: 'rgb', 8: 'lab' };

function countPages(source: ByteSource, layout: Layout, first: Directory): { readonly count: number; readonly isWhole: boolean } {
  const seen = new Set([layout.first]);
  let next = first.next;
  while (next !== 0 && !seen.has(next) && seen.size < MAX_PAGES) {
    const page = readDirectory(source, 0, next, layout);
    if (page === undefined) {
      return { count: seen.size, isWhole: false };
    }
    seen.add(next);
    next = page.next;
  }
  return { count: seen.size, isWhole: true };
}
