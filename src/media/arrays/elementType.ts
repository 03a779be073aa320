import type { FloatFormatName } from './floatFormats.ts';

export type ElementKind = 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'bytes' | 'unicode' | 'datetime' | 'timedelta' | 'void' | 'struct';

/** What one element of an array is, as it lies in the file. */
export interface ElementType {
  readonly kind: ElementKind;
  /** As NumPy, ml_dtypes or PyTorch name it: `float32`, `bfloat16`, `complex64`, `str8`. */
  readonly name: string;
  /** Bytes from one element to the next; 0 for empty strings. */
  readonly bytes: number;
  readonly bigEndian: boolean;
  /** Of floats that are neither 32 nor 64 bits wide. */
  readonly format?: FloatFormatName;
  /** Elements per byte, where several share one: 2 for 4 bits, the first in the low bits. */
  readonly packed?: 2;
  /** Of datetimes and timedeltas, and how many of it one step is. */
  readonly unit?: { readonly name: string; readonly count: number };
  /** Of structs. */
  readonly fields?: readonly StructField[];
}

export interface StructField {
  readonly name: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly type: ElementType;
  /** Of a field that is itself an array; empty for a single value. */
  readonly shape: readonly number[];
}

const KIND_OF_LETTER: Readonly<Record<string, ElementKind>> = {
  b: 'bool',
  i: 'int',
  u: 'uint',
  f: 'float',
  c: 'complex',
  S: 'bytes',
  a: 'bytes',
  U: 'unicode',
  M: 'datetime',
  m: 'timedelta',
  V: 'void',
};

const SIZES: Readonly<Partial<Record<ElementKind, readonly number[]>>> = {
  bool: [1],
  int: [1, 2, 4, 8],
  uint: [1, 2, 4, 8],
  float: [2, 4, 8, 12, 16],
  complex: [8, 16, 24, 32],
  datetime: [8],
  timedelta: [8],
};

/** The float formats of ml_dtypes and safetensors, by NumPy's name. */
const NAMED_FLOATS: Readonly<Record<string, readonly [FloatFormatName, number]>> = {
  float16: ['float16', 2],
  bfloat16: ['bfloat16', 2],
  float8_e3m4: ['float8_e3m4', 1],
  float8_e4m3: ['float8_e4m3', 1],
  float8_e4m3fn: ['float8_e4m3fn', 1],
  float8_e4m3fnuz: ['float8_e4m3fnuz', 1],
  float8_e4m3b11fnuz: ['float8_e4m3b11fnuz', 1],
  float8_e5m2: ['float8_e5m2', 1],
  float8_e5m2fnuz: ['float8_e5m2fnuz', 1],
  float8_e8m0fnu: ['float8_e8m0fnu', 1],
  // ml_dtypes gives these a byte each.
  float6_e2m3fn: ['float6_e2m3fn', 1],
  float6_e3m2fn: ['float6_e3m2fn', 1],
  float4_e2m1fn: ['float4_e2m1fn', 1],
};

const LARGEST = 2 ** 31;

/** `<f4`, `|b1`, `>U12`, `<M8[ns]`: NumPy's array protocol. Undefined for what is none; objects (`|O`) are none either. */
export function typeOfDescriptor(text: string): ElementType | undefined {
  if (text === '?' || text === '|?') {
    return simpleType('bool', 1, false);
  }
  const [, order = '', letter = '', digits = '', unit] = /^([<>|=]?)([a-zA-Z])(\d{0,10})(?:\[(\w{1,16})\])?$/.exec(text) ?? [];
  if (letter === 'f' && digits === '1') {
    // So ml_dtypes writes float8_e5m2; the others of its types become void, and their names are lost.
    return typeOfName('float8_e5m2');
  }
  const kind = KIND_OF_LETTER[letter];
  const count = Number(digits || '0');
  if (kind === undefined || count >= LARGEST) {
    return typeOfName(text);
  }
  if (SIZES[kind]?.includes(count) === false) {
    return undefined;
  }
  if (kind === 'datetime' || kind === 'timedelta') {
    const [, steps = '1', name = ''] = /^(\d*)(\w*)$/.exec(unit ?? '') ?? [];
    return { ...simpleType(kind, 8, order === '>'), unit: { name, count: Number(steps || '1') } };
  }
  return unit === undefined ? simpleType(kind, kind === 'unicode' ? count * 4 : count, order === '>') : undefined;
}

/** `float32`, `bfloat16`, `int8`: names as NumPy and ml_dtypes spell them, little-endian. */
export function typeOfName(name: string): ElementType | undefined {
  const named = Object.hasOwn(NAMED_FLOATS, name) ? NAMED_FLOATS[name] : undefined;
  if (named) {
    return { kind: 'float', name, bytes: named[1], bigEndian: false, format: named[0] };
  }
  if (name === 'int4' || name === 'uint4' || name === 'int2' || name === 'uint2') {
    // ml_dtypes gives these a byte each, too.
    return { kind: name.startsWith('u') ? 'uint' : 'int', name, bytes: 1, bigEndian: false };
  }
  const [, word = '', bits = ''] = /^(bool|int|uint|float|complex)(\d*)$/.exec(name) ?? [];
  if (word === 'bool' && bits === '') {
    return simpleType('bool', 1, false);
  }
  const kind = word as ElementKind;
  const bytes = Number(bits) / 8;
  return word !== '' && SIZES[kind]?.includes(bytes) === true ? simpleType(kind, bytes, false) : undefined;
}

/** Whether an element has a value that can be drawn, counted and averaged; of complex ones it is the magnitude. */
export function isNumeric({ kind }: ElementType): boolean {
  return kind === 'bool' || kind === 'int' || kind === 'uint' || kind === 'float' || kind === 'complex';
}

/** What bytes without a type may be: NumPy keeps the types of ml_dtypes as `V1` and `V2`. Any that is as wide may be meant. */
export function readingsOf({ kind, bytes }: ElementType): readonly string[] {
  if (kind !== 'void') {
    return [];
  }
  return bytes === 2 ? ['bfloat16', 'float16'] : bytes === 1 ? ['float8_e4m3fn', 'float8_e4m3fnuz', 'float8_e5m2fnuz', 'float8_e8m0fnu', 'float4_e2m1fn', 'int4', 'uint4', 'int8', 'uint8'] : [];
}

export function structType(fields: readonly StructField[], bytes: number): ElementType {
  return { kind: 'struct', name: 'struct', bytes, bigEndian: false, fields };
}

export function simpleType(kind: ElementKind, bytes: number, bigEndian: boolean): ElementType {
  const format = kind === 'float' ? WIDE_FORMATS[bytes] : undefined;
  return { kind, name: nameOf(kind, bytes), bytes, bigEndian, ...(format && { format }) };
}

const WIDE_FORMATS: Readonly<Record<number, FloatFormatName>> = { 2: 'float16', 12: 'longdouble', 16: 'longdouble' };

function nameOf(kind: ElementKind, bytes: number): string {
  switch (kind) {
    case 'bool':
      return 'bool';
    case 'unicode':
      return `str${bytes / 4}`;
    case 'datetime':
      return 'datetime64';
    case 'timedelta':
      return 'timedelta64';
    case 'bytes':
    case 'void':
      return `${kind}${bytes}`;
    default:
      return `${kind}${bytes * 8}`;
  }
}
