import type { MessageDefinition, MessageDefinitionField } from '@foxglove/message-definition';
import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { SensorError } from '../sensorError.ts';
import type { Decode, Decoded } from './decoder.ts';

export function ros2Decoder(schema: string): Decode {
  const reader = new MessageReader<Decoded>(parse(schema, { ros2: true }));
  return (data) => reader.readMessage(data);
}

export function ros1Decoder(schema: string): Decode {
  const definitions = parse(schema);
  const root = definitions.find(({ name }) => name === undefined) ?? definitions[0];
  if (root === undefined) {
    throw new SensorError('malformed', 'It defines no message.');
  }
  const types = new Map(definitions.map((definition) => [definition.name ?? '', definition]));
  return (data) => new Ros1Reader(data, types).message(root, 0);
}

const MAX_DEPTH = 64;

type Reader = (view: DataView, at: number) => unknown;

const time = (view: DataView, at: number) => ({ sec: view.getUint32(at, true), nsec: view.getUint32(at + 4, true) });
const PRIMITIVES: Readonly<Record<string, readonly [number, Reader]>> = {
  bool: [1, (view, at) => view.getUint8(at) !== 0],
  int8: [1, (view, at) => view.getInt8(at)],
  byte: [1, (view, at) => view.getInt8(at)],
  uint8: [1, (view, at) => view.getUint8(at)],
  char: [1, (view, at) => view.getUint8(at)],
  int16: [2, (view, at) => view.getInt16(at, true)],
  uint16: [2, (view, at) => view.getUint16(at, true)],
  int32: [4, (view, at) => view.getInt32(at, true)],
  uint32: [4, (view, at) => view.getUint32(at, true)],
  int64: [8, (view, at) => view.getBigInt64(at, true)],
  uint64: [8, (view, at) => view.getBigUint64(at, true)],
  float32: [4, (view, at) => view.getFloat32(at, true)],
  float64: [8, (view, at) => view.getFloat64(at, true)],
  time: [8, time],
  duration: [8, (view, at) => ({ sec: view.getInt32(at, true), nsec: view.getInt32(at + 4, true) })],
};

/**
 * ROS 1's serialisation: fields in order, little-endian, lengths in 32 bits. Read by going along the definition: the
 * library for it makes program text of the schema, which comes from the file.
 */
class Ros1Reader {
  private at = 0;
  private readonly view: DataView;

  constructor(
    private readonly data: Uint8Array,
    private readonly types: ReadonlyMap<string, MessageDefinition>,
  ) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  message({ definitions }: MessageDefinition, depth: number): Decoded {
    if (depth > MAX_DEPTH) {
      throw new SensorError('malformed', 'A message is nested too deeply.');
    }
    const fields = definitions.filter(({ isConstant }) => isConstant !== true);
    return Object.fromEntries(fields.map((field) => [field.name, field.isArray === true ? this.array(field, depth) : this.value(field, depth)]));
  }

  private array(field: MessageDefinitionField, depth: number): unknown {
    const count = field.arrayLength ?? this.length();
    const size = PRIMITIVES[field.type]?.[0] ?? (field.type === 'string' ? 4 : 0);
    // What takes no bytes could be repeated for ever.
    if (count * size > this.view.byteLength - this.at || (size === 0 && count > this.view.byteLength)) {
      throw new SensorError('malformed', `A message ends within ${field.name}.`);
    }
    if (field.type === 'uint8' || field.type === 'char') {
      return this.bytes(count);
    }
    return Array.from({ length: count }, () => this.value(field, depth));
  }

  private value({ type, name }: MessageDefinitionField, depth: number): unknown {
    if (type === 'string') {
      return Buffer.from(this.bytes(this.length())).toString('utf8');
    }
    const primitive = Object.hasOwn(PRIMITIVES, type) ? PRIMITIVES[type] : undefined;
    if (primitive) {
      const { at } = this;
      this.at += primitive[0];
      return primitive[1](this.view, at);
    }
    const nested = this.types.get(type);
    if (nested === undefined) {
      throw new SensorError('malformed', `The type ${type} of ${name} is not defined.`);
    }
    return this.message(nested, depth + 1);
  }

  private length(): number {
    const length = this.view.getUint32(this.at, true);
    this.at += 4;
    return length;
  }

  private bytes(count: number): Uint8Array {
    if (this.at + count > this.data.length) {
      throw new SensorError('malformed', 'A message ends within one of its fields.');
    }
    const { at } = this;
    this.at += count;
    return this.data.subarray(at, at + count);
  }
}
