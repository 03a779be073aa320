import { SensorError } from './sensorError.ts';

const MAGIC = 0x184d_2204;
const UNPACKED = 0x8000_0000;

/** LZ4's frame format (lz4_Frame_format.md 1.6). Checksums are not looked at: the recording has its own. */
export function lz4Frame(bytes: Uint8Array, size: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Uint8Array(size);
  if (bytes.length < 7 || view.getUint32(0, true) !== MAGIC) {
    throw new SensorError('malformed', 'A chunk is no LZ4 frame.');
  }
  const flags = view.getUint8(4);
  const blockChecksum = (flags & 16) === 0 ? 0 : 4;
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  let filled = 0;
  for (;;) {
    if (at + 4 > bytes.length) {
      throw new SensorError('malformed', 'An LZ4 frame ends early.');
    }
    const stated = view.getUint32(at, true);
    at += 4;
    if (stated === 0) {
      return out.subarray(0, filled);
    }
    const length = stated & 0x7fff_ffff;
    if (at + length > bytes.length) {
      throw new SensorError('malformed', 'An LZ4 block ends beyond its frame.');
    }
    const block = bytes.subarray(at, at + length);
    if (stated >= UNPACKED) {
      if (filled + length > size) {
        throw new SensorError('malformed', 'An LZ4 frame is larger than is stated.');
      }
      out.set(block, filled);
      filled += length;
    } else {
      filled = unpackBlock(block, out, filled);
    }
    at += length + blockChecksum;
  }
}

/** One block (lz4_Block_format.md); it may look back into those before it. Gives where its output ends. */
function unpackBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  let at = 0;
  let filled = start;
  const more = (length: number): number => {
    let total = length;
    let byte = 255;
    while (length === 15 && byte === 255) {
      byte = block[at++] ?? 0;
      total += byte;
    }
    return total;
  };
  while (at < block.length) {
    const token = block[at++] ?? 0;
    const literals = more(token >> 4);
    if (at + literals > block.length || filled + literals > out.length) {
      throw new SensorError('malformed', 'An LZ4 block has more literals than bytes.');
    }
    out.set(block.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    if (at >= block.length) {
      break;
    }
    const distance = (block[at] ?? 0) + (block[at + 1] ?? 0) * 256;
    at += 2;
    const length = more(token & 15) + 4;
    if (distance === 0 || distance > filled || filled + length > out.length) {
      throw new SensorError('malformed', 'An LZ4 block refers to what is not there.');
    }
    if (distance >= length) {
      out.copyWithin(filled, filled - distance, filled - distance + length);
      filled += length;
    } else {
      // What is copied grows as it is copied.
      for (const end = filled + length; filled < end; filled++) {
        out[filled] = out[filled - distance] ?? 0;
      }
    }
  }
  return filled;
}
