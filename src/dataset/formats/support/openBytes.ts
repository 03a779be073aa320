import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { ByteSource } from '../../../media/byteSource.ts';
import { bytesInMemory, FileBytes } from '../../../media/byteSource.ts';
import { MediaError } from '../../../media/mediaError.ts';
import { DatasetError } from '../../datasetError.ts';

export interface OpenBytes {
  readonly source: ByteSource;
  readonly close: () => void;
}

const WINDOW = 65_536;
/** Unpacked bytes that are held in memory, as there is no random access to what gzip has packed. */
const MAX_UNPACKED = 192 * 2 ** 20;

/** A file's bytes, those inside where it is packed with gzip. Rejects with a `DatasetError`. */
export async function openBytes(file: string, signal?: AbortSignal): Promise<OpenBytes> {
  const opened = openFile(file);
  const start = opened.source.read(0, 2);
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    return opened;
  }
  opened.close();
  return { source: bytesInMemory(await unpack(file, signal)), close: () => undefined };
}

/** A regular file's bytes as they are. Throws a `DatasetError`. */
export function openFile(file: string): OpenBytes {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const found = fstatSync(fd);
    if (!found.isFile()) {
      closeSync(fd);
      throw new MediaError('notAFile', file, `${file} is not a regular file`);
    }
    let open = true;
    return {
      source: new FileBytes(fd, found.size, Buffer.allocUnsafe(WINDOW)),
      close: () => {
        if (open) {
          open = false;
          closeSync(fd);
        }
      },
    };
  } catch (error) {
    throw new DatasetError('unreadable', MediaError.from(error, file).message, { cause: error });
  }
}

async function unpack(file: string, signal?: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  const stream = createReadStream(file, { ...(signal && { signal }) });
  const gunzip = stream.pipe(createGunzip());
  stream.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_UNPACKED) {
        throw new DatasetError('unreadable', `${file} unpacks to more than ${MAX_UNPACKED / 2 ** 20} MiB; unpack it to read it by rows`);
      }
      parts.push(chunk);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DatasetError) {
      throw error;
    }
    throw new DatasetError('malformed', `${file} is packed with gzip and does not unpack: ${(error as Error).message}`, { cause: error });
  } finally {
    stream.destroy();
  }
  return Buffer.concat(parts, length);
}
