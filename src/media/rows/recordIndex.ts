import { createCountedBuffer } from './byteCounter.ts';
import type { CountedBuffer } from './byteCounter.ts';
import type { RecordEnds } from './recordEnds.ts';
import type { RowBytes } from './rowBytes.ts';
import { GrowingNumbers } from './rowIndex.ts';
import type { RowIndex, RowRange } from './rowIndex.ts';

/** Of every block it is kept how many records end before it: a record is found by going through one block. */
export const BLOCK = 262_144;
const BLOCKS_AT_ONCE = 16;
/** What is read to find one screen of records. */
const NEARBY = 65_536;

/** The index of a text whose records end with a line end: sixteen bytes for each 256 KiB of it. */
export class RecordIndex implements RowIndex {
  readonly problem = undefined;
  scanned: number;
  /** Records that have their end. */
  private ends = 0;
  private state: number;
  private endsAtEnd = true;
  private readonly counts = new GrowingNumbers();
  private readonly states = new GrowingNumbers();
  private buffer: CountedBuffer | undefined;

  constructor(
    private readonly bytes: RowBytes,
    private readonly boundaries: RecordEnds,
    /** Where the first record starts: behind a byte order mark. */
    private readonly origin: number,
  ) {
    this.scanned = origin;
    this.state = boundaries.start;
  }

  get complete(): boolean {
    return this.scanned >= this.bytes.size;
  }

  get known(): number {
    return this.ends + (this.complete && !this.endsAtEnd ? 1 : 0);
  }

  step(): void {
    this.buffer ??= createCountedBuffer(BLOCK * BLOCKS_AT_ONCE);
    const { buffer } = this.buffer;
    const filled = this.bytes.readInto(buffer, 0, buffer.length - ((this.scanned - this.origin) % BLOCK), this.scanned);
    if (filled === 0) {
      // It has become shorter meanwhile; whoever looks at the file again finds that.
      this.scanned = this.bytes.size;
    }
    for (let at = 0; at < filled; ) {
      const into = (this.scanned - this.origin) % BLOCK;
      if (into === 0) {
        this.counts.push(this.ends);
        this.states.push(this.state);
      }
      const end = Math.min(filled, at + BLOCK - into);
      this.ends += this.boundaries.count(this.buffer, at, end, this.state);
      this.state = this.boundaries.left;
      this.endsAtEnd = this.boundaries.find(buffer, end - 1, end, this.boundaries.start, 1) >= 0 && this.isOutside();
      this.scanned += end - at;
      at = end;
    }
    if (this.complete) {
      this.buffer = undefined;
    }
  }

  grow(): boolean {
    return true;
  }

  *records(from: number): Generator<RowRange> {
    let start = this.startOf(from);
    const reader = new EndReader(this.bytes, this.boundaries, start);
    for (let record = from; record < this.known; record++) {
      const end = reader.next();
      yield { record, start, end: end ?? this.bytes.size };
      if (end === undefined) {
        return;
      }
      start = end + 1;
    }
  }

  recordAt(offset: number): number {
    const block = Math.min(this.counts.length - 1, Math.floor((offset - this.origin) / BLOCK));
    if (block < 0) {
      return 0;
    }
    const start = this.origin + block * BLOCK;
    const bytes = this.bytes.read(start, offset - start);
    this.boundaries.find(bytes, 0, bytes.length, this.states.at(block), Infinity);
    return this.counts.at(block) + this.boundaries.found;
  }

  /** Whether the last byte, which is a line end, ends a record. */
  private isOutside(): boolean {
    return this.state === this.boundaries.start;
  }

  private startOf(record: number): number {
    if (record === 0) {
      return this.origin;
    }
    const block = Math.max(0, this.counts.lastUpTo(record, true));
    const start = this.origin + block * BLOCK;
    const bytes = this.bytes.read(start, BLOCK);
    return start + this.boundaries.find(bytes, 0, bytes.length, this.states.at(block), record - this.counts.at(block)) + 1;
  }
}

/** Goes from one record's end to the next. */
class EndReader {
  private window: Buffer = Buffer.alloc(0);
  private windowStart: number;
  private at = 0;
  private size = NEARBY;

  constructor(
    private readonly bytes: RowBytes,
    private readonly boundaries: RecordEnds,
    start: number,
  ) {
    this.windowStart = start;
  }

  /** Where the line end of the next record is; undefined where the last record has none. */
  next(): number | undefined {
    let state = this.boundaries.start;
    for (;;) {
      const found = this.boundaries.find(this.window, this.at, this.window.length, state, 1);
      if (found >= 0) {
        this.at = found + 1;
        return this.windowStart + found;
      }
      if (this.at < this.window.length) {
        state = this.boundaries.left;
      }
      this.windowStart += this.window.length;
      this.window = this.bytes.read(this.windowStart, this.size);
      this.at = 0;
      this.size = Math.min(BLOCK * BLOCKS_AT_ONCE, this.size * 2);
      if (this.window.length === 0) {
        return undefined;
      }
    }
  }
}
