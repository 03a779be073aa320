import { HistoryError } from './historyError.ts';

/** Whole numbers from -2^50 to 2^50 can be written, and the difference of any two. */
export const LARGEST = 2 ** 50;

/** Bytes that are written one after another; made once and used again. */
export class ByteWriter {
  private buffer = Buffer.alloc(64 * 1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** A copy. */
  toBuffer(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length));
  }

  /** At least 0. Seven bits a byte, the lowest first. */
  unsigned(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80000000) {
      this.buffer[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.length++] = rest;
  }

  /** The sign in the lowest bit. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.unsigned(bytes);
    this.reserve(bytes);
    this.length += this.buffer.write(value, this.length);
  }

  append(other: ByteWriter): void {
    this.unsigned(other.length);
    this.reserve(other.length);
    other.buffer.copy(this.buffer, this.length, 0, other.length);
    this.length += other.length;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(this.buffer.length * 2, this.length + bytes));
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
  }
}

/** Reads what `ByteWriter` wrote. Throws `damaged` where that is not so. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  unsigned(): number {
    const only = this.bytes[this.position]!;
    if (only < 0x80) {
      this.position++;
      return only;
    }
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.position++];
      if (byte === undefined || factor > LARGEST) {
        throw damaged('a number');
      }
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        return value;
      }
      factor *= 128;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text(): string {
    const start = this.skip();
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, this.position - start).toString();
  }

  /** Goes on behind a piece that was appended; gives where it starts. */
  skip(): number {
    const length = this.unsigned();
    const start = this.position;
    if (start + length > this.bytes.length) {
      throw damaged('a length');
    }
    this.position = start + length;
    return start;
  }
}

export function damaged(what: string): HistoryError {
  return new HistoryError('damaged', `A block of the history cannot be read: ${what} is not as it was written`);
}
