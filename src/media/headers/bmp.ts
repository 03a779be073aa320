import type { ByteSource } from '../byteSource.ts';
import type { HeaderFacts } from './facts.ts';
import { cutShort, imageFacts, positive, unreadable } from './facts.ts';

const CORE = 12;

/** Windows and OS/2 bitmaps. (Microsoft's BITMAPFILEHEADER and BITMAPINFOHEADER) */
export function readBmp(source: ByteSource): HeaderFacts {
  const head = source.read(0, 54);
  if (head.length < 26) {
    return { image: imageFacts({}), ...unreadable('cut short: the header is not all there') };
  }
  const isCore = head.readUInt32LE(14) === CORE;
  if (!isCore && head.length < 34) {
    return { image: imageFacts({}), ...unreadable('cut short: the header is not all there') };
  }
  const width = isCore ? head.readUInt16LE(18) : Math.abs(head.readInt32LE(18));
  // A negative height means that the rows run from the top.
  const height = isCore ? head.readUInt16LE(20) : Math.abs(head.readInt32LE(22));
  const bits = head.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore ? 0 : head.readUInt32LE(30);
  const stated = compression === 0 ? head.readUInt32LE(10) + Math.ceil((width * bits) / 32) * 4 * height : head.readUInt32LE(2);
  return {
    image: imageFacts({
      width: positive(width),
      height: positive(height),
      bitDepth: bits <= 8 ? positive(bits) : bits === 16 ? 5 : 8,
      colour: bits > 0 && bits <= 8 ? 'palette' : 'rgb',
      alpha: bits === 32 && compression === 3,
    }),
    problems: stated > source.size ? [cutShort(source.size, stated, 'bytes')] : [],
  };
}
