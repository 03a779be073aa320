import { readSync } from 'node:fs';

/** Random access to bytes, so that a header is read without the rest of its file. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Up to `length` bytes from `offset`, fewer at the end. The view holds until the next call. */
  read(offset: number, length: number): Buffer;
}

/** An open file, or a run of it, and the bytes of it at random. */
export interface OpenFile {
  readonly fd: number;
  /** Where its bytes begin there. */
  readonly origin: number;
  readonly source: ByteSource;
  readonly signal: AbortSignal | undefined;
}

/** What one system call fetches at least: a header and most of what follows it. */
const STEP = 4096;
const NOTHING = Buffer.alloc(0);

/** An open file, read through a window that is lent and not kept. */
export class FileBytes implements ByteSource {
  private start = 0;
  private filled = 0;

  constructor(
    private readonly fd: number,
    readonly size: number,
    private readonly window: Buffer,
    /** Where these bytes begin in the file. */
    private readonly origin = 0,
  ) {}

  read(offset: number, length: number): Buffer {
    const wanted = Math.min(length, this.size - offset);
    if (!(wanted > 0) || offset < 0) {
      return NOTHING;
    }
    if (wanted > this.window.length) {
      const own = Buffer.allocUnsafe(wanted);
      return own.subarray(0, readSync(this.fd, own, 0, wanted, this.origin + offset));
    }
    if (offset < this.start || offset + wanted > this.start + this.filled) {
      this.start = offset;
      const most = Math.min(Math.max(wanted, STEP), this.window.length, this.size - offset);
      this.filled = readSync(this.fd, this.window, 0, most, this.origin + offset);
    }
    const from = offset - this.start;
    return this.window.subarray(from, Math.min(from + wanted, this.filled));
  }
}

/** Bytes that are in memory already. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  const buffer = asBuffer(bytes);
  return {
    size: buffer.length,
    read: (offset, length) => (offset < 0 ? NOTHING : buffer.subarray(offset, offset + Math.max(0, length))),
  };
}

/** The same memory with Buffer's methods. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
