import { absent } from '../../base/absent.ts';
import type { FilePart } from '../filePart.ts';
import { ArrayError } from './arrayError.ts';
import type { ArrayBytes, ArraySource } from './arraySource.ts';
import { elementCount } from './arraySource.ts';
import type { ByteArray } from './byteArrays.ts';
import { ByteArrays } from './byteArrays.ts';
import type { ElementType } from './elementType.ts';
import { simpleType } from './elementType.ts';
import { openBytes } from './fileBytes.ts';
import type { NpyHeader } from './npyHeader.ts';
import { npyHeaderLength, parseNpyHeader } from './npyHeader.ts';

const FIRST = 12;
/** Structs within structs, that a tree of fields follows. */
const MAX_FIELD_DEPTH = 8;
const MAX_FIELDS = 1000;

/** Rejects with an `ArrayError` or a `MediaError`. */
export function openNpy(part: FilePart): ArraySource {
  const bytes = openBytes(part);
  try {
    const reader = bytes.reader();
    const header = parseNpyHeader(Buffer.from(reader.read(0, npyHeaderLength(reader.read(0, FIRST)))));
    return new ByteArrays({
      format: 'npy',
      arrays: npyArrays('array', header, bytes.size, () => reader),
      separator: '.',
      facts: npyFacts(header),
      problems: sizeProblems(header, bytes.size),
      onClose: () => bytes.close(),
    });
  } catch (error) {
    bytes.close();
    throw error;
  }
}

/** A scan of a laser scanner as KITTI keeps it: x, y, z in metres and the reflectance, 32 bit floats without a header. */
export function openPoints(part: FilePart): ArraySource {
  const bytes = openBytes(part);
  const reader = bytes.reader();
  const header: NpyHeader = { version: '', type: simpleType('float', 4, false), shape: [Math.floor(bytes.size / 16), 4], fortranOrder: false, dataOffset: 0 };
  return new ByteArrays({
    format: 'points',
    arrays: npyArrays('points', header, bytes.size, () => reader),
    separator: '.',
    facts: [{ name: 'Points', value: String(header.shape[0]) }, { name: 'Columns', value: 'x, y, z in metres, reflectance' }],
    problems: bytes.size % 16 === 0 ? [] : [`Its ${bytes.size} bytes are no whole number of points: 16 bytes each. The last ${bytes.size % 16} are left out.`],
    onClose: () => bytes.close(),
  });
}

export function npyFacts({ version, fortranOrder, type }: NpyHeader): ArraySource['facts'] {
  return [
    { name: 'Format version', value: version },
    { name: 'Order', value: fortranOrder ? 'Fortran (first index fastest)' : 'C (last index fastest)' },
    ...(type.bigEndian ? [{ name: 'Byte order', value: 'big-endian' }] : []),
  ];
}

/** An array, and one for each field where it is one of structs. `size` is that of what holds it. */
export function npyArrays(path: string, header: NpyHeader, size: number, open: () => ArrayBytes): readonly ByteArray[] {
  const { type, shape, fortranOrder, dataOffset } = header;
  const storage = [...(fortranOrder ? ['Fortran order'] : []), ...(type.bigEndian ? ['big-endian'] : []), ...(type.format === 'longdouble' ? ['long double, read as x86 keeps it'] : [])];
  const whole = { path, shape, type, bytes: elementCount(shape) * type.bytes, storage, attributes: [] };
  return [{ entry: whole, offset: dataOffset, fortranOrder, open }, ...(size < dataOffset ? [] : fieldArrays(path, header, type, 0, 0))].map((array) => ({ ...array, open }));
}

function fieldArrays(path: string, header: NpyHeader, type: ElementType, offset: number, depth: number): Omit<ByteArray, 'open'>[] {
  if (type.fields === undefined || depth > MAX_FIELD_DEPTH) {
    return [];
  }
  return type.fields.slice(0, MAX_FIELDS).flatMap((field) => {
    const name = `${path}.${field.name}`;
    const at = offset + field.offset;
    const entry = {
      path: name,
      shape: [...header.shape, ...field.shape],
      type: field.type,
      bytes: absent('part of its structs'),
      storage: [`byte ${at} of ${header.type.bytes} in each struct`],
      attributes: [],
    };
    const self = { entry, offset: header.dataOffset + at, fortranOrder: header.fortranOrder, field: { stride: header.type.bytes, inner: field.shape.length } };
    // Fields of structs that are arrays have no fixed distance.
    return [self, ...(field.shape.length === 0 ? fieldArrays(name, header, field.type, at, depth + 1) : [])];
  });
}

export function sizeProblems({ shape, type, dataOffset }: NpyHeader, size: number): readonly string[] {
  const wanted = elementCount(shape) * type.bytes;
  const there = Math.max(0, size - dataOffset);
  if (there < wanted) {
    const whole = type.bytes === 0 ? 0 : Math.floor(there / type.bytes);
    return [`It ends early: ${whole} of ${elementCount(shape)} elements are there, ${wanted - there} bytes are missing.`];
  }
  return there > wanted ? [`${there - wanted} bytes follow the array.`] : [];
}

/** The header of a member of which the bytes come later; rejects as the parser does. */
export async function readNpyHeader(bytes: ArrayBytes): Promise<NpyHeader> {
  const length = npyHeaderLength(Buffer.from(await bytes.read(0, FIRST)));
  const header = parseNpyHeader(Buffer.from(await bytes.read(0, length)));
  if (!Number.isSafeInteger(elementCount(header.shape) * header.type.bytes)) {
    throw new ArrayError('malformed', 'It states to be larger than can be.');
  }
  return header;
}
