import type { ByteSource } from '../byteSource.ts';

/** A box of ISO base media, its content from `start` to `end`. (ISO/IEC 14496-12, 4.2) */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** Where the next box begins, by its own word: beyond the file where that is cut short. */
  readonly end: number;
}

/** Boxes of one level are no more than this in any sound file; a fragmented one has as many as it likes. */
const MOST_BOXES = 4096;

/** The boxes between two places; ends at what is not one. Offsets are of the file. */
export function* boxesIn(source: ByteSource, from: number, to: number): Generator<Box> {
  let at = from;
  for (let count = 0; count < MOST_BOXES && at + 8 <= to; count++) {
    const head = source.read(at, 16);
    if (head.length < 8) {
      return;
    }
    const short = head.readUInt32BE(0);
    const isLong = short === 1;
    const size = isLong ? (head.length < 16 ? 0 : Number(head.readBigUInt64BE(8))) : short === 0 ? to - at : short;
    const header = isLong ? 16 : 8;
    const type = head.toString('latin1', 4, 8);
    if (size < header || !Number.isSafeInteger(at + size)) {
      return;
    }
    yield { type, start: at + header, end: at + size };
    at += size;
  }
}

/** The first box of a type at a path of types, inside of `parent`. */
export function boxAt(source: ByteSource, parent: Box, ...path: readonly string[]): Box | undefined {
  let box: Box | undefined = parent;
  for (const type of path) {
    const { start, end }: Box = box;
    box = undefined;
    for (const child of boxesIn(source, start, Math.min(end, source.size))) {
      if (child.type === type) {
        box = child;
        break;
      }
    }
    if (box === undefined) {
      return undefined;
    }
  }
  return box;
}

/** The content of a box, its first `length` bytes; a copy, as the source's window moves. */
export function contentOf(source: ByteSource, { start, end }: Box, length: number): Buffer {
  return Buffer.from(source.read(start, Math.max(0, Math.min(length, end - start))));
}
