import type { ByteSource } from '../../../media/byteSource.ts';
import { createBreather } from '../../../base/breather.ts';

const CHUNK = 2 ** 20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Names at the top of a document are short. */
const MAX_KEY = 256;
const MAX_ELEMENT = 64 * 2 ** 20;

/** Where the elements of one array of a JSON document lie. 12 bytes an element. */
export class JsonElements {
  private starts = new Float64Array(256);
  private lengths = new Uint32Array(256);
  count = 0;

  constructor(private readonly source: ByteSource) {}

  add(start: number, length: number): void {
    if (this.count === this.starts.length) {
      const starts = new Float64Array(this.count * 2);
      starts.set(this.starts);
      this.starts = starts;
      const lengths = new Uint32Array(this.count * 2);
      lengths.set(this.lengths);
      this.lengths = lengths;
    }
    this.starts[this.count] = start;
    this.lengths[this.count++] = Math.min(length, 0xffff_ffff);
  }

  /** The element, parsed. Throws a `SyntaxError` where it is no JSON; undefined beyond the end. */
  at(index: number): unknown {
    const length = this.lengths[index] ?? 0;
    if (index >= this.count) {
      return undefined;
    }
    if (length > MAX_ELEMENT) {
      throw new SyntaxError(`it is longer than ${MAX_ELEMENT / 2 ** 20} MiB`);
    }
    return JSON.parse(this.source.read(this.starts[index] ?? 0, length).toString('utf8'));
  }
}

export interface JsonArrays {
  /** By the key at the top of the document; `''` where the document itself is the array. */
  readonly arrays: ReadonlyMap<string, JsonElements>;
  /** Keys at the top of the document, in order. */
  readonly keys: readonly string[];
  /** What keeps it from being a whole document. */
  readonly problem?: string;
}

/**
 * Goes through a JSON document of any length once, holding a megabyte of it, and notes where the elements of its arrays
 * are: of the document itself, or directly under its keys. Values are not checked; whoever parses one learns what is
 * wrong with it.
 */
export async function indexJsonArrays(source: ByteSource, signal?: AbortSignal): Promise<JsonArrays> {
  const walker = new JsonWalker(source);
  const breathe = createBreather(signal);
  for (let offset = 0; offset < source.size; ) {
    const chunk = source.read(offset, CHUNK);
    if (chunk.length === 0) {
      break;
    }
    walker.take(chunk, offset);
    offset += chunk.length;
    await breathe();
  }
  return walker.finish();
}

class JsonWalker {
  private readonly arrays = new Map<string, JsonElements>();
  private readonly keys: string[] = [];
  private depth = 0;
  private isObject = false;
  private inString = false;
  private escaped = false;
  /** Bytes of the string at the top that may be a key. */
  private word: string | undefined;
  private key = '';
  private current: JsonElements | undefined;
  private elementStart = -1;
  private problem: string | undefined;
  private done = false;

  constructor(private readonly source: ByteSource) {}

  take(chunk: Buffer, offset: number): void {
    for (let index = 0; index < chunk.length && this.problem === undefined; index++) {
      if (this.inString) {
        index = this.passString(chunk, index);
        continue;
      }
      const byte = chunk[index] ?? 0;
      // Numbers and words, which are most of it.
      if (byte > 0x2c && byte !== COLON && byte !== 0x5b && byte !== 0x5d && byte !== 0x7b && byte !== 0x7d) {
        this.begin(offset + index);
      } else {
        this.mark(byte, offset + index);
      }
    }
  }

  private mark(byte: number, at: number): void {
    switch (byte) {
      case QUOTE:
        this.begin(at);
        this.inString = true;
        this.word = this.depth === 1 && this.isObject ? '' : undefined;
        break;
      case 0x5b: // [
      case 0x7b: // {
        this.open(byte, at);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        this.close(at);
        break;
      case COMMA:
        this.endElement(at);
        break;
      case COLON:
        if (this.depth === 1 && this.isObject && this.word !== undefined) {
          this.key = this.word;
          this.keys.push(this.key);
          this.word = undefined;
        }
        break;
      default:
    }
  }

  /** The index of the last byte that belongs to the string. */
  private passString(chunk: Buffer, from: number): number {
    let index = from;
    for (; index < chunk.length; index++) {
      const byte = chunk[index];
      if (this.escaped) {
        this.escaped = false;
      } else if (byte === BACKSLASH) {
        this.escaped = true;
      } else if (byte === QUOTE) {
        this.inString = false;
        break;
      }
      if (this.word !== undefined && this.word.length < MAX_KEY) {
        this.word += String.fromCharCode(byte ?? 0);
      }
    }
    return index;
  }

  private get elementDepth(): number {
    return this.isObject ? 2 : 1;
  }

  private begin(at: number): void {
    if (this.current !== undefined && this.elementStart < 0 && this.depth === this.elementDepth) {
      this.elementStart = at;
    } else if (this.depth === 0) {
      this.problem = this.done ? `something follows the document at byte ${at}` : 'the document is neither an array nor an object';
    }
  }

  private open(byte: number, at: number): void {
    if (this.depth === 0) {
      if (this.done) {
        this.problem = `something follows the document at byte ${at}`;
        return;
      }
      this.isObject = byte === 0x7b;
      if (!this.isObject) {
        this.enter('');
      }
    } else if (this.depth === 1 && this.isObject && byte === 0x5b) {
      this.enter(this.key);
    } else {
      this.begin(at);
    }
    this.depth++;
  }

  private enter(key: string): void {
    this.current = new JsonElements(this.source);
    this.arrays.set(key, this.current);
    this.elementStart = -1;
  }

  private close(at: number): void {
    if (this.depth === 0) {
      this.problem = `a bracket closes at byte ${at} that was not opened`;
      return;
    }
    if (this.depth === this.elementDepth && this.current !== undefined) {
      this.endElement(at);
      this.current = undefined;
    }
    this.depth--;
    this.done = this.depth === 0;
  }

  private endElement(at: number): void {
    if (this.current !== undefined && this.depth === this.elementDepth && this.elementStart >= 0) {
      this.current.add(this.elementStart, at - this.elementStart);
      this.elementStart = -1;
    }
  }

  finish(): JsonArrays {
    const problem = this.problem ?? (this.done ? undefined : 'the document ends before it is complete');
    return { arrays: this.arrays, keys: this.keys, ...(problem !== undefined && { problem }) };
  }
}
