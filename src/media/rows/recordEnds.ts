import type { CountedBuffer } from './byteCounter.ts';

/** Finds where records end in a text: every line, or every line end that is not within quotes. */
export interface RecordEnds {
  /** Of the start of a record. */
  readonly start: number;
  /** Ends in the bytes from `from` to before `to`, entered in `state`; the state behind them is `left`. */
  count(bytes: CountedBuffer, from: number, to: number, state: number): number;
  left: number;
  /** Where the `nth` end (counted from 1) is in the bytes; -1 where there are fewer, of which there are `found`, and `left` is the state behind them. */
  find(bytes: Buffer, from: number, to: number, state: number, nth: number): number;
  found: number;
}

export const LINE_FEED = 0x0a;
export const RETURN = 0x0d;
const QUOTE = 0x22;

/** Lines that end with `end`. */
export class LineEnds implements RecordEnds {
  readonly start = 0;
  left = 0;
  found = 0;

  constructor(private readonly end = LINE_FEED) {}

  count(bytes: CountedBuffer, from: number, to: number): number {
    return bytes.count(from, to, this.end);
  }

  find(bytes: Buffer, from: number, to: number, _state: number, nth: number): number {
    let found = 0;
    for (let at = bytes.indexOf(this.end, from); at >= 0 && at < to; at = bytes.indexOf(this.end, at + 1)) {
      if (++found === nth) {
        return at;
      }
    }
    this.found = found;
    return -1;
  }
}

const CELL_START = 0;
const PLAIN = 1;
const QUOTED = 2;
/** Behind a quote within quotes: it closes them, or is the first of two. */
const CLOSING = 3;

/**
 * Records of a table whose cells may be quoted, as Python's csv and pandas read them: a quote opens only at the start of a
 * cell, two quotes within quotes are one, and what follows a closing quote belongs to the cell without being quoted. A stray
 * quote within a cell is a character.
 */
export class QuotedRecordEnds implements RecordEnds {
  readonly start = CELL_START;
  left = CELL_START;
  found = 0;

  constructor(
    private readonly delimiter: number,
    private readonly end = LINE_FEED,
  ) {}

  count(bytes: CountedBuffer, from: number, to: number, state: number): number {
    if (from < to && state !== QUOTED && state !== CLOSING && bytes.count(from, to, QUOTE) === 0) {
      const last = bytes.buffer[to - 1];
      this.left = last === this.end || last === this.delimiter ? CELL_START : PLAIN;
      return bytes.count(from, to, this.end);
    }
    this.find(bytes.buffer, from, to, state, Infinity);
    return this.found;
  }

  find(bytes: Buffer, from: number, to: number, entered: number, nth: number): number {
    const { delimiter, end } = this;
    let state = entered;
    let found = 0;
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (state === QUOTED) {
        if (byte === QUOTE) {
          state = CLOSING;
        }
      } else if (byte === end) {
        state = CELL_START;
        if (++found === nth) {
          this.left = state;
          return at;
        }
      } else if (byte === delimiter) {
        state = CELL_START;
      } else if (byte === QUOTE && state !== PLAIN) {
        state = QUOTED;
      } else {
        state = PLAIN;
      }
    }
    this.left = state;
    this.found = found;
    return -1;
  }
}
