import type { CheckpointSource } from '../../checkpoint.ts';
import type { Hdf5Part } from './hdf5.ts';
import { readPart } from './readWhole.ts';

export class Hdf5Problem extends Error {
  override readonly name = 'Hdf5Problem';

  constructor(
    /** It points to where nothing is, rather than being laid out in a way that is not read. */
    readonly broken: boolean,
    message: string,
  ) {
    super(message);
  }
}

export interface Hdf5Dataset {
  readonly path: readonly string[];
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Undefined where the values are chunked. */
  readonly offset: number | undefined;
  readonly length: number;
}

interface Message {
  readonly type: number;
  readonly body: Buffer;
}

const PAGE = 65_536;
const MAX_PAGES = 4096;
const MAX_OBJECTS = 200_000;
const MAX_DEPTH = 64;
const NOWHERE = 0xffff_ffff_ffff_ffffn;
const [DATASPACE, DATATYPE, LAYOUT, CONTINUATION, SYMBOL_TABLE] = [1, 3, 8, 16, 17];

/**
 * Goes through the groups of an HDF5 file that is laid out as h5py does by default (HDF5 file format, III and IV: object headers of
 * version 1, groups as symbol tables). It reads pages of 64 KiB, so that neighbours cost one read.
 */
export class Hdf5Walker {
  private readonly pages = new Map<number, Buffer>();
  private readonly found: Hdf5Dataset[] = [];
  private objects = 0;

