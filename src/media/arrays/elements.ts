import { asBuffer } from '../byteSource.ts';
import type { ElementType, StructField } from './elementType.ts';
import { longDouble, valuesOf } from './floatFormats.ts';

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const FRACTION_DIGITS: Readonly<Record<string, number>> = { ms: 3, us: 6, ns: 9, ps: 12, fs: 15, as: 18 };
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, D: 86_400, W: 604_800 };
/** Characters of a value in a table. */
const MAX_TEXT = 512;

type ReadNumber = (view: DataView, at: number) => number;

/**
 * Numbers of `count` elements, `stride` bytes apart from `offset` on. NaN for what is no number; 64 bit integers are
 * rounded to 53 bits, complex numbers give their magnitude.
 */
export function decodeNumbers(bytes: Uint8Array, type: ElementType, count: number, stride = type.bytes, offset = 0): Float64Array {
  const out = new Float64Array(count);
  if (type.packed === 2) {
    return unpackHalves(bytes, type, out);
  }
  const fast = stride === type.bytes ? typedView(bytes, type, count, offset) : undefined;
  if (fast instanceof BigInt64Array || fast instanceof BigUint64Array) {
    for (let index = 0; index < count; index++) {
      out[index] = Number(fast[index]);
    }
    return out;
  }
  if (fast) {
    // Many times as fast as one by one.
    out.set(fast);
    return out;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = numberReader(type);
  for (let index = 0; index < count; index++) {
    out[index] = read(view, offset + index * stride);
  }
  return out;
}

/** The bytes as one of JavaScript's typed arrays, where they lie as these do. */
function typedView(bytes: Uint8Array, type: ElementType, count: number, offset: number): ArrayLike<number> | BigInt64Array | BigUint64Array | undefined {
  const start = bytes.byteOffset + offset;
  if (start % Math.max(1, type.bytes) !== 0 || (type.bytes > 1 && type.bigEndian === LITTLE) || type.format !== undefined) {
    return undefined;
  }
  switch (type.name) {
    case 'float32':
      return new Float32Array(bytes.buffer, start, count);
    case 'float64':
      return new Float64Array(bytes.buffer, start, count);
    case 'int8':
      return new Int8Array(bytes.buffer, start, count);
    case 'uint8':
      return new Uint8Array(bytes.buffer, start, count);
    case 'int16':
      return new Int16Array(bytes.buffer, start, count);
    case 'uint16':
      return new Uint16Array(bytes.buffer, start, count);
    case 'int32':
      return new Int32Array(bytes.buffer, start, count);
    case 'uint32':
      return new Uint32Array(bytes.buffer, start, count);
    case 'int64':
      return new BigInt64Array(bytes.buffer, start, count);
    case 'uint64':
      return new BigUint64Array(bytes.buffer, start, count);
    default:
      return undefined;
  }
}

function numberReader(type: ElementType): ReadNumber {
  const { kind, bytes, bigEndian, format } = type;
  const little = !bigEndian;
  if (format !== undefined) {
    return formatReader(type, format, little);
  }
  switch (kind) {
    case 'bool':
      return (view, at) => (view.getUint8(at) === 0 ? 0 : 1);
    case 'float':
      return bytes === 4 ? (view, at) => view.getFloat32(at, little) : (view, at) => view.getFloat64(at, little);
    case 'complex': {
      const part = numberReader(partType(type));
      return (view, at) => Math.hypot(part(view, at), part(view, at + bytes / 2));
    }
    case 'int':
    case 'uint':
      return integerReader(type, little);
    default:
      return () => NaN;
  }
}

function integerReader({ kind, bytes, name }: ElementType, little: boolean): ReadNumber {
  if (name.endsWith('4') && bytes === 1) {
    return kind === 'int' ? (view, at) => (view.getUint8(at) << 28) >> 28 : (view, at) => view.getUint8(at) & 15;
  }
  if (name.endsWith('2') && bytes === 1) {
    return kind === 'int' ? (view, at) => (view.getUint8(at) << 30) >> 30 : (view, at) => view.getUint8(at) & 3;
  }
  const signed = kind === 'int';
  switch (bytes) {
    case 1:
      return signed ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at);
    case 2:
      return signed ? (view, at) => view.getInt16(at, little) : (view, at) => view.getUint16(at, little);
    case 4:
      return signed ? (view, at) => view.getInt32(at, little) : (view, at) => view.getUint32(at, little);
    default:
      return signed ? (view, at) => Number(view.getBigInt64(at, little)) : (view, at) => Number(view.getBigUint64(at, little));
  }
}

function formatReader({ bytes, bigEndian }: ElementType, format: NonNullable<ElementType['format']>, little: boolean): ReadNumber {
  const values = valuesOf(format);
  if (values === undefined) {
    return (view, at) => longDouble(view, at, bytes, bigEndian);
  }
  return bytes === 1 ? (view, at) => values[view.getUint8(at)] ?? NaN : (view, at) => values[view.getUint16(at, little)] ?? NaN;
}

