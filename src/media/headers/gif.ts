import type { Measured } from '../../base/absent.ts';
import { absent } from '../../base/absent.ts';
import type { ByteSource } from '../byteSource.ts';
import type { HeaderFacts } from './facts.ts';
import { imageFacts, positive, unreadable } from './facts.ts';

/** Larger files' pictures are not counted: every block would have to be stepped over. */
const MOST_BYTES = 4_000_000;

/** Size of the screen, and the number of pictures by stepping over the blocks. (GIF89a specification, section 18 on) */
export function readGif(source: ByteSource): HeaderFacts {
  const head = source.read(0, 13);
  if (head.length < 13) {
    return { image: imageFacts({}), ...unreadable('cut short: the screen descriptor is not all there') };
  }
  const flags = head.readUInt8(10);
  const width = positive(head.readUInt16LE(6));
  const height = positive(head.readUInt16LE(8));
  const start = 13 + tableBytes(flags);
  const walk = source.size > MOST_BYTES ? undefined : walkBlocks(source, start);
  const frames: Measured<number> = walk === undefined ? absent(`not counted: the file is larger than ${MOST_BYTES} bytes`) : walk.frames;
  return {
    image: imageFacts({ width, height, frames: frames === 0 ? absent('there is no picture in it') : frames, bitDepth: 8, colour: 'palette', alpha: walk?.transparency ?? false }),
    problems: walk === undefined || walk.isWhole ? [] : ['cut short: the picture has no end'],
  };
}

/** Bytes of a colour table by the flags that announce it. */
function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function walkBlocks(source: ByteSource, start: number): { frames: number; transparency: boolean; isWhole: boolean } {
  const found = { frames: 0, transparency: false, isWhole: false };
  let at = start;
  for (;;) {
    const block = source.read(at, 10);
    if (block[0] === 0x3b) {
      return { ...found, isWhole: true };
    }
    if (block[0] === 0x21 && block.length >= 3) {
      if (block[1] === 0xf9 && ((block[3] ?? 0) & 1) === 1) {
        found.transparency = true;
      }
      at = skipSubBlocks(source, at + 2);
    } else if (block[0] === 0x2c && block.length === 10) {
      const data = at + 10 + tableBytes(block.readUInt8(9)) + 1;
      if (data >= source.size) {
        return found;
      }
      found.frames++;
      at = skipSubBlocks(source, data);
    } else {
      return found;
    }
  }
}

/** The offset after a chain of sub-blocks, or the file's end where the chain has none. */
function skipSubBlocks(source: ByteSource, from: number): number {
  let at = from;
  for (;;) {
    const length = source.read(at, 1)[0];
    if (length === undefined) {
      return source.size;
    }
    at += 1 + length;
    if (length === 0) {
      return at;
    }
  }
}