  constructor(
    private readonly source: CheckpointSource,
    private readonly part: Hdf5Part,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async datasets(): Promise<readonly Hdf5Dataset[]> {
    const head = await this.at(0, 96);
    if ((head[8] ?? 255) > 1) {
      throw new Hdf5Problem(false, 'its groups are laid out in a newer way, which is not read');
    }
    const entry = (head[8] === 0 ? 24 : 28) + 32;
    await this.object(Number(head.readBigUInt64LE(entry + 8)), []);
    return this.found;
  }

  private async object(address: number, path: readonly string[]): Promise<void> {
    if (++this.objects > MAX_OBJECTS || path.length > MAX_DEPTH) {
      throw new Hdf5Problem(false, 'it has more parts than are looked at');
    }
    const messages = await this.messages(address);
    const of = (type: number) => messages.find((message) => message.type === type)?.body;
    const table = of(SYMBOL_TABLE);
    if (table && table.length >= 16) {
      await this.group(Number(table.readBigUInt64LE(0)), Number(table.readBigUInt64LE(8)), path);
      return;
    }
    const [space, type, layout] = [of(DATASPACE), of(DATATYPE), of(LAYOUT)];
    const shape = space && shapeOf(space);
    const dtype = type && typeOf(type);
    if (shape && dtype) {
      const place = layout && placeOf(layout);
      this.found.push({ path, dtype, shape, offset: place?.offset, length: place?.length ?? 0 });
    }
  }

  private async messages(address: number): Promise<readonly Message[]> {
    const prefix = await this.at(address, 16);
    if (prefix[0] !== 1) {
      throw new Hdf5Problem(false, 'its objects are laid out in a newer way, which is not read');
    }
    const messages: Message[] = [];
    const blocks: { readonly at: number; readonly size: number }[] = [{ at: address + 16, size: prefix.readUInt32LE(8) }];
    for (let nth = 0; nth < blocks.length && nth < 1000; nth++) {
      const { at: start, size } = blocks[nth] ?? { at: 0, size: 0 };
      const block = await this.at(start, size);
      for (let at = 0; at + 8 <= block.length; ) {
        const length = block.readUInt16LE(at + 2);
        const body = block.subarray(at + 8, at + 8 + length);
        const type = block.readUInt16LE(at);
        messages.push({ type, body });
        if (type === CONTINUATION && body.length >= 16) {
          blocks.push({ at: Number(body.readBigUInt64LE(0)), size: Number(body.readBigUInt64LE(8)) });
        }
        at += 8 + length;
      }
    }
    return messages;
  }

  /** A B-tree of version 1 whose leaves are nodes of symbols; their names lie in a local heap. */
  private async group(tree: number, heap: number, path: readonly string[]): Promise<void> {
    const header = await this.at(heap, 32);
    const names = Number(header.readBigUInt64LE(24));
    const size = Number(header.readBigUInt64LE(8));
    const nodes = [tree];
    for (let nth = 0; nth < nodes.length; nth++) {
      const node = nodes[nth] ?? 0;
      const start = await this.at(node, 24);
      const kind = start.toString('latin1', 0, 4);
      if (kind === 'TREE') {
        const used = start.readUInt16LE(6);
        const children = await this.at(node + 24, used * 16 + 8);
        for (let child = 0; child < used; child++) {
          nodes.push(Number(children.readBigUInt64LE(8 + child * 16)));
        }
      } else if (kind === 'SNOD') {
        await this.symbols(node, start.readUInt16LE(6), names, size, path);
      } else {
        throw new Hdf5Problem(true, 'one of its groups is not where it is said to be');
      }
      if (nodes.length > MAX_OBJECTS) {
        throw new Hdf5Problem(false, 'it has more parts than are looked at');
      }
    }
  }

  private async symbols(node: number, count: number, names: number, size: number, path: readonly string[]): Promise<void> {
    const entries = await this.at(node + 8, count * 40);
    for (let nth = 0; nth < count; nth++) {
      const offset = Number(entries.readBigUInt64LE(nth * 40));
      const text = await this.at(names + offset, Math.min(1024, Math.max(0, size - offset)));
      const end = text.indexOf(0);
      await this.object(Number(entries.readBigUInt64LE(nth * 40 + 8)), [...path, text.toString('utf8', 0, end < 0 ? text.length : end)]);
    }
  }

  private async at(offset: number, length: number): Promise<Buffer> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.part.size && length <= PAGE * 64)) {
      throw new Hdf5Problem(true, 'it points beyond its end');
    }
    const first = Math.floor(offset / PAGE);
    const last = Math.floor(Math.max(offset, offset + length - 1) / PAGE);
    const pieces: Buffer[] = [];
    for (let page = first; page <= last; page++) {
      pieces.push(await this.page(page));
    }
    const whole = pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
    const bytes = whole.subarray(offset - first * PAGE, offset - first * PAGE + length);
    if (bytes.length < length) {
      throw new Hdf5Problem(true, 'it points beyond its end');
    }
    return bytes;
  }

  private async page(page: number): Promise<Buffer> {
    const held = this.pages.get(page);
    if (held) {
      return held;
    }
    if (this.pages.size >= MAX_PAGES) {
      throw new Hdf5Problem(false, 'it has more parts than are looked at');
    }
    const bytes = await readPart(this.source, this.part.file, this.part.start + page * PAGE, Math.min(PAGE, this.part.size - page * PAGE), this.signal);
    this.pages.set(page, bytes);
    return bytes;
  }
}

function shapeOf(space: Buffer): readonly number[] | undefined {
  const [version = 0, rank = 0] = space;
  const start = version === 1 ? 8 : 4;
  return space.length < start + rank * 8 ? undefined : Array.from({ length: rank }, (_, nth) => Number(space.readBigUInt64LE(start + nth * 8)));
}

/** Numbers alone: fixed point (class 0) and floating point (class 1); bfloat16 is known by its exponent. */
function typeOf(type: Buffer): string | undefined {
  if (type.length < 8) {
    return undefined;
  }
  const kind = (type[0] ?? 0) & 15;
  const size = type.readUInt32LE(4);
  if (kind === 0) {
    return `${((type[1] ?? 0) & 8) === 8 ? 'I' : 'U'}${size * 8}`;
  }
  return kind === 1 ? (size === 2 && type[13] === 8 ? 'BF16' : `F${size * 8}`) : undefined;
}

function placeOf(layout: Buffer): { readonly offset: number; readonly length: number } | undefined {
  const [version, kind] = layout;
  if ((version !== 3 && version !== 4) || kind !== 1 || layout.length < 18 || layout.readBigUInt64LE(2) === NOWHERE) {
    return undefined;
  }
  return { offset: Number(layout.readBigUInt64LE(2)), length: Number(layout.readBigUInt64LE(10)) };
}
