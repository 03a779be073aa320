import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { XXHashAPI } from 'xxhash-wasm';

/** Bytes of an index entry: key (8), offset, length, checksum of the bytes, checksum of the entry (4 each), little-endian. */
const ENTRY = 24;

/** Sorts by time: milliseconds in base 36 have nine digits until the year 5188. */
export function segmentName(time: number): string {
  return `${Math.floor(time).toString(36).padStart(9, '0')}-${randomBytes(6).toString('hex')}`;
}

/** One pack of records and its index: `PATH.pack`, `PATH.index`. Written to by the one who made it. */
export class Segment {
  /** Where each record's entry lies in `entries`. */
  private readonly rows = new Map<bigint, number>();
  private entries = Buffer.alloc(0);
  private packFd: number | undefined;
  private indexFd: number | undefined;
  private end = 0;

  constructor(
    private readonly path: string,
    private readonly xxhash: XXHashAPI,
  ) {}

  /** Begins one for writing. Throws the system's error. */
  static create(path: string, xxhash: XXHashAPI): Segment {
    const segment = new Segment(path, xxhash);
    segment.packFd = openSync(`${path}.pack`, 'wx+', 0o600);
    try {
      segment.indexFd = openSync(`${path}.index`, 'wx+', 0o600);
    } catch (error) {
      segment.close();
      throw error;
    }
    return segment;
  }

  /** Bytes of its records. */
  get size(): number {
    return this.end;
  }

  /** Whether the segment that is written to is still in its folder. */
  isThere(): boolean {
    return this.packFd !== undefined && fstatSync(this.packFd).nlink > 0;
  }

  /** Throws the system's error, and then has not taken it in: what was half written is written over. */
  append(key: bigint, bytes: Uint8Array): void {
    const { packFd, indexFd } = this;
    if (packFd === undefined || indexFd === undefined) {
      throw new Error('The segment is closed.');
    }
    writeWhole(packFd, bytes, this.end);
    const entry = Buffer.alloc(ENTRY);
    entry.writeBigUInt64LE(key, 0);
    entry.writeUInt32LE(this.end, 8);
    entry.writeUInt32LE(bytes.length, 12);
    entry.writeUInt32LE(this.xxhash.h32Raw(bytes), 16);
    entry.writeUInt32LE(this.xxhash.h32Raw(entry.subarray(0, 20)), 20);
    writeWhole(indexFd, entry, this.entries.length);
    this.end += bytes.length;
    this.take(entry);
  }

  /** Reads what was added to the index since the last time. */
  refresh(): void {
    if (this.indexFd !== undefined) {
      return;
    }
    try {
      this.take(readRest(`${this.path}.index`, this.entries.length));
    } catch {
      // It was evicted meanwhile; reading from it will say so.
    }
  }

  /** `gone` where the segment is no longer there. */
  read(key: bigint): Buffer | 'gone' | undefined {
    const row = this.rows.get(key);
    if (row === undefined) {
      return undefined;
    }
    const offset = this.entries.readUInt32LE(row + 8);
    const length = this.entries.readUInt32LE(row + 12);
    let bytes: Buffer;
    try {
      bytes = this.readPack(offset, length);
    } catch {
      return 'gone';
    }
    const isWhole = bytes.length === length && this.xxhash.h32Raw(bytes) === this.entries.readUInt32LE(row + 16);
    return isWhole ? bytes : undefined;
  }

  /** It can be read from afterwards. */
  close(): void {
    for (const fd of [this.packFd, this.indexFd]) {
      if (fd !== undefined) {
        closeSync(fd);
      }
    }
    this.packFd = undefined;
    this.indexFd = undefined;
  }

  private take(added: Buffer): void {
    const whole = added.subarray(0, added.length - (added.length % ENTRY));
    const start = this.entries.length;
    this.entries = Buffer.concat([this.entries, whole]);
    for (let row = start; row < this.entries.length; row += ENTRY) {
      if (this.xxhash.h32Raw(this.entries.subarray(row, row + 20)) === this.entries.readUInt32LE(row + 20)) {
        this.rows.set(this.entries.readBigUInt64LE(row), row);
      }
    }
  }

  private readPack(offset: number, length: number): Buffer {
    const fd = this.packFd ?? openSync(`${this.path}.pack`, 'r');
    try {
      const { size } = fstatSync(fd);
      const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, offset));
    } finally {
      if (fd !== this.packFd) {
        closeSync(fd);
      }
    }
  }
}

function writeWhole(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}

function readRest(path: string, from: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const rest = Buffer.alloc(Math.max(0, fstatSync(fd).size - from));
    return rest.subarray(0, readSync(fd, rest, 0, rest.length, from));
  } finally {
    closeSync(fd);
  }
}
