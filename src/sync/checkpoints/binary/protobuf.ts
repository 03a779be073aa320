export interface ProtoField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The fields of one message (protobuf.dev, "Encoding"); undefined where the bytes are none, or end within one. */
export function protoFields(bytes: Buffer): readonly ProtoField[] | undefined {
  const fields: ProtoField[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    if (tag === undefined) {
      return undefined;
    }
    at = tag.end;
    const number = Number(tag.value >> 3n);
    const wire = Number(tag.value & 7n);
    if (wire === 0) {
      const field = varint(bytes, at);
      if (field === undefined) {
        return undefined;
      }
      fields.push({ number, value: field.value });
      at = field.end;
      continue;
    }
    const length = wire === 2 ? varint(bytes, at) : undefined;
    const start = length?.end ?? at;
    const size = wire === 1 ? 8 : wire === 5 ? 4 : Number(length?.value ?? NaN);
    if (number === 0 || !(start + size <= bytes.length)) {
      return undefined;
    }
    fields.push({ number, value: bytes.subarray(start, start + size) });
    at = start + size;
  }
  return fields;
}

export function varint(bytes: Buffer, start: number): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 127) << BigInt((at - start) * 7);
    if (byte < 128) {
      return { value, end: at + 1 };
    }
  }
  return undefined;
}

/** The last whole number of a field; `missing` where it is left out, as it is where it is 0. */
export function numberField(fields: readonly ProtoField[], number: number, missing = 0): number {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? Number(value) : missing;
}

export function bytesField(fields: readonly ProtoField[], number: number): Buffer | undefined {
  const value = fields.findLast((field) => field.number === number)?.value;
  return Buffer.isBuffer(value) ? value : undefined;
}
