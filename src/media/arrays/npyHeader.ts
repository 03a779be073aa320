import type { ByteSource } from '../byteSource.ts';
import { ArrayError } from './arrayError.ts';
import type { ElementType, StructField } from './elementType.ts';
import { structType, typeOfDescriptor } from './elementType.ts';
import { parseLiteral } from './pythonLiteral.ts';
import type { Literal } from './pythonLiteral.ts';

/** NumPy's format (numpy/lib/format.py), versions 1.0 to 3.0. */
export interface NpyHeader {
  readonly version: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Bytes before the first element. */
  readonly dataOffset: number;
}

const MAGIC = '\x93NUMPY';
/** NumPy itself refuses headers of more than 10,000 characters unless told otherwise. */
const MAX_HEADER = 1_048_576;
const MAX_DIMENSIONS = 64;
const OBJECTS =
  'It holds Python objects in a pickle. Reading one runs code that the file brings; Trainyard does not. Save it without objects: np.save(…, allow_pickle=False).';

/** What a reader needs of a source. The header's bytes are asked for in one piece from the start of the file. */
export type HeadBytes = Pick<ByteSource, 'read'>;

/** How many bytes from the start hold the whole header, told by the first 12 of them. Throws an `ArrayError`. */
export function npyHeaderLength(head: Buffer): number {
  if (head.toString('latin1', 0, 6) !== MAGIC) {
    throw new ArrayError('malformed', 'It does not start with NumPy’s mark.');
  }
  const major = head[6];
  if (major === undefined || head.length < (major === 1 ? 10 : 12)) {
    throw new ArrayError('truncated', 'It ends within its header.');
  }
  if (major < 1 || major > 3) {
    throw new ArrayError('unsupported', `It is of NumPy’s format version ${major}.${head[7]}, which is not known.`);
  }
  const length = major === 1 ? 10 + head.readUInt16LE(8) : 12 + head.readUInt32LE(8);
  if (length > MAX_HEADER) {
    throw new ArrayError('malformed', `Its header states to be ${length} bytes long.`);
  }
  return length;
}

/** Reads the header out of bytes that hold the whole of it. Throws an `ArrayError`. */
export function parseNpyHeader(head: Buffer): NpyHeader {
  const dataOffset = npyHeaderLength(head);
  if (head.length < dataOffset) {
    throw new ArrayError('truncated', 'It ends within its header.');
  }
  const major = head[6] ?? 0;
  const dict = parseLiteral(head.toString(major >= 3 ? 'utf8' : 'latin1', major === 1 ? 10 : 12, dataOffset));
  if (!(dict instanceof Map)) {
    throw new ArrayError('malformed', 'Its header is no dict.');
  }
  const fortranOrder = dict.get('fortran_order');
  if (typeof fortranOrder !== 'boolean') {
    throw new ArrayError('malformed', 'Its header does not say the order of its dimensions (fortran_order).');
  }
  return { version: `${major}.${head[7]}`, type: typeOf(dict.get('descr')), shape: shapeOf(dict.get('shape')), fortranOrder, dataOffset };
}

function shapeOf(value: Literal | undefined): readonly number[] {
  const shape = typeof value === 'number' ? [value] : value;
  if (!Array.isArray(shape) || shape.length > MAX_DIMENSIONS || !shape.every((size): size is number => typeof size === 'number' && size >= 0)) {
    throw new ArrayError('malformed', 'Its header states no valid shape.');
  }
  if (!Number.isSafeInteger(shape.reduce((product, size) => product * size, 1))) {
    throw new ArrayError('malformed', `Its shape (${shape.join(', ')}) has more elements than can be.`);
  }
  return shape;
}

function typeOf(descriptor: Literal | undefined): ElementType {
  if (typeof descriptor === 'string') {
    if (/^[<>|=]?O/.test(descriptor)) {
      throw new ArrayError('pickle', OBJECTS);
    }
    const type = typeOfDescriptor(descriptor);
    if (type === undefined) {
      throw new ArrayError('unsupported', `Its element type "${descriptor}" is not known.`);
    }
    return type;
  }
  if (Array.isArray(descriptor)) {
    return structOf(descriptor);
  }
  throw new ArrayError('malformed', 'Its header states no element type (descr).');
}

function structOf(descriptor: readonly Literal[]): ElementType {
  const fields: StructField[] = [];
  let offset = 0;
  for (const entry of descriptor) {
    const [name, format, shape] = Array.isArray(entry) ? entry : [];
    // A field with a title is named by a pair of both.
    const title: Literal | undefined = Array.isArray(name) ? name.at(-1) : name;
    if (typeof title !== 'string' || format === undefined) {
      throw new ArrayError('malformed', 'Its header states a field without a name or a type.');
    }
    const type = typeOf(format);
    const dimensions = shape === undefined ? [] : shapeOf(shape);
    // Fields without a name are padding.
    if (title !== '') {
      fields.push({ name: title, offset, type, shape: dimensions });
    }
    offset += type.bytes * dimensions.reduce((product, size) => product * size, 1);
  }
  if (!Number.isSafeInteger(offset)) {
    throw new ArrayError('malformed', 'Its fields are larger than can be.');
  }
  return structType(fields, offset);
}
