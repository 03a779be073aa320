import type { RowValue } from '../forms/form.ts';
import type { ManifestKind } from '../kinds/kind.ts';
import { ByteHash } from './byteHash.ts';
import type { FolderNames } from './folderNames.ts';

/** What the bytes of a value must be, for the row to be sound without a closer look. */
type Check = 'string' | 'undotted' | 'path' | 'text' | 'number' | 'duration' | 'offset' | 'id' | 'word' | 'literal';

interface Field {
  readonly key: Buffer;
  readonly check: Check;
  readonly words: readonly Buffer[];
}

interface Shape {
  readonly text: string;
  readonly fields: readonly Field[];
  count: number;
}

const MOST_SHAPES = 6;
/** Keys of tables by which rows of one file differ, other than offset and duration. */
const STARTS = ['start', 'start_time', 'end'];
const ID_KEYS: Readonly<Record<string, readonly string[]>> = { nemo: ['id', 'utt_id'], table: ['id'] };
const LONG = 20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Tells rows that are sound from the others by their bytes alone, some ten times as fast as they are parsed. A row is sound here
 * only where it has the keys and types of one that the rules have found nothing in, and each of its values is surely as good;
 * everything else is for the rules to look at. It knows JSON lines whose rows are flat.
 */
export class FastLane {
  /** Of the last sound row: which sample it is. Undefined where rows of its shape have no identity. */
  identity: number | undefined;
  id: number | undefined;
  private readonly shapes: Shape[] = [];
  private readonly hash = new ByteHash();
  private readonly hasTimes: boolean;
  private at = 0;
  private value = 0;
  private hasPath = false;
  private offset = 0;
  private length = 0;

  constructor(
    private readonly kind: ManifestKind,
    private readonly names: FolderNames,
  ) {
    this.hasTimes = kind.id === 'nemo' || kind.id === 'table';
  }

