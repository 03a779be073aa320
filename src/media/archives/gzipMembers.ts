import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { ArchiveError } from './archiveError.ts';
import type { Wanted } from './scanTar.ts';

/** What is told of a walk through a packed archive: packed bytes that were read. */
export type Told = (done: number) => void;

/**
 * Leads a scan through what gzip has packed, from its start to where the scan ends. There is no way into the middle of it.
 * Rejects with an `ArchiveError`; a tail that is missing ends the scan early, as in a tar that is not packed.
 */
export async function scanGzip(file: string, scan: Generator<Wanted, void, Buffer>, signal?: AbortSignal, told?: Told): Promise<void> {
  const stream = createReadStream(file, { highWaterMark: 262_144, ...(signal && { signal }) });
  const gunzip = createGunzip({ chunkSize: 262_144 });
  stream.on('error', (error) => gunzip.destroy(error));
  stream.pipe(gunzip);
  let turn = scan.next();
  let at = 0;
  let parts: Buffer[] = [];
  let have = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      for (let from = 0; turn.done !== true && from < chunk.length; ) {
        const { offset, length } = turn.value;
        const missing = offset - (at + from);
        if (missing > 0 && have === 0) {
          from += Math.min(missing, chunk.length - from);
          if (missing > 0 && from >= chunk.length) {
            break;
          }
        }
        const part = chunk.subarray(from, from + length - have);
        parts.push(Buffer.from(part));
        have += part.length;
        from += part.length;
        if (have === length) {
          turn = scan.next(Buffer.concat(parts));
          parts = [];
          have = 0;
        }
      }
      at += chunk.length;
      told?.(stream.bytesRead);
      if (turn.done === true) {
        return;
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'Z_BUF_ERROR') {
      throw code?.startsWith('Z_') === true ? new ArchiveError('malformed', `${file} cannot be unpacked: ${(error as Error).message}`, { cause: error }) : ArchiveError.from(error, file);
    }
  } finally {
    stream.destroy();
    gunzip.destroy();
  }
  // What is left was wanted beyond the end.
  while (turn.done !== true) {
    turn = scan.next(Buffer.concat(parts));
    parts = [];
  }
}

/** Bytes of what gzip has packed, by unpacking everything before them. */
export async function readGzip(file: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
  let found: Buffer = Buffer.alloc(0);
  function* reading(): Generator<Wanted, void, Buffer> {
    found = yield { offset, length };
  }
  await scanGzip(file, reading(), signal);
  return found;
}
