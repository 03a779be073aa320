import { SensorError } from '../sensorError.ts';
import type { Decode, Decoded } from './decoder.ts';

/** Protocol Buffers' wire format, and of descriptor.proto what is needed to name what is in it. No program text is made of a schema. */
interface Field {
  readonly name: string;
  readonly repeated: boolean;
  /** Of FieldDescriptorProto.Type. */
  readonly type: number;
  readonly typeName: string;
}

interface MessageType {
  readonly fields: Map<number, Field>;
  readonly isMapEntry: boolean;
}

interface Types {
  readonly messages: Map<string, MessageType>;
  readonly enums: Map<string, Map<number, string>>;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const MAX_DEPTH = 64;
const REPEATED = 3n;
const [DOUBLE, FLOAT, INT64, UINT64, INT32, FIXED_64, FIXED_32, BOOL, STRING, , MESSAGE, BYTE_STRING, UINT32, ENUM, SFIXED32, SFIXED64, SINT32, SINT64] = Array.from({ length: 18 }, (_, nth) => nth + 1);

/** `schema` is a FileDescriptorSet that holds `type` and everything that it needs. */
export function protobufDecoder(schema: Uint8Array, type: string): Decode {
  const types: Types = { messages: new Map(), enums: new Map() };
  for (const [number, , file] of entries(schema)) {
    if (number === 1 && file instanceof Uint8Array) {
      readFile(file, types);
    }
  }
  const root = types.messages.get(`.${type}`);
  if (root === undefined) {
    throw new SensorError('malformed', `It does not define ${type}.`);
  }
  return (data) => decode(data, root, types, 0);
}

type Wire = bigint | Uint8Array;

/** Field numbers, wire types and values of a message. */
function* entries(bytes: Uint8Array): Generator<readonly [number: number, wire: number, value: Wire]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) {
        break;
      }
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        return BigInt.asUintN(64, value);
      }
    }
    throw new SensorError('malformed', 'A number in a message has no end.');
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    let value: Wire;
    if (wire === VARINT) {
      value = varint();
    } else {
      const length = wire === FIXED64 ? 8 : wire === FIXED32 ? 4 : wire === BYTES ? Number(varint()) : -1;
      if (length < 0 || at + length > bytes.length) {
        throw new SensorError('malformed', 'A message ends within one of its fields.');
      }
      value = wire === BYTES ? bytes.subarray(at, at + length) : wire === FIXED64 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
      at += length;
    }
    yield [Math.floor(tag / 8), wire, value];
  }
}

function readFile(file: Uint8Array, types: Types): void {
  let prefix = '';
  for (const [number, , value] of entries(file)) {
    if (number === 2) {
      prefix = `.${textOf(value)}`;
    }
  }
  for (const [number, , value] of entries(file)) {
    if (value instanceof Uint8Array && number === 4) {
      readMessageType(value, prefix, types, 0);
    } else if (value instanceof Uint8Array && number === 5) {
      readEnum(value, prefix, types);
    }
  }
}

function readMessageType(bytes: Uint8Array, prefix: string, types: Types, depth: number): void {
  const all = [...entries(bytes)];
  const name = `${prefix}.${textOf(all.find(([number]) => number === 1)?.[2])}`;
  const fields = new Map<number, Field>();
  let isMapEntry = false;
  for (const [number, , value] of all) {
    if (!(value instanceof Uint8Array)) {
      continue;
    }
    if (number === 2) {
      const own = new Map([...entries(value)].map(([nth, , inner]) => [nth, inner]));
      fields.set(Number(own.get(3) ?? 0), { name: textOf(own.get(1)), repeated: own.get(4) === REPEATED, type: Number(own.get(5) ?? 0), typeName: textOf(own.get(6)) });
    } else if (number === 3 && depth < MAX_DEPTH) {
      readMessageType(value, name, types, depth + 1);
    } else if (number === 4) {
      readEnum(value, name, types);
    } else if (number === 7) {
      isMapEntry = [...entries(value)].some(([nth, , inner]) => nth === 7 && inner === 1n);
    }
  }
  types.messages.set(name, { fields, isMapEntry });
}

