import type { Entry, EntryKind } from '../entry.ts';

/**
 * What a listing on a box is written as: fields that end with NUL. `=KEY VALUE` is a fact; all else is an entry, `KIND MODE SIZE
 * SECONDS PATH` with the kind as `find -printf %y` says it, mode octal and seconds with a fraction; or `x MODE SIZE SECONDS ./PATH`
 * with all of st_mode, hexadecimal; `o` the same, octal. A link (`l`) has a second field: where it points to.
 */
export interface FrameListener {
  onFact(key: string, value: string): void;
  onEntry(entry: Entry): void;
}

const NUL = 0;
const EQUALS = 0x3d;
const SPACE = 0x20;

const KINDS: Readonly<Record<string, EntryKind>> = { f: 'file', d: 'folder', l: 'link' };
/** Of st_mode. */
const TYPE_BITS = 0o170000;
const TYPES: Readonly<Record<number, EntryKind>> = { 0o100000: 'file', 0o040000: 'folder', 0o120000: 'link' };

/** Takes such a stream apart, in whatever pieces it comes. Throws a RangeError for what is none. */
export class FrameReader {
  private rest: Buffer | undefined;
  private link: Omit<Entry, 'link'> | undefined;

  constructor(private readonly listener: FrameListener) {}

  push(chunk: Buffer): void {
    const bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NUL, start); end !== -1; end = bytes.indexOf(NUL, start)) {
      this.take(bytes, start, end);
      start = end + 1;
    }
    this.rest = start === bytes.length ? undefined : bytes.subarray(start);
  }

  private take(bytes: Buffer, start: number, end: number): void {
    if (this.link !== undefined) {
      this.listener.onEntry({ ...this.link, link: latin1(bytes, start, end) });
      this.link = undefined;
    } else if (bytes[start] === EQUALS) {
      const text = latin1(bytes, start + 1, end);
      const space = text.indexOf(' ');
      this.listener.onFact(text.slice(0, space), text.slice(space + 1));
    } else {
      this.takeEntry(bytes, start, end);
    }
  }

  private takeEntry(bytes: Buffer, start: number, end: number): void {
    const modeEnd = bytes.indexOf(SPACE, start + 2);
    const sizeEnd = bytes.indexOf(SPACE, modeEnd + 1);
    const timeEnd = bytes.indexOf(SPACE, sizeEnd + 1);
    if (timeEnd === -1 || timeEnd > end) {
      throw new RangeError(`A listing holds ${JSON.stringify(latin1(bytes, start, Math.min(end, start + 80)))}, which is no entry`);
    }
    const sign = String.fromCharCode(bytes[start] ?? 0);
    const whole = sign === 'x' || sign === 'o';
    const number = parseInt(latin1(bytes, start + 2, modeEnd), sign === 'x' ? 16 : 8);
    const kind = (whole ? TYPES[number & TYPE_BITS] : KINDS[sign]) ?? 'other';
    const entry = {
      path: latin1(bytes, timeEnd + (whole ? 3 : 1), end),
      kind,
      size: kind === 'file' ? decimal(bytes, modeEnd + 1, sizeEnd) : 0,
      mtime: microseconds(bytes, sizeEnd + 1, timeEnd),
      mode: number & 0o7777,
    };
    if (kind === 'link') {
      this.link = entry;
    } else {
      this.listener.onEntry(entry);
    }
  }
}

function latin1(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end);
}

function decimal(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    value = value * 10 + ((bytes[at] ?? 0) - 0x30);
  }
  return value;
}

/** Rounded down: seconds before 1970 have a fraction that counts forward in find's output, as in the kernel's. */
function microseconds(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === 0x2d;
  const point = bytes.indexOf(0x2e, start);
  const wholeEnd = point === -1 || point > end ? end : point;
  const seconds = decimal(bytes, start + (negative ? 1 : 0), wholeEnd);
  let fraction = 0;
  for (let digit = 0; digit < 6; digit++) {
    const at = wholeEnd + 1 + digit;
    fraction = fraction * 10 + (at < end ? (bytes[at] ?? 0x30) - 0x30 : 0);
  }
  return (negative ? -seconds : seconds) * 1e6 + fraction;
}