function unpackHalves(bytes: Uint8Array, type: ElementType, out: Float64Array): Float64Array {
  const values = type.format && valuesOf(type.format);
  for (let index = 0; index < out.length; index++) {
    const half = ((bytes[index >> 1] ?? 0) >> ((index & 1) * 4)) & 15;
    out[index] = values?.[half] ?? (type.kind === 'int' ? (half << 28) >> 28 : half);
  }
  return out;
}

/** The type of the real and of the imaginary part. */
function partType({ bytes, bigEndian }: ElementType): ElementType {
  const half = bytes / 2;
  return { kind: 'float', name: `float${half * 8}`, bytes: half, bigEndian, ...(half > 8 && { format: 'longdouble' }) };
}

/** An element as a person writes it, exactly; long ones are cut and end in `…`. */
export function elementText(bytes: Uint8Array, at: number, type: ElementType): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type.kind) {
    case 'bool':
      return view.getUint8(at) === 0 ? 'False' : 'True';
    case 'int':
    case 'uint':
      return type.bytes === 8 ? String(wideInteger(view, at, type)) : String(numberReader(type)(view, at));
    case 'float':
      return floatText(numberReader(type)(view, at), type);
    case 'complex': {
      const part = partType(type);
      const read = numberReader(part);
      const imaginary = floatText(read(view, at + part.bytes), part);
      return `${floatText(read(view, at), part)}${/^[-−]/.test(imaginary) ? '' : '+'}${imaginary}j`;
    }
    case 'datetime':
    case 'timedelta':
      return timeText(wideInteger(view, at, type), type);
    case 'bytes':
      return cut(JSON.stringify(asBuffer(bytes.subarray(at, at + type.bytes)).toString('latin1').replace(/\0+$/, '')));
    case 'unicode':
      return cut(JSON.stringify(unicodeText(view, at, type)));
    case 'void':
      return cut(`0x${asBuffer(bytes.subarray(at, at + Math.min(type.bytes, MAX_TEXT))).toString('hex')}`);
    case 'struct':
      return cut(`(${(type.fields ?? []).map((field) => fieldText(bytes, at, field)).join(', ')})`);
  }
}

function wideInteger(view: DataView, at: number, { kind, bigEndian }: ElementType): bigint {
  return kind === 'uint' ? view.getBigUint64(at, !bigEndian) : view.getBigInt64(at, !bigEndian);
}

/** As many digits as tell a value from its neighbours in its own format. */
export function floatText(value: number, { format, bytes }: Pick<ElementType, 'format' | 'bytes'>): string {
  if (Number.isNaN(value)) {
    return 'nan';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? 'inf' : '-inf';
  }
  if (format === undefined && bytes === 4) {
    return shortest(value, Math.fround, 9);
  }
  return format === undefined || bytes > 2 ? String(value) : String(Number(value.toPrecision(format === 'float16' ? 5 : 4)));
}

function shortest(value: number, round: (value: number) => number, most: number): string {
  for (let digits = 1; digits < most; digits++) {
    const text = Number(value.toPrecision(digits));
    if (round(text) === value) {
      return String(text);
    }
  }
  return String(Number(value.toPrecision(most)));
}

function timeText(steps: bigint, { kind, unit }: ElementType): string {
  if (steps === -(2n ** 63n)) {
    return 'NaT';
  }
  const { name, count } = unit ?? { name: '', count: 1 };
  const total = steps * BigInt(count);
  if (kind === 'timedelta') {
    return `${total} ${name}`.trim();
  }
  if (name === 'Y' || name === 'M') {
    const months = name === 'Y' ? total * 12n : total;
    const year = 1970n + (months - (((months % 12n) + 12n) % 12n)) / 12n;
    return name === 'Y' ? String(year) : `${year}-${String(((months % 12n) + 12n) % 12n + 1n).padStart(2, '0')}`;
  }
  const digits = FRACTION_DIGITS[name] ?? 0;
  const scale = 10n ** BigInt(digits);
  const inSeconds = total * BigInt(SECONDS[name] ?? 1);
  const rest = ((inSeconds % scale) + scale) % scale;
  const at = new Date(Number((inSeconds - rest) / scale) * 1000);
  if (Number.isNaN(at.getTime())) {
    return `${total} ${name}`;
  }
  const text = at.toISOString().slice(0, name === 'D' || name === 'W' ? 10 : 19);
  return digits === 0 ? text : `${text}.${String(rest).padStart(digits, '0')}`;
}

function unicodeText(view: DataView, at: number, { bytes, bigEndian }: ElementType): string {
  let text = '';
  for (let offset = 0; offset < bytes && text.length < MAX_TEXT + 2; offset += 4) {
    const point = view.getUint32(at + offset, !bigEndian);
    text += point <= 0x10_ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  return text.replace(/\0+$/, '');
}

function fieldText(bytes: Uint8Array, at: number, { offset, type, shape }: StructField): string {
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.length === 0) {
    return elementText(bytes, at + offset, type);
  }
  const shown = Array.from({ length: Math.min(count, 6) }, (_, index) => elementText(bytes, at + offset + index * type.bytes, type));
  return `[${shown.join(', ')}${count > shown.length ? ', …' : ''}]`;
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
