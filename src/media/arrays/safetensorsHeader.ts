import type { ByteSource } from '../byteSource.ts';
import { ArrayError } from './arrayError.ts';
import type { ElementType } from './elementType.ts';
import { simpleType, typeOfName } from './elementType.ts';

/** The header of a safetensors file (huggingface/safetensors, "Format"). */
export interface SafetensorsHeader {
  /** In the order of their bytes in the file. */
  readonly tensors: readonly SafetensorsTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes before the first tensor's. */
  readonly dataOffset: number;
  /** What is wrong with it, though its header can be read. */
  readonly problems: readonly SafetensorsProblem[];
}

export interface SafetensorsTensor {
  readonly name: string;
  /** As the header spells it: `F32`, `BF16`, `F8_E4M3`. */
  readonly dtype: string;
  /** Undefined for a type that is not known. */
  readonly type: ElementType | undefined;
  readonly shape: readonly number[];
  /** From the start of the file; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsProblem {
  readonly code: 'truncated' | 'overlap' | 'hole' | 'size' | 'range' | 'trailing' | 'dtype' | 'metadata';
  readonly message: string;
  readonly tensor?: string;
}

/** As the reference reader has it. */
const MAX_HEADER = 100_000_000;
const MAX_DIMENSIONS = 64;
/** Problems of one kind that are told one by one. */
const MAX_TOLD = 20;

const SAFETENSORS_TYPES: Readonly<Record<string, () => ElementType | undefined>> = {
  BOOL: () => simpleType('bool', 1, false),
  U8: () => simpleType('uint', 1, false),
  I8: () => simpleType('int', 1, false),
  U16: () => simpleType('uint', 2, false),
  I16: () => simpleType('int', 2, false),
  U32: () => simpleType('uint', 4, false),
  I32: () => simpleType('int', 4, false),
  U64: () => simpleType('uint', 8, false),
  I64: () => simpleType('int', 8, false),
  F16: () => simpleType('float', 2, false),
  BF16: () => typeOfName('bfloat16'),
  F32: () => simpleType('float', 4, false),
  F64: () => simpleType('float', 8, false),
  C64: () => simpleType('complex', 8, false),
  F8_E4M3: () => typeOfName('float8_e4m3fn'),
  F8_E5M2: () => typeOfName('float8_e5m2'),
  F8_E4M3FNUZ: () => typeOfName('float8_e4m3fnuz'),
  F8_E5M2FNUZ: () => typeOfName('float8_e5m2fnuz'),
  F8_E8M0: () => typeOfName('float8_e8m0fnu'),
  F4: () => ({ kind: 'float', name: 'float4_e2m1fn', bytes: 1, bigEndian: false, format: 'float4_e2m1fn', packed: 2 }),
};

/** Bits of types whose values are not read. */
const OTHER_BITS: Readonly<Record<string, number>> = { F6_E2M3: 6, F6_E3M2: 6 };

/**
 * Reads the header alone: 8 bytes and the JSON that they announce. A file that ends early still tells which tensors are
 * whole. Throws an `ArrayError` where there is no header to be read.
 */
export function readSafetensorsHeader(source: ByteSource): SafetensorsHeader {
  const head = source.read(0, 8);
  if (head.length < 8) {
    throw new ArrayError('truncated', `It has ${head.length} bytes: less than the length of its header takes.`);
  }
  const length = Number(head.readBigUInt64LE(0));
  if (length > MAX_HEADER) {
    throw new ArrayError('malformed', `Its header states to be ${length} bytes long; at most ${MAX_HEADER} are valid. It may be no safetensors file.`);
  }
  const json = source.read(8, length);
  if (json.length < length) {
    throw new ArrayError('truncated', `It ends within its header: ${json.length} of ${length} bytes are there.`);
  }
  const dataOffset = 8 + length;
  const problems = new Problems();
  const metadata: Record<string, string> = {};
  const tensors: SafetensorsTensor[] = [];
  for (const [name, value] of Object.entries(parse(json))) {
    if (name === '__metadata__') {
      Object.assign(metadata, metadataOf(value, problems));
    } else {
      tensors.push(tensorOf(name, value, dataOffset));
    }
  }
  tensors.sort((one, other) => one.start - other.start || one.end - other.end);
  check(tensors, dataOffset, source.size, problems);
  return { tensors, metadata, dataOffset, problems: problems.told() };
}

function parse(json: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch (error) {
    throw new ArrayError('malformed', `Its header is no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ArrayError('malformed', 'Its header is no JSON object.');
  }
  return value as Record<string, unknown>;
}

function metadataOf(value: unknown, problems: Problems): Record<string, string> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (texts.length < entries.length || typeof value !== 'object') {
    problems.add({ code: 'metadata', message: 'Its metadata has values that are no text; other readers refuse it.' });
  }
  return Object.fromEntries(texts);
}

function tensorOf(name: string, value: unknown, dataOffset: number): SafetensorsTensor {
  const { dtype, shape, data_offsets: offsets } = (typeof value === 'object' ? (value ?? {}) : {}) as Record<string, unknown>;
  const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && (size as number) >= 0;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || shape.length > MAX_DIMENSIONS || !shape.every(isSize) || !Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw new ArrayError('malformed', `Its header states no valid type, shape and place for "${name.slice(0, 200)}".`);
  }
  const [start = 0, end = 0] = offsets;
  const type = Object.hasOwn(SAFETENSORS_TYPES, dtype) ? SAFETENSORS_TYPES[dtype]?.() : undefined;
  return { name, dtype, type, shape: shape, start: dataOffset + start, end: dataOffset + end };
}

function check(tensors: readonly SafetensorsTensor[], dataOffset: number, size: number, problems: Problems): void {
  let end = dataOffset;
  let last = '';
  for (const { name, dtype, type, shape, start, end: stop } of tensors) {
    const count = shape.reduce((product, dimension) => product * dimension, 1);
    const bits = type ? (type.bytes * 8) / (type.packed ?? 1) : OTHER_BITS[dtype];
    if (bits === undefined) {
      problems.add({ code: 'dtype', tensor: name, message: `"${name}" is of type ${dtype}, which is not known.` });
    } else if ((count * bits) / 8 !== stop - start) {
      problems.add({ code: 'size', tensor: name, message: `"${name}" takes ${stop - start} bytes; ${dtype} of shape [${shape.join(', ')}] takes ${(count * bits) / 8}.` });
    }
    if (start > stop) {
      problems.add({ code: 'range', tensor: name, message: `"${name}" ends before it starts.` });
    } else if (stop > size) {
      problems.add({ code: 'truncated', tensor: name, message: `"${name}" ends ${stop - size} bytes beyond the end of the file.` });
    }
    if (start < end && stop > start) {
      problems.add({ code: 'overlap', tensor: name, message: `"${name}" shares bytes with "${last}".` });
    } else if (start > end) {
      problems.add({ code: 'hole', tensor: name, message: `${start - end} bytes before "${name}" belong to no tensor.` });
    }
    if (stop >= end) {
      end = stop;
      last = name;
    }
  }
  if (size > end) {
    problems.add({ code: 'trailing', message: `${size - end} bytes follow the last tensor.` });
  }
}

class Problems {
  private readonly list: SafetensorsProblem[] = [];
  private readonly counts = new Map<SafetensorsProblem['code'], number>();

  add(problem: SafetensorsProblem): void {
    const count = (this.counts.get(problem.code) ?? 0) + 1;
    this.counts.set(problem.code, count);
    if (count <= MAX_TOLD) {
      this.list.push(problem);
    }
  }

  told(): readonly SafetensorsProblem[] {
    const more = [...this.counts].filter(([, count]) => count > MAX_TOLD);
    return [...this.list, ...more.map(([code, count]) => ({ code, message: `${count - MAX_TOLD} more tensors have this problem (${code}).` }))];
  }
}
