import type { ByteSource } from '../byteSource.ts';
import { has, latin1 } from '../sniff/bytes.ts';
import type { HeaderFacts } from './facts.ts';
import { cutShort, imageFacts, positive, unreadable } from './facts.ts';
import { exifOrientation } from './tiff.ts';

interface Found {
  width: number;
  height: number;
  frames: number;
  alpha: boolean;
  profile: boolean;
  orientation: number;
}

const MAX_CHUNKS = 20_000;

/** WebP by its chunks: lossy, lossless, or extended with animation. (RFC 9649, section 2) */
export function readWebp(source: ByteSource): HeaderFacts {
  const found: Found = { width: 0, height: 0, frames: 0, alpha: false, profile: false, orientation: 1 };
  const stated = 8 + (source.size >= 12 ? source.read(4, 4).readUInt32LE(0) : 0);
  walkChunks(source, Math.min(stated, source.size), found);
  if (found.width === 0 || found.height === 0) {
    return { image: imageFacts({}), ...unreadable('cut short: there is no picture header') };
  }
  return {
    image: imageFacts({
      ...found,
      width: positive(found.width),
      height: positive(found.height),
      frames: Math.max(1, found.frames),
      bitDepth: 8,
      colour: 'rgb',
    }),
    problems: stated > source.size ? [cutShort(source.size, stated, 'bytes')] : [],
  };
}

function walkChunks(source: ByteSource, end: number, found: Found): void {
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS && at + 8 <= end; count++) {
    const chunk = source.read(at, 24);
    if (chunk.length < 8) {
      return;
    }
    const id = latin1(chunk, 0, 4);
    const length = chunk.readUInt32LE(4);
    const isSingle = readChunk(source, chunk, id, at, found);
    if (isSingle) {
      return;
    }
    at += 8 + length + (length % 2);
  }
}

/** Takes what one chunk tells; true where nothing that matters can follow. */
function readChunk(source: ByteSource, chunk: Buffer, id: string, at: number, found: Found): boolean {
  if (id === 'VP8X' && chunk.length >= 18) {
    const flags = chunk.readUInt8(8);
    found.profile = (flags & 0x20) !== 0;
    found.alpha = (flags & 0x10) !== 0;
    found.width = chunk.readUIntLE(12, 3) + 1;
    found.height = chunk.readUIntLE(15, 3) + 1;
    return (flags & 0x0a) === 0;
  }
  if (id === 'VP8 ' && found.width === 0) {
    if (chunk.length >= 18 && has(chunk, '\x9d\x01\x2a', 11)) {
      found.width = chunk.readUInt16LE(14) & 0x3fff;
      found.height = chunk.readUInt16LE(16) & 0x3fff;
    }
    return true;
  }
  if (id === 'VP8L' && found.width === 0) {
    if (chunk.length >= 13 && chunk[8] === 0x2f) {
      const bits = chunk.readUInt32LE(9);
      found.width = (bits & 0x3fff) + 1;
      found.height = ((bits >>> 14) & 0x3fff) + 1;
      found.alpha = (bits & 0x1000_0000) !== 0;
    }
    return true;
  }
  if (id === 'ANMF') {
    found.frames++;
  } else if (id === 'EXIF') {
    // Some writers keep JPEG's marker before the TIFF header.
    found.orientation = exifOrientation(source, at + (has(chunk, 'Exif\0\0', 8) ? 14 : 8));
  }
  return false;
}
