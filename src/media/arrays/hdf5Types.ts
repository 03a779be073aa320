import type { Metadata } from 'h5wasm/node';
import { ArrayError } from './arrayError.ts';
import type { ElementType, StructField } from './elementType.ts';
import { simpleType, structType, typeOfName } from './elementType.ts';

/** HDF5's classes of types (H5T_class_t). */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const BITFIELD = 4;
const OPAQUE = 5;
const COMPOUND = 6;
const REFERENCE = 7;
const ENUM = 8;
const VLEN = 9;
const ARRAY = 10;

const MAX_FIELDS = 1000;
const MAX_DEPTH = 8;

/** What is kept of a type: how its bytes are read, if they can be. The library hands out values in the machine's byte order, members of structs as they are in the file. */
export interface Hdf5Type {
  readonly type: ElementType;
  /** Of an element that is itself an array. */
  readonly inner: readonly number[];
  /** Elements of any length, which the library alone can follow: shown as text. */
  readonly indirect: boolean;
}

export function hdf5Type(metadata: Pick<Metadata, 'type' | 'size' | 'signed' | 'vlen' | 'littleEndian' | 'array_type' | 'compound_type' | 'enum_type' | 'cset'>, depth = 0): Hdf5Type {
  const plain = (type: ElementType, indirect = false): Hdf5Type => ({ type, inner: [], indirect });
  const { size } = metadata;
  const bigEndian = depth > 0 && !metadata.littleEndian;
  if (depth > MAX_DEPTH) {
    throw new ArrayError('unsupported', 'Its type is nested too deeply.');
  }
  switch (metadata.type) {
    case INTEGER:
      return plain(integerType(metadata.signed, size, bigEndian));
    case FLOAT:
      return plain(floatType(size, bigEndian));
    case BITFIELD:
      return plain(integerType(false, size, bigEndian));
    case ENUM: {
      const names = Object.keys(metadata.enum_type?.members ?? {});
      const isBool = size === 1 && names.length === 2 && names.includes('FALSE') && names.includes('TRUE');
      return plain(isBool ? simpleType('bool', 1, false) : { ...integerType(metadata.signed, size, bigEndian), name: 'enum' });
    }
    case STRING:
      return metadata.vlen ? plain({ ...simpleType('bytes', size, false), name: 'string' }, true) : plain(simpleType('bytes', size, false));
    case OPAQUE:
      return plain(simpleType('void', size, false));
    case COMPOUND:
      return plain(compoundType(metadata, depth), (metadata.compound_type?.members ?? []).some((member) => hdf5Type(member, depth + 1).indirect));
    case ARRAY: {
      const element = metadata.array_type;
      if (element === undefined) {
        break;
      }
      const { type, inner, indirect } = hdf5Type(element, depth + 1);
      return { type, inner: [...(element.shape ?? []), ...inner], indirect };
    }
    case VLEN:
      return plain({ ...simpleType('void', size, false), name: 'variable length' }, true);
    case REFERENCE:
      return plain({ ...simpleType('void', size, false), name: 'reference' }, true);
  }
  return plain({ ...simpleType('void', size, false), name: `type class ${metadata.type}` });
}

function integerType(signed: boolean, size: number, bigEndian: boolean): ElementType {
  return [1, 2, 4, 8].includes(size) ? simpleType(signed ? 'int' : 'uint', size, bigEndian) : simpleType('void', size, false);
}

function floatType(size: number, bigEndian: boolean): ElementType {
  return [2, 4, 8, 12, 16].includes(size) ? simpleType('float', size, bigEndian) : size === 1 ? { ...simpleType('void', 1, false), name: 'float8' } : simpleType('void', size, false);
}

function compoundType({ compound_type: compound, size }: Pick<Metadata, 'compound_type' | 'size'>, depth: number): ElementType {
  const fields: StructField[] = (compound?.members ?? []).slice(0, MAX_FIELDS).map((member) => {
    const { type, inner } = hdf5Type(member, depth + 1);
    return { name: member.name, offset: member.offset, type, shape: inner };
  });
  const [real, imaginary] = fields;
  // So h5py keeps complex numbers.
  const isComplex = fields.length === 2 && real?.name === 'r' && imaginary?.name === 'i' && real.type.kind === 'float' && imaginary.offset * 2 === size;
  return isComplex ? (typeOfName(`complex${size * 8}`) ?? structType(fields, size)) : structType(fields, size);
}
