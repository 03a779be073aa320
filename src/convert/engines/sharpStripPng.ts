import { crc32 } from 'node:zlib';
import { orientationOnly, readOrientation } from './sharpStripExif.ts';
import { concatenate, type Stripped, type StripOptions } from './sharpStripParts.ts';

/**
 * Ancillary chunks that decide how samples are to be seen, and animation: they stay. All other ancillary chunks (lower-case
 * first letter) go. PNG, third edition, 11.3.
 */
const KEPT = new Set(['tRNS', 'gAMA', 'cHRM', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'sBIT', 'bKGD', 'pHYs', 'acTL', 'fcTL', 'fdAT']);
const PROFILE = 'iCCP';
const EXIF = 'eXIf';
const HEADER = 8;

export function stripPng(bytes: Uint8Array, options: StripOptions): Stripped {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, HEADER)];
  const problems: string[] = [];
  let orientation = 1;
  let offset = HEADER;
  let ended = false;
  while (!ended && problems.length === 0) {
    const end = offset + 12 <= bytes.length ? offset + 12 + view.getUint32(offset) : Infinity;
    if (end > bytes.length) {
      problems.push(`byte ${offset}: the file ends within a chunk`);
      kept.push(bytes.subarray(offset));
      break;
    }
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (type === EXIF) {
      orientation = readOrientation(bytes.subarray(offset + 8, end - 4));
    }
    if (isKept(type, options)) {
      kept.push(bytes.subarray(offset, end));
    }
    ended = type === 'IEND';
    offset = end;
  }
  if (options.keepOrientation && orientation !== 1) {
    kept.splice(2, 0, exifChunk(orientation)); // After IHDR, before the first IDAT.
  }
  return { bytes: concatenate(kept), problems };
}

function isKept(type: string, options: StripOptions): boolean {
  if (type === PROFILE) {
    return options.keepProfile;
  }
  const critical = type.charCodeAt(0) < 0x61;
  return critical || KEPT.has(type);
}

function exifChunk(orientation: number): Uint8Array {
  const tiff = orientationOnly(orientation);
  const chunk = new Uint8Array(12 + tiff.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, tiff.length);
  chunk.set(new TextEncoder().encode(EXIF), 4);
  chunk.set(tiff, 8);
  view.setUint32(8 + tiff.length, crc32(chunk.subarray(4, 8 + tiff.length)));
  return chunk;
}
