/** The header goes on beyond the bytes that are there. */
export class ShortGguf extends Error {
  override readonly name = 'ShortGguf';
}

export interface GgufHeader {
  readonly tensors: readonly GgufTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes before the first tensor's. */
  readonly dataStart: number;
  readonly alignment: number;
}

export interface GgufTensor {
  readonly name: string;
  readonly dtype: string;
  /** Slowest dimension first, as everywhere else; the file has it the other way round. */
  readonly shape: readonly number[];
  /** From the start of the data. */
  readonly offset: number;
  /** Undefined for a type that is not known. */
  readonly bytes: number | undefined;
}

/** By number: name, elements of a block, bytes of a block (ggml.h, `ggml_type`, and ggml-common.h). */
const TYPES: Readonly<Record<number, readonly [name: string, elements: number, bytes: number]>> = {
  0: ['F32', 1, 4],
  1: ['F16', 1, 2],
  2: ['Q4_0', 32, 18],
  3: ['Q4_1', 32, 20],
  6: ['Q5_0', 32, 22],
  7: ['Q5_1', 32, 24],
  8: ['Q8_0', 32, 34],
  9: ['Q8_1', 32, 40],
  10: ['Q2_K', 256, 84],
  11: ['Q3_K', 256, 110],
  12: ['Q4_K', 256, 144],
  13: ['Q5_K', 256, 176],
  14: ['Q6_K', 256, 210],
  15: ['Q8_K', 256, 292],
  16: ['IQ2_XXS', 256, 66],
  17: ['IQ2_XS', 256, 74],
  18: ['IQ3_XXS', 256, 98],
  19: ['IQ1_S', 256, 50],
  20: ['IQ4_NL', 32, 18],
  21: ['IQ3_S', 256, 110],
  22: ['IQ2_S', 256, 82],
  23: ['IQ4_XS', 256, 136],
  24: ['I8', 1, 1],
  25: ['I16', 1, 2],
  26: ['I32', 1, 4],
  27: ['I64', 1, 8],
  28: ['F64', 1, 8],
  29: ['IQ1_M', 256, 56],
  30: ['BF16', 1, 2],
  34: ['TQ1_0', 256, 54],
  35: ['TQ2_0', 256, 66],
  39: ['MXFP4', 32, 17],
};

/** Bytes of plain values by type; 8 is a text and 9 an array. */
const SIZES: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const [TEXT, ARRAY] = [8, 9];
const MAX_COUNT = 10_000_000;
const MAX_SHOWN = 400;

/** Reads a header of version 2 or 3 (ggml's docs/gguf.md). Throws a `ShortGguf` where it goes on, a `RangeError` where it is none. */
export function readGgufHeader(bytes: Buffer): GgufHeader {
  const reader = new Reader(bytes);
  if (reader.take(4).toString('latin1') !== 'GGUF') {
    throw new RangeError('It does not begin as a GGUF file.');
  }
  const version = reader.number(4);
  if (version !== 2 && version !== 3) {
    throw new RangeError(`It is of version ${version} or of another byte order, which is not read.`);
  }
  const [tensorCount, valueCount] = [reader.count(), reader.count()];
  const metadata: [string, string][] = [['version', String(version)]];
  let alignment = 32;
  for (let nth = 0; nth < valueCount; nth++) {
    const key = reader.text();
    const value = reader.value(reader.number(4));
    metadata.push([key, value]);
    if (key === 'general.alignment') {
      alignment = Number(value);
    }
  }
  if (!Number.isSafeInteger(alignment) || alignment <= 0 || alignment > 2 ** 30) {
    throw new RangeError('It states no valid alignment.');
  }
  const tensors = Array.from({ length: tensorCount }, () => reader.tensor());
  return { tensors, metadata: Object.fromEntries(metadata), dataStart: Math.ceil(reader.at / alignment) * alignment, alignment };
}

class Reader {
  at = 0;

  constructor(private readonly bytes: Buffer) {}

  take(length: number): Buffer {
    const end = this.at + length;
    if (!(end <= this.bytes.length)) {
      throw new ShortGguf('It goes on.');
    }
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  number(bytes: 4 | 8): number {
    const field = this.take(bytes);
    return bytes === 4 ? field.readUInt32LE(0) : Number(field.readBigUInt64LE(0));
  }

  count(): number {
    const count = this.number(8);
    if (count > MAX_COUNT) {
      throw new RangeError('It states more tensors or values than any file has.');
    }
    return count;
  }

  text(): string {
    return this.take(this.number(8)).toString('utf8');
  }

  value(type: number): string {
    if (type === TEXT) {
      const text = this.text();
      return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    }
    if (type === ARRAY) {
      const inner = this.number(4);
      const count = this.number(8);
      if (inner === TEXT) {
        for (let nth = 0; nth < count; nth++) {
          this.take(this.number(8));
        }
      } else {
        this.take(this.sizeOf(inner) * count);
      }
      return `${count} values`;
    }
    return plain(type, this.take(this.sizeOf(type)));
  }

  tensor(): GgufTensor {
    const name = this.text();
    const dimensions = this.number(4);
    if (dimensions > 16) {
      throw new RangeError('It states a tensor of more dimensions than any has.');
    }
    const shape = Array.from({ length: dimensions }, () => this.number(8)).reverse();
    const type = this.number(4);
    const offset = this.number(8);
    const [dtype, block, size] = TYPES[type] ?? [`type ${type}`, 1, undefined];
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    return { name, dtype, shape, offset, bytes: size === undefined ? undefined : (count / block) * size };
  }

  private sizeOf(type: number): number {
    const size = SIZES[type] ?? 0;
    if (size === 0) {
      throw new RangeError(`It has a value of type ${type}, which is not known.`);
    }
    return size;
  }
}

function plain(type: number, field: Buffer): string {
  switch (type) {
    case 1:
      return String(field.readInt8(0));
    case 3:
      return String(field.readInt16LE(0));
    case 5:
      return String(field.readInt32LE(0));
    case 6:
      return String(field.readFloatLE(0));
    case 7:
      return field[0] === 0 ? 'false' : 'true';
    case 11:
      return String(field.readBigInt64LE(0));
    case 12:
      return String(field.readDoubleLE(0));
    default:
      return String(field.length === 8 ? field.readBigUInt64LE(0) : field.readUIntLE(0, field.length));
  }
}
