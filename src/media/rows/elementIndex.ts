import type { RowBytes } from './rowBytes.ts';
import { GrowingNumbers } from './rowIndex.ts';
import type { RowIndex, RowRange } from './rowIndex.ts';

/** Of so many elements the place of one is kept. */
const STRIDE = 64;
const PIECE = 2_097_152;
const NEARBY = 65_536;
const MAX_DEPTH = 2 ** 31;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_LIST, SHUT_LIST, OPEN_OBJECT, SHUT_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The elements of a JSON array that is the whole document, or the values of a document of several, one after the other. */
export class ElementIndex implements RowIndex {
  known = 0;
  complete = false;
  problem: RowIndex['problem'];
  private readonly places = new GrowingNumbers();
  private readonly scanner: ElementScanner;

  constructor(
    private readonly bytes: RowBytes,
    private readonly origin: number,
    /** Whether the first character is the array's own bracket. */
    private readonly inArray: boolean,
  ) {
    this.scanner = new ElementScanner(bytes, origin, inArray, PIECE);
    this.complete = bytes.size <= origin;
  }

  get scanned(): number {
    return this.complete ? this.bytes.size : this.scanner.offset;
  }

  step(): void {
    const stop = this.scanner.offset + PIECE;
    while (!this.complete && this.scanner.offset < stop) {
      const found = this.scanner.next(stop);
      if (found === 'more') {
        return;
      }
      if (found === 'end') {
        this.problem = this.scanner.problem;
        this.complete = true;
        return;
      }
      if (this.known % STRIDE === 0) {
        this.places.push(found.start);
      }
      this.known++;
    }
  }

  /** An array's closing bracket has moved. */
  grow(): boolean {
    return false;
  }

  *records(from: number): Generator<RowRange> {
    const place = Math.floor(from / STRIDE);
    let record = place * STRIDE;
    const scanner = new ElementScanner(this.bytes, record === 0 ? this.origin : this.places.at(place), this.inArray, NEARBY, record > 0);
    for (let found = scanner.next(); found !== 'end' && found !== 'more' && record < this.known; found = scanner.next(), record++) {
      if (record >= from) {
        yield { record, ...found };
      }
    }
  }

  recordAt(offset: number): number {
    const place = Math.max(0, this.places.lastUpTo(offset));
    for (const { record, end } of this.records(place * STRIDE)) {
      if (offset < end) {
        return record;
      }
    }
    return Math.max(0, this.known - 1);
  }
}

interface Element {
  readonly start: number;
  readonly end: number;
}

class ElementScanner {
  problem: RowIndex['problem'];
  private window: Buffer = Buffer.alloc(0);
  private windowStart: number;
  private at = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Of the element that is being gone through; -1 between elements. */
  private start = -1;
  /** Behind the last byte of it that is not a space. */
  private last = 0;
  private isOpen: boolean;

  constructor(
    private readonly bytes: RowBytes,
    offset: number,
    private readonly inArray: boolean,
    private readonly size: number,
    /** Whether it starts at an element rather than before the array's bracket. */
    inside = false,
  ) {
    this.windowStart = offset;
    this.isOpen = inside || !inArray;
  }

  get offset(): number {
    return this.windowStart + this.at;
  }

  /** The next element; `more` where `stop` was reached before its end. */
  next(stop = Infinity): Element | 'end' | 'more' {
    for (;;) {
      if (this.at >= this.window.length) {
        if (this.offset >= stop) {
          return 'more';
        }
        this.windowStart += this.window.length;
        this.at = 0;
        this.window = this.bytes.read(this.windowStart, this.size);
        if (this.window.length === 0) {
          return this.atEnd();
        }
      }
      const found = this.scan();
      if (found !== undefined) {
        return found;
      }
    }
  }

  private atEnd(): Element | 'end' {
    if (this.start >= 0) {
      const element = { start: this.start, end: this.last };
      this.start = -1;
      return element;
    }
    if (this.inArray) {
      this.problem = { message: 'The array is not closed: the file ends early.', offset: this.offset };
    }
    return 'end';
  }

  /** Goes on to the end of an element or of the window. */
  private scan(): Element | 'end' | undefined {
    const { window } = this;
    while (this.at < window.length) {
      const byte = window[this.at] ?? 0;
      if (this.inString) {
        this.passString();
        continue;
      }
      const place = this.windowStart + this.at;
      this.at++;
      if (byte <= 0x20) {
        if (!this.inArray && this.depth === 0 && this.start >= 0) {
          return this.finish();
        }
        continue;
      }
      if (!this.isOpen) {
        // The array's own bracket.
        this.isOpen = true;
        continue;
      }
      if (this.depth === 0 && this.inArray && (byte === COMMA || byte === SHUT_LIST)) {
        const element = this.start >= 0 ? this.finish() : undefined;
        if (byte === SHUT_LIST) {
          return this.shut(element, place);
        }
        if (element) {
          return element;
        }
        continue;
      }
      if (this.start < 0) {
        this.start = place;
      }
      this.last = place + 1;
      if (byte === QUOTE) {
        this.inString = true;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        this.depth = Math.min(MAX_DEPTH, this.depth + 1);
      } else if (byte === SHUT_OBJECT || byte === SHUT_LIST) {
        this.depth = Math.max(0, this.depth - 1);
        if (this.depth === 0 && !this.inArray) {
          return this.finish();
        }
      }
    }
    return undefined;
  }

  private finish(): Element {
    const element = { start: this.start, end: this.last };
    this.start = -1;
    return element;
  }

  /** Behind the bracket that closes the array, only spaces are left, or something that does not belong there. */
  private shut(element: Element | undefined, place: number): Element | 'end' {
    if (element) {
      // Met once more by the next call.
      this.at--;
      return element;
    }
    const rest = this.bytes.read(place + 1, NEARBY);
    const stray = rest.findIndex((byte) => byte > 0x20);
    if (stray >= 0) {
      this.problem = { message: 'Something follows the array that is the whole document.', offset: place + 1 + stray };
    }
    this.at = this.window.length;
    return 'end';
  }

  private passString(): void {
    const { window } = this;
    while (this.at < window.length) {
      if (this.escaped) {
        this.escaped = false;
        this.at++;
        continue;
      }
      const byte = window[this.at++];
      if (byte === BACKSLASH) {
        this.escaped = true;
      } else if (byte === QUOTE) {
        this.inString = false;
        break;
      }
    }
    this.last = this.windowStart + this.at;
  }
}
