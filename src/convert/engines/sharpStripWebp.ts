import { orientationOnly, readOrientation } from './sharpStripExif.ts';
import { concatenate, type Stripped, type StripOptions } from './sharpStripParts.ts';

/** Flags of VP8X by the WebP container specification, "Extended File Format". */
const HAS_PROFILE = 0x20;
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

/** Chunks that hold the picture. What is not known may hold anything, and goes. */
const KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF']);
const HEADER = 12;

export function stripWebp(bytes: Uint8Array, options: StripOptions): Stripped {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: { readonly type: string; readonly bytes: Uint8Array }[] = [];
  const problems: string[] = [];
  let orientation = 1;
  const size = 8 + (bytes.length >= HEADER ? view.getUint32(4, true) : Infinity);
  const last = Math.min(size, bytes.length);
  if (size > bytes.length) {
    problems.push(`the file is cut short: ${bytes.length} of ${size} bytes are there`);
  }
  let offset = HEADER;
  while (offset + 8 <= last) {
    const type = String.fromCharCode(...bytes.subarray(offset, offset + 4));
    const length = view.getUint32(offset + 4, true);
    const end = Math.min(offset + 8 + length + (length % 2), last);
    const chunk = bytes.subarray(offset, end);
    if (type === 'EXIF') {
      orientation = readOrientation(withoutHeader(chunk.subarray(8)));
    }
    if (KEPT.has(type) || (type === 'ICCP' && options.keepProfile)) {
      chunks.push({ type, bytes: chunk });
    }
    offset = end;
  }
  if (options.keepOrientation && orientation !== 1) {
    chunks.push({ type: 'EXIF', bytes: exifChunk(orientation) });
  }
  const parts = chunks.map((chunk) => (chunk.type === 'VP8X' ? withFlags(chunk.bytes, chunks) : chunk.bytes));
  const body = concatenate(parts);
  const header = bytes.slice(0, HEADER);
  new DataView(header.buffer).setUint32(4, 4 + body.length, true);
  return { bytes: concatenate([header, body]), problems };
}

/** Some writers put JPEG's `Exif\0\0` before the TIFF structure, which the specification does not have. */
function withoutHeader(exif: Uint8Array): Uint8Array {
  return exif[0] === 0x45 && exif[4] === 0 ? exif.subarray(6) : exif;
}

function withFlags(chunk: Uint8Array, chunks: readonly { readonly type: string }[]): Uint8Array {
  const copy = chunk.slice();
  const has = (type: string): boolean => chunks.some((candidate) => candidate.type === type);
  copy[8] = ((copy[8] ?? 0) & ~(HAS_PROFILE | HAS_EXIF | HAS_XMP)) | (has('ICCP') ? HAS_PROFILE : 0) | (has('EXIF') ? HAS_EXIF : 0);
  return copy;
}

function exifChunk(orientation: number): Uint8Array {
  const tiff = orientationOnly(orientation);
  const header = new Uint8Array(8);
  header.set(new TextEncoder().encode('EXIF'));
  new DataView(header.buffer).setUint32(4, tiff.length, true);
  return concatenate([header, tiff]);
}
