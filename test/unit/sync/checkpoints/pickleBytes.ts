/** Writes pickles of protocol 2 as PyTorch's does, from the codes of Lib/pickletools.py. */
export type Made = null | boolean | number | string | readonly Made[] | Code | { readonly [key: string]: Made };

/** Codes that are written as they are. */
export class Code {
  constructor(readonly bytes: Buffer) {}
}

export function pickleBytes(value: Made): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), codes(value), Buffer.from('.')]);
}

function codes(value: Made): Buffer {
  if (value instanceof Code) {
    return value.bytes;
  }
  if (value === null) {
    return Buffer.from('N');
  }
  if (typeof value === 'boolean') {
    return Buffer.from([value ? 0x88 : 0x89]);
  }
  if (typeof value === 'number') {
    const field = Buffer.alloc(Number.isInteger(value) ? 5 : 9);
    field[0] = Number.isInteger(value) ? 0x4a : 0x47;
    if (Number.isInteger(value)) {
      field.writeInt32LE(value, 1);
    } else {
      field.writeDoubleBE(value, 1);
    }
    return field;
  }
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    const head = Buffer.alloc(5);
    head[0] = 0x58;
    head.writeUInt32LE(text.length, 1);
    return Buffer.concat([head, text]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([Buffer.from(']('), ...value.map(codes), Buffer.from('e')]);
  }
  return Buffer.concat([Buffer.from('}('), ...Object.entries(value).flatMap(([key, inner]) => [codes(key), codes(inner)]), Buffer.from('u')]);
}

export function tuple(...items: readonly Made[]): Code {
  return new Code(Buffer.concat([Buffer.from('('), ...items.map(codes), Buffer.from('t')]));
}

export function global(module: string, name: string): Code {
  return new Code(Buffer.from(`c${module}\n${name}\n`));
}

export function reduce(callable: Code, args: Code): Code {
  return new Code(Buffer.concat([callable.bytes, args.bytes, Buffer.from('R')]));
}

/** An object whose attributes are set afterwards. */
export function built(callable: Code, state: Made): Code {
  return new Code(Buffer.concat([reduce(callable, tuple()).bytes, codes(state), Buffer.from('b')]));
}

/** A tensor as torch.save describes it; `key` names the storage. */
export function tensor(key: string, storage: string, shape: readonly number[], count = shape.reduce((one, other) => one * other, 1)): Code {
  const strides = shape.map((_, at) => shape.slice(at + 1).reduce((one, other) => one * other, 1));
  const id = new Code(Buffer.concat([tuple('storage', global('torch', storage), key, 'cpu', count).bytes, Buffer.from('Q')]));
  return reduce(global('torch._utils', '_rebuild_tensor_v2'), tuple(id, 0, tuple(...shape), tuple(...strides), false, reduce(global('collections', 'OrderedDict'), tuple())));
}
