import * as zlib from 'node:zlib';
import { SensorError } from './sensorError.ts';
import { lz4Frame } from './lz4Frame.ts';

/** Bytes of a chunk; writers make chunks of some megabytes. */
export const MAX_CHUNK = 536_870_912;

type ZstdSync = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;

/** Rejects with a `SensorError` where the bytes are broken, or are packed in a way that is not read. */
export async function decompress(compression: string, bytes: Uint8Array, size: number): Promise<Uint8Array> {
  if (size > MAX_CHUNK) {
    throw new SensorError('unsupported', `A chunk of ${size} bytes is not unpacked.`);
  }
  let unpacked: Uint8Array;
  try {
    unpacked = await unpack(compression, bytes, size);
  } catch (error) {
    throw error instanceof SensorError ? error : new SensorError('malformed', `A chunk packed by ${compression} cannot be unpacked: ${(error as Error).message}.`, { cause: error });
  }
  if (unpacked.length !== size) {
    throw new SensorError('malformed', `A chunk has ${unpacked.length} bytes; ${size} are stated.`);
  }
  return unpacked;
}

async function unpack(compression: string, bytes: Uint8Array, size: number): Promise<Uint8Array> {
  switch (compression) {
    case '':
    case 'none':
      return bytes;
    case 'zstd': {
      // Node has it from 22.15 on.
      const native = (zlib as unknown as { readonly zstdDecompressSync?: ZstdSync }).zstdDecompressSync;
      return native ? native(bytes, { maxOutputLength: size + 1 }) : (await import('fzstd')).decompress(bytes, new Uint8Array(size));
    }
    case 'lz4':
      return lz4Frame(bytes, size);
    case 'bz2':
      return (await import('./bzip2.ts')).bzip2(bytes, size);
    default:
      throw new SensorError('unsupported', `Chunks packed by ${compression.slice(0, 40)} are not read.`);
  }
}