function readEnum(bytes: Uint8Array, prefix: string, { enums }: Types): void {
  const all = [...entries(bytes)];
  const values = new Map<number, string>();
  for (const [number, , value] of all) {
    if (number === 2 && value instanceof Uint8Array) {
      const own = new Map([...entries(value)].map(([nth, , inner]) => [nth, inner]));
      values.set(Number(BigInt.asIntN(32, BigInt(own.get(2) instanceof Uint8Array ? 0 : ((own.get(2) as bigint | undefined) ?? 0n)))), textOf(own.get(1)));
    }
  }
  enums.set(`${prefix}.${textOf(all.find(([number]) => number === 1)?.[2])}`, values);
}

function decode(bytes: Uint8Array, { fields }: MessageType, types: Types, depth: number): Decoded {
  if (depth > MAX_DEPTH) {
    throw new SensorError('malformed', 'A message is nested too deeply.');
  }
  const result = new Map<string, unknown>();
  for (const field of fields.values()) {
    result.set(field.name, field.repeated ? (types.messages.get(field.typeName)?.isMapEntry ? {} : []) : defaultOf(field, types));
  }
  for (const [number, wire, value] of entries(bytes)) {
    const field = fields.get(number);
    if (field === undefined) {
      continue;
    }
    if (!field.repeated) {
      result.set(field.name, valueOf(value, field, types, depth));
      continue;
    }
    const list = result.get(field.name);
    if (!Array.isArray(list)) {
      const entry = valueOf(value, field, types, depth) as { readonly key?: unknown; readonly value?: unknown };
      Object.defineProperty(list, String(entry.key), { value: entry.value, enumerable: true, configurable: true });
    } else if (wire === BYTES && value instanceof Uint8Array && isPackable(field)) {
      list.push(...unpack(value, field, types));
    } else {
      list.push(valueOf(value, field, types, depth));
    }
  }
  return Object.fromEntries(result);
}

function isPackable({ type }: Field): boolean {
  return type !== STRING && type !== BYTE_STRING && type !== MESSAGE;
}

function unpack(bytes: Uint8Array, field: Field, types: Types): unknown[] {
  const values: unknown[] = [];
  const size = field.type === DOUBLE || field.type === FIXED_64 || field.type === SFIXED64 ? 8 : field.type === FLOAT || field.type === FIXED_32 || field.type === SFIXED32 ? 4 : 0;
  if (size > 0) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + size <= bytes.length; at += size) {
      values.push(valueOf(size === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true)), field, types, 0));
    }
    return values;
  }
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte < 128 || shift > 63n) {
      values.push(valueOf(BigInt.asUintN(64, value), field, types, 0));
      value = 0n;
      shift = 0n;
    }
  }
  return values;
}

const SCRATCH = new DataView(new ArrayBuffer(8));

function valueOf(value: Wire, { type, typeName }: Field, types: Types, depth: number): unknown {
  if (value instanceof Uint8Array) {
    if (type === STRING) {
      return textOf(value);
    }
    const message = type === MESSAGE ? types.messages.get(typeName) : undefined;
    return message ? decode(value, message, types, depth + 1) : value;
  }
  switch (type) {
    case DOUBLE:
      SCRATCH.setBigUint64(0, value);
      return SCRATCH.getFloat64(0);
    case FLOAT:
      SCRATCH.setUint32(0, Number(value & 0xffff_ffffn));
      return SCRATCH.getFloat32(0);
    case BOOL:
      return value !== 0n;
    case INT32:
    case SFIXED32:
      return Number(BigInt.asIntN(32, value));
    case SINT32:
      return Number(zigzag(value));
    case UINT32:
    case FIXED_32:
      return Number(BigInt.asUintN(32, value));
    case INT64:
    case SFIXED64:
      return BigInt.asIntN(64, value);
    case SINT64:
      return zigzag(value);
    case ENUM: {
      const number = Number(BigInt.asIntN(32, value));
      return types.enums.get(typeName)?.get(number) ?? number;
    }
    default:
      return value;
  }
}

function defaultOf({ type, typeName }: Field, { enums }: Types): unknown {
  switch (type) {
    case STRING:
      return '';
    case BYTE_STRING:
      return new Uint8Array();
    case BOOL:
      return false;
    case MESSAGE:
      return null;
    case ENUM:
      return enums.get(typeName)?.get(0) ?? 0;
    case INT64:
    case UINT64:
    case SINT64:
    case FIXED_64:
    case SFIXED64:
      return 0n;
    default:
      return 0;
  }
}

function zigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}

function textOf(value: Wire | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}
