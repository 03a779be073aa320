import { deflateRawSync } from 'node:zlib';

/** NPY version 1 to 3. */
export function npyBytes(descr: string, shape: readonly number[], data: Uint8Array, { fortran = false, version = 1 } = {}): Buffer {
  const prefix = version === 1 ? 10 : 12;
  let header = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  header = `${header.padEnd(Math.ceil((prefix + header.length + 1) / 64) * 64 - prefix - 1)}\n`;
  const text = Buffer.from(header, version === 3 ? 'utf8' : 'latin1');
  const head = Buffer.alloc(prefix);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) {
    head.writeUInt16LE(text.length, 8);
  } else {
    head.writeUInt32LE(text.length, 8);
  }
  return Buffer.concat([head, text, data]);
}

export function floats(...values: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer);
}

/** A zip file of the members, each stored or deflated. */
export function zipBytes(members: readonly { readonly name: string; readonly data: Uint8Array; readonly deflated?: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflated = false } of members) {
    const packed = deflated ? deflateRawSync(data) : Buffer.from(data);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, packed]);
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    common.copy(central, 6, 0, 26);
    central.writeUInt32LE(offset, 42);
    directory.push(Buffer.concat([central, title]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

export function safetensorsBytes(header: object | string, data: Uint8Array): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

/** A generator of whole numbers below `limit`, always the same ones. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** The bytes with some of them changed and, now and then, the end cut off; changes fall within the first `reach`. */
export function damaged(bytes: Uint8Array, nth: number, reach: number): Buffer {
  const next = numbers(nth * 7919 + 13);
  const cut = nth % 4 === 0 ? next(bytes.length) : 0;
  const copy = Buffer.from(bytes.subarray(0, Math.max(1, bytes.length - cut)));
  for (let change = next(8); change >= 0; change--) {
    const at = next(Math.min(reach, copy.length));
    copy[at] = nth % 3 === 0 ? 255 : next(256);
  }
  return copy;
}
