import { shortDtype } from '../dtypes.ts';

export interface MsgpackArray {
  readonly path: readonly string[];
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of its values, in the file; they may lie beyond its end. */
  readonly offset: number;
  readonly length: number;
}

export interface MsgpackTree {
  readonly arrays: readonly MsgpackArray[];
  /** Numbers at the top, by their keys. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly end: number;
  readonly problem?: 'short' | 'malformed' | 'large';
}

type Read = (offset: number, length: number) => Promise<Buffer>;

const WINDOW = 65_536;
const MAX_NODES = 2_000_000;
/** Values that lie apart from each other are read one by one. */
const MAX_READS = 20_000;
const MAX_DEPTH = 200;
/** `flax.serialization`: its extension of an array, and of a NumPy scalar. */
const [ARRAY, SCALAR] = [1, 3];

class Stop extends Error {
  constructor(readonly problem: NonNullable<MsgpackTree['problem']>) {
    super(problem);
  }
}

/** Goes through a msgpack value (spec of the formats, "Formats"), past the values of its arrays. */
export async function readMsgpackTree(read: Read, size: number): Promise<MsgpackTree> {
  const walker = new Walker(read, size);
  try {
    await walker.value([]);
    return { arrays: walker.arrays, numbers: walker.numbers, end: walker.at };
  } catch (error) {
    if (!(error instanceof Stop)) {
      throw error;
    }
    return { arrays: walker.arrays, numbers: walker.numbers, end: walker.at, problem: error.problem };
  }
}

class Walker {
  at = 0;
  readonly arrays: MsgpackArray[] = [];
  readonly numbers = new Map<string, number>();
  private window: Buffer = Buffer.alloc(0);
  private start = 0;
  private nodes = 0;
  private reads = 0;

  constructor(
    private readonly read: Read,
    private readonly size: number,
  ) {}

  /** Reads one value; its text or number, where it is one. */
  async value(path: readonly string[]): Promise<string | number | undefined> {
    if (++this.nodes > MAX_NODES || path.length > MAX_DEPTH) {
      throw new Stop('large');
    }
    const code = (await this.take(1))[0] ?? 0;
    if (code < 0x80 || code >= 0xe0) {
      return this.number(path, code < 0x80 ? code : code - 256);
    }
    if (code < 0x90) {
      return this.map(path, code & 15);
    }
    if (code < 0xa0) {
      return this.list(path, code & 15);
    }
    if (code < 0xc0) {
      return this.text(code & 31);
    }
    return this.coded(path, code);
  }

  private async coded(path: readonly string[], code: number): Promise<string | number | undefined> {
    const wide = (from: number) => this.uint([1, 2, 4][code - from] ?? 4);
    switch (code) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return undefined;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.skip(await wide(0xc4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(path, await wide(0xc7));
      case 0xca:
        return this.number(path, (await this.take(4)).readFloatBE(0));
      case 0xcb:
        return this.number(path, (await this.take(8)).readDoubleBE(0));
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.number(path, await this.uint(2 ** (code - 0xcc)));
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.number(path, (await this.take(2 ** (code - 0xd0))).readIntBE(0, 2 ** (code - 0xd0)));
      case 0xd3:
        return this.number(path, Number((await this.take(8)).readBigInt64BE(0)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(path, 2 ** (code - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.text(await wide(0xd9));
      case 0xdc:
      case 0xdd:
        return this.list(path, await this.uint(code === 0xdc ? 2 : 4));
      case 0xde:
      case 0xdf:
        return this.map(path, await this.uint(code === 0xde ? 2 : 4));
      default:
        throw new Stop('malformed');
    }
  }

  private number(path: readonly string[], value: number): number {
    if (path.length === 1) {
      this.numbers.set(path[0] ?? '', value);
    }
    return value;
  }

  private async map(path: readonly string[], count: number): Promise<undefined> {
    for (let nth = 0; nth < count; nth++) {
      const key = await this.value([...path, '?', '?']);
      await this.value([...path, String(key ?? '?')]);
    }
  }

  private async list(path: readonly string[], count: number): Promise<undefined> {
    for (let nth = 0; nth < count; nth++) {
      await this.value([...path, String(nth)]);
    }
  }

  private async text(length: number): Promise<string> {
    if (length > WINDOW) {
      this.skip(length);
      return '?';
    }
    return (await this.take(length)).toString('utf8');
  }

  /** An array is packed once more: a list of shape, name of the type, and bytes. */
  private async extension(path: readonly string[], length: number): Promise<undefined> {
    const type = (await this.take(1))[0];
    const end = this.at + length;
    if (type === ARRAY || type === SCALAR) {
      const shape = type === ARRAY ? await this.shape() : [];
      const dtype = shape && (await this.value(['?', '?']));
      const code = shape && (await this.take(1))[0];
      const bytes = code === undefined || code < 0xc4 || code > 0xc6 ? undefined : await this.uint([1, 2, 4][code - 0xc4] ?? 4);
      if (shape && typeof dtype === 'string' && bytes !== undefined) {
        this.arrays.push({ path, dtype: shortDtype(dtype), shape, offset: this.at, length: bytes });
      }
    }
    this.at = Math.min(this.at, end);
    this.skip(end - this.at);
  }

  private async shape(): Promise<readonly number[] | undefined> {
    const outer = (await this.take(1))[0] ?? 0;
    const inner = (await this.take(1))[0] ?? 0;
    if (outer !== 0x93 || (inner & 0xf0) !== 0x90) {
      return undefined;
    }
    const shape: number[] = [];
    for (let nth = 0; nth < (inner & 15); nth++) {
      const size = await this.value(['?', '?']);
      if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
        return undefined;
      }
      shape.push(size);
    }
    return shape;
  }

  private async uint(bytes: number): Promise<number> {
    const field = await this.take(bytes);
    return bytes === 8 ? Number(field.readBigUInt64BE(0)) : field.readUIntBE(0, bytes);
  }

  private skip(length: number): undefined {
    this.at += length;
    if (this.at > this.size) {
      throw new Stop('short');
    }
  }

  private async take(length: number): Promise<Buffer> {
    if (this.at + length > this.size) {
      throw new Stop('short');
    }
    if (this.at < this.start || this.at + length > this.start + this.window.length) {
      if (++this.reads > MAX_READS) {
        throw new Stop('large');
      }
      this.start = this.at;
      this.window = await this.read(this.at, Math.max(WINDOW, length));
    }
    const taken = this.window.subarray(this.at - this.start, this.at - this.start + length);
    if (taken.length < length) {
      throw new Stop('short');
    }
    this.at += length;
    return taken;
  }
}
