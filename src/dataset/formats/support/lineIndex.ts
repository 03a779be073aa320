import type { ByteSource } from '../../../media/byteSource.ts';
import { createBreather } from '../../../base/breather.ts';

/** Of so many lines the place of one is kept: eight bytes for 64 rows. */
const STRIDE = 64;
const CHUNK = 2 ** 20;
/** What is read to find one line. */
const NEARBY = 2 ** 15;
/** Longer lines are no rows, and are not read. */
const MAX_LINE = 16 * 2 ** 20;
const LINE_FEED = 0x0a;
const QUOTE = 0x22;

export interface LineIndexOptions {
  /** The byte between the cells of a table whose cells may be quoted, and then hold line ends. */
  readonly delimiter?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Line {
  /** Counted from 0. */
  readonly index: number;
  /** Without its end; undefined where it is longer than 16 MiB. */
  readonly bytes: Buffer | undefined;
}

/** Where the lines of a text begin, and any of them by its number. Memory is 1/8 byte a line. */
export class LineIndex {
  private constructor(
    private readonly source: ByteSource,
    private readonly places: Float64Array,
    readonly count: number,
    private readonly delimiter: number | undefined,
    /** Whether there are line ends of both kinds. */
    readonly mixedEnds: boolean,
  ) {}

  static async build(source: ByteSource, { delimiter, signal }: LineIndexOptions = {}): Promise<LineIndex> {
    const breathe = createBreather(signal);
    const scanner = new LineScanner(source, 0, delimiter, CHUNK);
    const places = new GrowingPlaces();
    let count = 0;
    let carried = 0;
    for (let start = 0, end = scanner.next(); end > start; start = end, end = scanner.next()) {
      if (count % STRIDE === 0) {
        places.push(start);
        await breathe();
      }
      count++;
      if (end - start >= 2 && scanner.endsWithReturn) {
        carried++;
      }
    }
    return new LineIndex(source, places.values(), count, delimiter, carried > 0 && carried < count - 1);
  }

  at(index: number): Line | undefined {
    for (const line of this.from(index, NEARBY)) {
      return line;
    }
    return undefined;
  }

  *from(index: number, chunk = CHUNK): Generator<Line> {
    if (!(index >= 0 && index < this.count) || !Number.isInteger(index)) {
      return;
    }
    let number = index - (index % STRIDE);
    let start = this.places[number / STRIDE] ?? 0;
    const scanner = new LineScanner(this.source, start, this.delimiter, chunk);
    for (let end = scanner.next(); end > start; start = end, end = scanner.next(), number++) {
      if (number >= index) {
        yield { index: number, bytes: lineOf(this.source, start, end) };
      }
    }
  }
}

function lineOf(source: ByteSource, start: number, end: number): Buffer | undefined {
  if (end - start > MAX_LINE) {
    return undefined;
  }
  const bytes = Buffer.from(source.read(start, end - start));
  let length = bytes.length;
  if (bytes[length - 1] === LINE_FEED) {
    length--;
    if (bytes[length - 1] === 0x0d) {
      length--;
    }
  } else if (bytes[length - 1] === 0x0d) {
    length--;
  }
  return bytes.subarray(0, length);
}

/** Goes from line to line; with a delimiter line ends within quotes are passed over. */
class LineScanner {
  private chunk: Buffer = Buffer.alloc(0);
  private chunkStart: number;
  private at: number;
  endsWithReturn = false;

  constructor(
    private readonly source: ByteSource,
    start: number,
    private readonly delimiter: number | undefined,
    private readonly step: number,
  ) {
    this.chunkStart = start;
    this.at = start;
  }

  /** The offset behind the end of the next line; where there is none, that of the last one. */
  next(): number {
    return this.delimiter === undefined ? this.nextPlain() : this.nextQuoted(this.delimiter);
  }

  private nextPlain(): number {
    while (this.fill()) {
      const found = this.chunk.indexOf(LINE_FEED, this.at - this.chunkStart);
      if (found >= 0) {
        this.endsWithReturn = found > 0 && this.chunk[found - 1] === 0x0d;
        this.at = this.chunkStart + found + 1;
        return this.at;
      }
      this.at = this.chunkStart + this.chunk.length;
    }
    this.endsWithReturn = false;
    return this.at;
  }

  private nextQuoted(delimiter: number): number {
    let quoted = false;
    let closed = false;
    let cellStart = true;
    while (this.fill()) {
      const { chunk } = this;
      for (let index = this.at - this.chunkStart; index < chunk.length; index++) {
        const byte = chunk[index];
        if (byte === QUOTE) {
          // A doubled quote closes and opens again.
          const opens: boolean = !quoted && (cellStart || closed);
          closed = quoted;
          quoted = opens;
          cellStart = false;
        } else if (byte === LINE_FEED && !quoted) {
          this.endsWithReturn = index > 0 && chunk[index - 1] === 0x0d;
          this.at = this.chunkStart + index + 1;
          return this.at;
        } else {
          cellStart = byte === delimiter;
          closed = false;
        }
      }
      this.at = this.chunkStart + chunk.length;
    }
    this.endsWithReturn = false;
    return this.at;
  }

  private fill(): boolean {
    if (this.at < this.chunkStart + this.chunk.length) {
      return true;
    }
    this.chunkStart = this.at;
    this.chunk = Buffer.from(this.source.read(this.at, this.step));
    return this.chunk.length > 0;
  }
}

class GrowingPlaces {
  private places = new Float64Array(1024);
  private count = 0;

  push(place: number): void {
    if (this.count === this.places.length) {
      const grown = new Float64Array(this.count * 2);
      grown.set(this.places);
      this.places = grown;
    }
    this.places[this.count++] = place;
  }

  values(): Float64Array {
    return this.places.slice(0, this.count);
  }
}
