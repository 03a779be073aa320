import { once } from 'node:events';
import * as zlib from 'node:zlib';
import type { Transform } from 'node:stream';

export interface ZstdReader {
  push(chunk: Buffer): void;
  /** Resolves when all is unpacked. Rejects where the stream is damaged or cut short. */
  end(): Promise<void>;
}

/** Node has zstd since 22.15. */
const createNative = (zlib as { readonly createZstdDecompress?: () => Transform }).createZstdDecompress;

export async function createZstdReader(onChunk: (chunk: Buffer) => void): Promise<ZstdReader> {
  if (createNative !== undefined) {
    const stream = createNative();
    const finished = once(stream, 'end');
    // Told by `end`, whenever that is asked for.
    finished.catch(() => {});
    stream.on('data', onChunk);
    return {
      push: (chunk) => void stream.write(chunk),
      async end() {
        stream.end();
        await finished;
      },
    };
  }
  const { Decompress } = await import('fzstd');
  // A copy: its window is written to again.
  const stream = new Decompress((chunk) => onChunk(Buffer.from(chunk)));
  return {
    push: (chunk) => void stream.push(chunk),
    async end() {
      stream.push(new Uint8Array(0), true);
    },
  };
}
