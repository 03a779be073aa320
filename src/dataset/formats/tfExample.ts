/** What of a tf.train.Example is read: texts and numbers by feature. Bytes that are no text are left out. */
export type ExampleFeatures = ReadonlyMap<string, readonly (string | number)[]>;

const MAX_TEXT = 65_536;

/** Reads the protocol buffer of a tf.train.Example; what does not parse gives what was read until there. */
export function readExample(bytes: Buffer): ExampleFeatures {
  const features = new Map<string, readonly (string | number)[]>();
  for (const [field, value] of fieldsOf(bytes)) {
    if (field !== 1 || typeof value === 'number') {
      continue;
    }
    for (const [, entry] of fieldsOf(value)) {
      const parts = typeof entry === 'number' ? [] : [...fieldsOf(entry)];
      const key = parts.find(([number]) => number === 1)?.[1];
      const feature = parts.find(([number]) => number === 2)?.[1];
      if (key !== undefined && typeof key !== 'number' && feature !== undefined && typeof feature !== 'number') {
        features.set(key.toString('utf8'), valuesOf(feature));
      }
    }
  }
  return features;
}

/** A Feature: 1 bytes_list, 2 float_list, 3 int64_list. */
function valuesOf(feature: Buffer): (string | number)[] {
  return [...fieldsOf(feature)].flatMap(([kind, list]): (string | number)[] => (typeof list === 'number' ? [] : kind === 1 ? textsOf(list) : kind === 3 ? integersOf(list) : []));
}

function textsOf(list: Buffer): string[] {
  return [...fieldsOf(list)].flatMap(([, value]) => (typeof value === 'number' || value.length > MAX_TEXT || value.includes(0) ? [] : [value.toString('utf8')]));
}

function integersOf(list: Buffer): number[] {
  return [...fieldsOf(list)].flatMap(([, value]) => (typeof value === 'number' ? [value] : [...varints(value)]));
}

/** Fields of a message: those of length as bytes, whole numbers as such; others are passed over. */
function* fieldsOf(bytes: Buffer): Generator<readonly [number: number, value: Buffer | number]> {
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    if (tag === undefined) {
      return;
    }
    at = tag.end;
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (wire === 0 || wire === 2) {
      const value = varint(bytes, at);
      if (value === undefined) {
        return;
      }
      at = value.end + (wire === 2 ? value.value : 0);
      if (at > bytes.length) {
        return;
      }
      yield [number, wire === 2 ? bytes.subarray(value.end, at) : value.value];
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4;
    } else {
      return;
    }
  }
}

function* varints(bytes: Buffer): Generator<number> {
  for (let at = 0; at < bytes.length; ) {
    const next = varint(bytes, at);
    if (next === undefined) {
      return;
    }
    yield next.value;
    at = next.end;
  }
}

function varint(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = start, scale = 1; at < bytes.length && at < start + 10; at++, scale *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      return { value, end: at + 1 };
    }
  }
  return undefined;
}
