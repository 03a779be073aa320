import { typeOfName } from '../../media/arrays/elementType.ts';
import type { ElementType } from '../../media/arrays/elementType.ts';

/** Names of types as safetensors spells them, by what PyTorch, NumPy, JAX and Keras call them. */
const SHORT: Readonly<Record<string, string>> = {
  float64: 'F64',
  double: 'F64',
  float32: 'F32',
  float: 'F32',
  float16: 'F16',
  half: 'F16',
  bfloat16: 'BF16',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  float8_e4m3fnuz: 'F8_E4M3FNUZ',
  float8_e5m2fnuz: 'F8_E5M2FNUZ',
  float8_e8m0fnu: 'F8_E8M0',
  int64: 'I64',
  long: 'I64',
  int32: 'I32',
  int: 'I32',
  int16: 'I16',
  short: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
  complex64: 'C64',
  complex128: 'C128',
  quint8: 'QUINT8',
  qint8: 'QINT8',
  qint32: 'QINT32',
};

/** What `SHORT` has first for each. */
const LONG: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(SHORT).map(([long, short]) => [short, long] as const).reverse());

/** Of types whose elements are no numbers by themselves. */
const QUANTIZED_BYTES: Readonly<Record<string, number>> = { QUINT8: 1, QINT8: 1, QINT32: 4 };

export function shortDtype(name: string): string {
  return Object.hasOwn(SHORT, name) ? (SHORT[name] ?? name) : name;
}

/** How its elements lie in a file; undefined for a type that is not known, is packed, or is quantized. */
export function elementType(short: string): ElementType | undefined {
  const long = Object.hasOwn(LONG, short) ? LONG[short] : undefined;
  return long === undefined ? undefined : typeOfName(long);
}

/** Of one element; undefined for a type that is not known, or is packed. */
export function dtypeBytes(short: string): number | undefined {
  return elementType(short)?.bytes ?? (Object.hasOwn(QUANTIZED_BYTES, short) ? QUANTIZED_BYTES[short] : undefined);
}

/** Of `torch.FloatStorage`, by its class's name. */
export function storageDtype(className: string): string | undefined {
  const found = /^(\w+)Storage$/.exec(className)?.[1]?.toLowerCase();
  const named = { char: 'int8', byte: 'uint8', complexfloat: 'complex64', complexdouble: 'complex128', untyped: 'uint8' }[found ?? ''] ?? found;
  return named !== undefined && Object.hasOwn(SHORT, named) ? SHORT[named] : undefined;
}
