import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Disposable } from '../../base/disposable.ts';
import type { MemberFiles } from '../../media/archives/memberFiles.ts';
import type { FilePart } from '../../media/filePart.ts';
import type { Container, MediaKind } from '../../media/media.ts';
import type { MediaPlace } from '../../media/place.ts';
import { HEAD, sniff } from '../../media/sniff.ts';

/** What a thumbnail is made of: a file, or a member of an archive. */
export interface ThumbnailSource extends Disposable {
  readonly size: number;
  readonly kind: MediaKind;
  readonly container: Container;
  /** For what reads files. */
  readonly part: FilePart;
  /** Fewer at the end. The bytes are the caller's own. */
  read(offset: number, length: number): Buffer;
  /** For a library: a path, or the bytes of a part of a file. */
  input(): string | Buffer;
}

/** A FIFO is opened without waiting for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** Bytes of a part of a file that are read for a library. */
const MOST_READ = 64 * 2 ** 20;

/** Throws or rejects with the system's error or an `ArchiveError`. */
export async function openThumbnailSource(place: MediaPlace, files: MemberFiles, signal: AbortSignal): Promise<ThumbnailSource> {
  const part = await files.open(place, signal);
  let fd: number | undefined;
  const dispose = (): void => {
    if (fd !== undefined) {
      closeSync(fd);
    }
    part.dispose();
  };
  try {
    const opened = (fd = openSync(part.file, OPEN_FLAGS));
    const stat = fstatSync(opened);
    if (!stat.isFile()) {
      throw Object.assign(new Error(), { code: stat.isDirectory() ? 'EISDIR' : 'ENXIO' });
    }
    const { start = 0 } = part;
    const size = Math.max(0, Math.min(part.size ?? Infinity, stat.size - start));
    const read = (offset: number, length: number): Buffer => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, readSync(opened, bytes, 0, bytes.length, start + Math.max(0, offset)));
    };
    return { ...sniff(read(0, HEAD), size), size, part, read, input: () => (part.size === undefined ? part.file : read(0, Math.min(size, MOST_READ))), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
