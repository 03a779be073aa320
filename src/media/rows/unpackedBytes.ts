import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { bytesInMemory } from '../byteSource.ts';
import type { RowBytes } from './rowBytes.ts';
import { rowBytesOf } from './rowBytes.ts';
import { RowsError } from './rowsError.ts';

/** Unpacked bytes that are held: gzip gives no access to its middle. */
const MOST = 256 * 1_048_576;

/** What is packed with gzip in a file, in memory. Rejects with a `RowsError`. */
export async function openUnpacked(file: string, packed: RowBytes, signal?: AbortSignal): Promise<RowBytes> {
  packed.dispose();
  const parts: Buffer[] = [];
  let length = 0;
  const stream = createReadStream(file, { ...(signal && { signal }) });
  const gunzip = createGunzip({ chunkSize: 262_144 });
  stream.on('error', (error) => gunzip.destroy(error));
  stream.pipe(gunzip);
  try {
    for await (const part of gunzip as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > MOST) {
        throw new RowsError('tooLarge', `${file} unpacks to more than ${MOST / 1_048_576} MiB: unpack it (gunzip -k) to look at its rows.`);
      }
      parts.push(part);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RowsError) {
      throw error;
    }
    throw new RowsError('malformed', `${file} is packed with gzip and cannot be unpacked: ${(error as Error).message}`, { cause: error });
  } finally {
    stream.destroy();
  }
  return rowBytesOf(bytesInMemory(Buffer.concat(parts, length)));
}
