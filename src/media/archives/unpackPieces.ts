import { createReadStream } from 'node:fs';
import { createGunzip, createInflateRaw } from 'node:zlib';
import type { InflateRaw, Gunzip } from 'node:zlib';
import { ArchiveError } from './archiveError.ts';

const CHUNK = 262_144;

export interface DeflatedRun {
  readonly file: string;
  /** Of its packed bytes. */
  readonly start: number;
  readonly packed: number;
  /** Unpacked bytes, as they are stated. */
  readonly size: number;
  /** As it is called before people. */
  readonly shown: string;
}

/** What a zip archive has deflated, from its beginning on. Rejects with an `ArchiveError`. */
export async function* piecesOfDeflated({ file, start, packed, size, shown }: DeflatedRun, signal?: AbortSignal): AsyncGenerator<Buffer, void, void> {
  let done = 0;
  if (packed === 0) {
    throw new ArchiveError('malformed', `${shown} is stated to be packed into nothing.`);
  }
  for await (const piece of unpacked(file, { start, end: start + packed - 1 }, createInflateRaw({ chunkSize: CHUNK }), shown, signal)) {
    done += piece.length;
    if (done > size) {
      throw new ArchiveError('malformed', `${shown} unpacks to more than the ${size} bytes that are stated.`);
    }
    yield piece;
  }
  if (done < size) {
    throw new ArchiveError('malformed', `${shown} unpacks to ${done} bytes; ${size} are stated.`);
  }
}

/** A run of what gzip has packed, by unpacking everything before it. Rejects with an `ArchiveError`. */
export async function* piecesOfGzip(file: string, offset: number, size: number, shown: string, signal?: AbortSignal): AsyncGenerator<Buffer, void, void> {
  let at = 0;
  const end = offset + size;
  for await (const chunk of gunzipped(file, signal)) {
    const part = chunk.subarray(Math.max(0, offset - at), Math.max(0, end - at));
    at += chunk.length;
    if (part.length > 0) {
      yield part;
    }
    if (at >= end) {
      return;
    }
  }
  if (at >= end) {
    return;
  }
  throw new ArchiveError('malformed', `${shown} is cut short: ${Math.max(0, at - offset)} of ${size} bytes are there.`);
}

/** What is told of a walk through packed bytes: how many of them were read. */
export type Told = (done: number) => void;

/** All that gzip has packed, from its beginning on; ends early where the packed bytes do. Rejects with an `ArchiveError`. */
export function gunzipped(file: string, signal?: AbortSignal, told?: Told): AsyncGenerator<Buffer, void, void> {
  return unpacked(file, {}, createGunzip({ chunkSize: CHUNK }), file, signal, told);
}

async function* unpacked(file: string, range: { readonly start?: number; readonly end?: number }, unpack: InflateRaw | Gunzip, shown: string, signal?: AbortSignal, told?: Told): AsyncGenerator<Buffer, void, void> {
  const stream = createReadStream(file, { ...range, highWaterMark: CHUNK, ...(signal && { signal }) });
  stream.on('error', (error) => unpack.destroy(error));
  stream.pipe(unpack);
  try {
    for await (const chunk of unpack as AsyncIterable<Buffer>) {
      yield chunk;
      told?.(stream.bytesRead);
    }
  } catch (error) {
    signal?.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') {
      return;
    }
    throw code?.startsWith('Z_') === true ? new ArchiveError('malformed', `${shown} cannot be unpacked: ${(error as Error).message}`, { cause: error }) : ArchiveError.from(error, file);
  } finally {
    stream.destroy();
    unpack.destroy();
  }
}