  /** Rows that were found sound, by shape. */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.shapes.map(({ text, count }) => [text, count]));
  }

  /** Takes a row without findings for an example. */
  learn(value: RowValue, shape: string): void {
    if (this.shapes.length >= MOST_SHAPES || this.shapes.some(({ text }) => text === shape)) {
      return;
    }
    const paths = this.kind.paths(value, '', {});
    const pathKeys = new Set(paths.map(({ at }) => at[0]));
    const isFlat = Object.values(value).every((cell) => typeof cell !== 'object');
    if (!isFlat || paths.length > 1 || STARTS.some((key) => key in value) || !['nemo', 'hf', 'table'].includes(this.kind.id) || Object.keys(value).some((key) => !/^[\w -]+$/.test(key))) {
      return;
    }
    const specs = this.kind.keys('', {});
    const texts = new Set((this.kind.texts ?? []).map(({ key }) => key));
    const fields = Object.entries(value).map(([key, cell]): Field => {
      const words = specs.find(({ name }) => name === key)?.values;
      return { key: Buffer.from(`"${key}"`), check: checkOf(key, cell, { isPath: pathKeys.has(key), isText: texts.has(key), isWord: words !== undefined, isId: (ID_KEYS[this.kind.id] ?? []).includes(key), dots: this.kind.id !== 'table' }), words: (words ?? []).map((word) => Buffer.from(word)) };
    });
    this.shapes.push({ text: shape, fields, count: 0 });
  }

  /** Whether a line, from its first byte to before its end, is surely sound. */
  isSound(bytes: Buffer, from: number, to: number): boolean {
    for (let index = 0; index < this.shapes.length; index++) {
      const shape = this.shapes[index];
      if (shape && this.fits(bytes, from, to, shape)) {
        shape.count++;
        return true;
      }
    }
    return false;
  }

  /** What a row's path and times come to, as `isSound` counts them. */
  identityOf(path: string, offset: number, length: number): number {
    const bytes = Buffer.from(path);
    this.hash.start();
    this.hash.bytes(bytes, 0, bytes.length);
    return this.finish(offset, length);
  }

  idOf(id: string): number {
    const bytes = Buffer.from(id);
    this.hash.start();
    this.hash.bytes(bytes, 0, bytes.length);
    return this.hash.end();
  }

  private finish(offset: number, length: number): number {
    if (this.hasTimes) {
      this.hash.number(offset);
      this.hash.number(length);
    }
    return this.hash.end();
  }

  private fits(bytes: Buffer, from: number, to: number, { fields }: Shape): boolean {
    let at = from;
    if (bytes[at] !== 0x7b) {
      return false;
    }
    at++;
    this.hasPath = false;
    this.offset = 0;
    this.length = 0;
    this.id = undefined;
    let pathFrom = 0;
    let pathTo = 0;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index];
      if (field === undefined) {
        return false;
      }
      if (bytes[at] === SPACE) {
        at++;
      }
      const { key } = field;
      for (let place = 0; place < key.length; place++) {
        if (bytes[at + place] !== key[place]) {
          return false;
        }
      }
      at += key.length;
      if (bytes[at] !== 0x3a) {
        return false;
      }
      at++;
      if (bytes[at] === SPACE) {
        at++;
      }
      const start = at;
      if (!this.takes(bytes, start, to, field)) {
        return false;
      }
      at = this.at;
      if (field.check === 'path') {
        pathFrom = start + 1;
        pathTo = at - 1;
      }
      const next = bytes[at];
      if (index < fields.length - 1 ? next !== 0x2c : next !== 0x7d) {
        return false;
      }
      at++;
    }
    if (at !== to && !(at === to - 1 && bytes[at] === 0x0d)) {
      return false;
    }
    if (this.hasPath && !this.names.has(bytes, pathFrom, pathTo)) {
      return false;
    }
    this.identity = undefined;
    if (this.hasPath) {
      this.hash.start();
      this.hash.bytes(bytes, pathFrom, pathTo);
      this.identity = this.finish(this.offset, this.length);
    }
    return true;
  }

  /** Goes over a value that is as its field wants it; false where it is not. */
  private takes(bytes: Buffer, from: number, to: number, { check, words }: Field): boolean {
    switch (check) {
      case 'path':
        return this.path(bytes, from, to);
      case 'text':
        return this.string(bytes, from, to) && bytes[from + 1] !== SPACE && bytes[from + 1] !== BACKSLASH && this.at > from + 2;
      case 'string':
        return this.string(bytes, from, to);
      case 'undotted':
        return this.string(bytes, from, to) && !this.hasDot(bytes, Math.max(from, this.at - 8), this.at);
      case 'id': {
        if (!(bytes[from] === QUOTE ? this.string(bytes, from, to) && !this.hasEscape(bytes, from, this.at) : this.number(bytes, from, to))) {
          return false;
        }
        const quote = bytes[from] === QUOTE ? 1 : 0;
        this.hash.start();
        this.hash.bytes(bytes, from + quote, this.at - quote);
        this.id = this.hash.end();
        return true;
      }
      case 'word':
        return this.string(bytes, from, to) && words.some((word) => word.length === this.at - from - 2 && word.compare(bytes, from + 1, this.at - 1) === 0);
      case 'number':
        return this.number(bytes, from, to);
      case 'duration': {
        const fits = this.number(bytes, from, to) && this.value > 0 && this.value <= LONG;
        this.length = this.value;
        return fits;
      }
      case 'offset': {
        const fits = this.number(bytes, from, to) && this.value >= 0;
        this.offset = this.value;
        return fits;
      }
      case 'literal':
        return this.literal(bytes, from);
    }
  }

  /** Printable ASCII without what would be looked at more closely: escapes, doubled slashes, blanks at the ends. */
  private path(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[from] !== QUOTE || bytes[from + 1] === SPACE || bytes[from + 1] === QUOTE) {
      return false;
    }
    let before = 0;
    for (let at = from + 1; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.at = at + 1;
        this.hasPath = true;
        return before !== SPACE;
      }
      if (byte < SPACE || byte > 0x7e || byte === BACKSLASH || (byte === 0x2f && before === 0x2f)) {
        return false;
      }
      before = byte;
    }
    return false;
  }

  /** A string of sound characters: no replacement character, and of the escapes only those that stand for words. */
  private string(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[from] !== QUOTE) {
      return false;
    }
    for (let at = from + 1; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.at = at + 1;
        return true;
      }
      if (byte === BACKSLASH) {
        at = escapeEnd(bytes, at);
        if (at < 0) {
          return false;
        }
      } else if (byte < SPACE || byte === 0x7f || (byte === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd)) {
        return false;
      }
    }
    return false;
  }

  private hasDot(bytes: Buffer, from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
      if (bytes[at] === 0x2e) {
        return true;
      }
    }
    return false;
  }

  private hasEscape(bytes: Buffer, from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
      if (bytes[at] === BACKSLASH || (bytes[at] ?? 0) > 0x7e) {
        return true;
      }
    }
    return false;
  }

  /** Digits with or without a fraction; numbers written otherwise are for others to read. */
  private number(bytes: Buffer, from: number, to: number): boolean {
    let at = from;
    const sign = bytes[at] === 0x2d ? -1 : 1;
    at += sign < 0 ? 1 : 0;
    const first = at;
    let value = 0;
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit <= 9 && at < to; digit = (bytes[at] ?? 0) - 48) {
      value = value * 10 + digit;
      at++;
    }
    if (at === first || at - first > 15 || (bytes[first] === 0x30 && at > first + 1)) {
      return false;
    }
    if (bytes[at] === 0x2e) {
      const dot = at++;
      let scale = 1;
      for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit <= 9 && at < to; digit = (bytes[at] ?? 0) - 48) {
        scale /= 10;
        value += digit * scale;
        at++;
      }
      if (at === dot + 1) {
        return false;
      }
    }
    this.at = at;
    this.value = sign * value;
    return true;
  }

  private literal(bytes: Buffer, from: number): boolean {
    const length = bytes[from] === 0x74 ? 4 : 5;
    const word = bytes.toString('latin1', from, from + length);
    this.at = from + length;
    return word === 'true' || word === 'false';
  }
}

