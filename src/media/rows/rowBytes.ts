import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Disposable } from '../../base/disposable.ts';
import type { ByteSource } from '../byteSource.ts';
import { MediaError } from '../mediaError.ts';
import type { FileChange } from './rowFile.ts';
import { RowsError } from './rowsError.ts';

/** The bytes that rows are read from. */
export interface RowBytes extends Disposable {
  /** As it was when it was last looked at. */
  readonly size: number;
  /** Fills `target` from `at` on; tells how many bytes there were. Throws a `RowsError`. */
  readInto(target: Buffer, at: number, length: number, offset: number): number;
  /** A copy; shorter at the end. */
  read(offset: number, length: number): Buffer;
  refresh(): FileChange;
}

const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** What of a file's start and of its old end is compared to tell one that has grown from another one. */
const SAMPLE = 4096;

/** A regular file, that others may write to meanwhile. Throws a `RowsError`. */
export function openRowBytes(file: string): RowBytes {
  return new FileRowBytes(file);
}

class FileRowBytes implements RowBytes {
  size = 0;
  private fd: number | undefined;
  private identity = '';
  private modified = 0;
  private sample: Buffer = Buffer.alloc(0);

  constructor(private readonly file: string) {
    this.open();
  }

  readInto(target: Buffer, at: number, length: number, offset: number): number {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    let filled = 0;
    try {
      while (filled < wanted) {
        const count = readSync(this.opened(), target, at + filled, wanted - filled, offset + filled);
        if (count === 0) {
          break;
        }
        filled += count;
      }
    } catch (error) {
      throw RowsError.from(error, this.file);
    }
    return filled;
  }

  read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - offset)));
    return bytes.subarray(0, this.readInto(bytes, 0, bytes.length, offset));
  }

  refresh(): FileChange {
    let found;
    try {
      found = statSync(this.file);
    } catch {
      return 'gone';
    }
    const isSame = `${found.dev}:${found.ino}` === this.identity;
    if (isSame && found.size === this.size && found.mtimeMs === this.modified) {
      return 'same';
    }
    if (isSame && found.size > this.size && this.sampleOf(this.size).equals(this.sample)) {
      this.remember(found);
      return 'grown';
    }
    this.dispose();
    this.open();
    return 'replaced';
  }

  dispose(): void {
    if (this.fd !== undefined) {
      closeSync(this.fd);
      this.fd = undefined;
    }
  }

  private open(): void {
    try {
      this.fd = openSync(this.file, OPEN_FLAGS);
      const found = fstatSync(this.fd);
      if (!found.isFile()) {
        this.dispose();
        throw new MediaError('notAFile', this.file, `${this.file} is ${found.isDirectory() ? 'a folder' : 'not a regular file'}`);
      }
      this.remember(found);
    } catch (error) {
      throw RowsError.from(error, this.file);
    }
  }

  private remember({ dev, ino, size, mtimeMs }: { readonly dev: number; readonly ino: number; readonly size: number; readonly mtimeMs: number }): void {
    this.identity = `${dev}:${ino}`;
    this.size = size;
    this.modified = mtimeMs;
    this.sample = this.sampleOf(size);
  }

  private sampleOf(size: number): Buffer {
    return Buffer.concat([this.read(0, Math.min(SAMPLE, size)), this.read(Math.max(0, size - SAMPLE), Math.min(SAMPLE, size))]);
  }

  private opened(): number {
    if (this.fd === undefined) {
      throw new RowsError('gone', `${this.file} is closed.`);
    }
    return this.fd;
  }
}

/** Bytes that do not change: of a member, or of what was unpacked into memory. */
export function rowBytesOf(source: ByteSource, release: () => void = () => undefined): RowBytes {
  return {
    size: source.size,
    readInto(target, at, length, offset) {
      return source.read(offset, length).copy(target, at);
    },
    read: (offset, length) => Buffer.from(source.read(offset, length)),
    refresh: () => 'same',
    dispose: release,
  };
}
