import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import type { OpenArchives } from '../../media/archives/openPlace.ts';
import type { Container, MediaKind } from '../../media/media.ts';
import type { MediaPlace } from '../../media/place.ts';
import { HEAD, sniff } from '../../media/sniff.ts';
import { PrivateFolders } from '../../process/privateFolder.ts';
import type { FileStamp } from './contentKey.ts';

/** What a thumbnail is made of: a file, or a member of an archive. */
export interface ThumbnailSource extends Disposable {
  readonly size: number;
  readonly kind: MediaKind;
  readonly container: Container;
  /** Of the file that holds it. */
  readonly stamp: FileStamp;
  /** Fewer at the end. The bytes are the caller's own. */
  read(offset: number, length: number): Buffer;
  /** For a library: a path, or the bytes of a member. */
  input(): string | Buffer;
  /** For a tool: a path, of a copy that is there meanwhile where it is a member. */
  withPath<T>(use: (path: string) => Promise<T>): Promise<T>;
}

/** A FIFO is opened without waiting for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** Bytes of a member that is unpacked as a whole. */
export const MOST_MEMBER = 64 * 2 ** 20;

/** Throws or rejects with the system's error or an `ArchiveError`. */
export async function openThumbnailSource(place: MediaPlace, archives: OpenArchives, signal: AbortSignal): Promise<ThumbnailSource> {
  return place.member === undefined ? openFile(place.file) : openMember(place, archives, signal);
}

function openFile(path: string): ThumbnailSource {
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stamp = fstatSync(fd);
    if (!stamp.isFile()) {
      throw Object.assign(new Error(), { code: stamp.isDirectory() ? 'EISDIR' : 'ENXIO' });
    }
    const read = (offset: number, length: number) => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, stamp.size - offset)));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, Math.max(0, offset)));
    };
    return { ...sniff(read(0, HEAD), stamp.size), size: stamp.size, stamp, read, input: () => path, withPath: (use) => use(path), dispose: () => closeSync(fd) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

async function openMember(place: MediaPlace, archives: OpenArchives, signal: AbortSignal): Promise<ThumbnailSource> {
  const stamp = statSync(place.file);
  const opened = await archives.open(place, signal);
  const { source } = opened;
  const read = (offset: number, length: number) => Buffer.from(source.read(offset, Math.min(length, MOST_MEMBER)));
  return {
    ...sniff(read(0, HEAD), source.size),
    size: source.size,
    stamp,
    read,
    input: () => read(0, source.size),
    async withPath(use) {
      const folder = new PrivateFolders(tmpdir()).make();
      try {
        const path = join(folder.path, 'member');
        writeFileSync(path, read(0, source.size), { flag: 'wx', mode: 0o600 });
        return await use(path);
      } finally {
        await folder.remove();
      }
    },
    dispose: () => opened.dispose(),
  };
}