/** The last byte of an escape that stands for a word's character; -1 of the others. */
function escapeEnd(bytes: Buffer, at: number): number {
  const kind = bytes[at + 1];
  if (kind === QUOTE || kind === BACKSLASH || kind === 0x2f || kind === 0x6e || kind === 0x74 || kind === 0x72) {
    return at + 1;
  }
  if (kind !== 0x75) {
    return -1;
  }
  let code = 0;
  for (let place = at + 2; place < at + 6; place++) {
    const digit = hexDigit(bytes[place] ?? 0);
    if (digit < 0) {
      return -1;
    }
    code = code * 16 + digit;
  }
  return code < SPACE || code === 0x7f || code === 0xfffd ? -1 : at + 5;
}

function hexDigit(byte: number): number {
  return byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : byte >= 65 && byte <= 70 ? byte - 55 : -1;
}

function checkOf(key: string, cell: unknown, { isPath, isText, isWord, isId, dots }: { readonly isPath: boolean; readonly isText: boolean; readonly isWord: boolean; readonly isId: boolean; readonly dots: boolean }): Check {
  if (isPath) {
    return 'path';
  }
  if (isId) {
    return 'id';
  }
  switch (typeof cell) {
    case 'number':
      return key === 'duration' ? 'duration' : key === 'offset' ? 'offset' : 'number';
    case 'boolean':
      return 'literal';
    default:
      return isWord ? 'word' : isText ? 'text' : dots ? 'string' : 'undotted';
  }
}
