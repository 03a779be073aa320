import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { FileBytes } from '../byteSource.ts';
import type { FilePart } from '../filePart.ts';
import { nameOfPart } from '../filePart.ts';
import { MediaError } from '../mediaError.ts';

/** An open file, to be closed by whoever opened it. */
export interface OpenBytes {
  readonly size: number;
  /** A reader of its own, with its own window; all end with `close`. */
  reader(): FileBytes;
  close(): void;
}

/** A FIFO is opened without waiting for a writer, and no terminal becomes ours. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const WINDOW = 262_144;

/** Throws a `MediaError`. */
export function openBytes(part: FilePart): OpenBytes {
  const { file, start = 0 } = part;
  const name = nameOfPart(part);
  let fd: number | undefined;
  try {
    fd = openSync(file, OPEN_FLAGS);
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      throw new MediaError('notAFile', name, `${name} is ${stat.isDirectory() ? 'a folder' : 'not a regular file'}`);
    }
    const open = fd;
    const size = Math.max(0, Math.min(part.size ?? Infinity, stat.size - start));
    return { size, reader: () => new FileBytes(open, size, Buffer.allocUnsafe(WINDOW), start), close: () => closeSync(open) };
  } catch (error) {
    if (fd !== undefined) {
      closeSync(fd);
    }
    throw MediaError.from(error, name);
  }
}

/** A part of other bytes. */
export function partOf(bytes: FileBytes, offset: number, size: number): { readonly size: number; read(from: number, length: number): Buffer } {
  return { size, read: (from, length) => bytes.read(offset + from, Math.max(0, Math.min(length, size - from))) };
}
