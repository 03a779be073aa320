import { varint } from './protobuf.ts';

/** Bytes of the footer, and the number that it ends with (tensorflow/core/lib/io/format.h). */
const FOOTER = 48;
const MAGIC = 0xdb47_7524_8b80_fb57n;
/** After each block: its kind of compression, and a checksum. */
const TRAILER = 5;
const MAX_ENTRIES = 5_000_000;

/**
 * Keys and values of a sorted table as LevelDB and TensorFlow write it (leveldb/doc/table_format.md), in order. `cut`: its footer or
 * its blocks are not there; `packed`: its blocks are compressed, which TensorFlow's checkpoints never are.
 */
export function readSortedTable(bytes: Buffer): ReadonlyMap<string, Buffer> | 'cut' | 'packed' {
  if (bytes.length < FOOTER || bytes.readBigUInt64LE(bytes.length - 8) !== MAGIC) {
    return 'cut';
  }
  const footer = bytes.subarray(bytes.length - FOOTER);
  const meta = handleAt(footer, 0);
  const index = meta && handleAt(footer, meta.end);
  const blocks = index && blockAt(bytes, index);
  if (!Array.isArray(blocks)) {
    return blocks === 'packed' ? 'packed' : 'cut';
  }
  const entries = new Map<string, Buffer>();
  for (const [, handle] of blocks) {
    const at = handleAt(handle, 0);
    const block = at && blockAt(bytes, at);
    if (!Array.isArray(block) || entries.size > MAX_ENTRIES) {
      return block === 'packed' ? 'packed' : 'cut';
    }
    block.forEach(([key, value]) => entries.set(key, value));
  }
  return entries;
}

interface Handle {
  readonly offset: number;
  readonly size: number;
  readonly end: number;
}

function handleAt(bytes: Buffer, start: number): Handle | undefined {
  const offset = varint(bytes, start);
  const size = offset && varint(bytes, offset.end);
  return offset && size && { offset: Number(offset.value), size: Number(size.value), end: size.end };
}

/** Entries share the beginnings of their keys with the one before. */
function blockAt(bytes: Buffer, { offset, size }: Handle): (readonly [string, Buffer])[] | 'packed' | undefined {
  if (!(offset + size + TRAILER <= bytes.length) || size < 4) {
    return undefined;
  }
  if (bytes[offset + size] !== 0) {
    return 'packed';
  }
  const block = bytes.subarray(offset, offset + size);
  const restarts = block.readUInt32LE(size - 4);
  const stop = size - 4 - restarts * 4;
  const entries: (readonly [string, Buffer])[] = [];
  let key = Buffer.alloc(0);
  for (let at = 0; at < stop; ) {
    const shared = varint(block, at);
    const own = shared && varint(block, shared.end);
    const length = own && varint(block, own.end);
    if (length === undefined || Number(shared?.value) > key.length) {
      return undefined;
    }
    const keyEnd = length.end + Number(own?.value);
    const end = keyEnd + Number(length.value);
    if (!(end <= stop)) {
      return undefined;
    }
    key = Buffer.concat([key.subarray(0, Number(shared?.value)), block.subarray(length.end, keyEnd)]);
    entries.push([key.toString('utf8'), block.subarray(keyEnd, end)]);
    at = end;
  }
  return entries;
}
