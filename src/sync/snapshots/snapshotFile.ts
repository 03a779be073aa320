import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { BytePath } from '../../base/bytePath.ts';
import type { Entry, EntryKind } from '../entry.ts';

/** One name as both sides had it after the last success. */
export interface Pair {
  readonly here: Entry;
  readonly there: Entry;
}

const MAGIC = 'TYS1';
const KINDS: readonly EntryKind[] = ['file', 'folder', 'link', 'other'];

/**
 * Names in the order of their bytes, each by what it shares with the one before, then both entries; the second by what differs from
 * the first. Deflated: some 12 bytes a file, measured over a tree of source code.
 */
export function encodeSnapshot(pairs: ReadonlyMap<BytePath, Pair>): Buffer {
  const paths = [...pairs.keys()].sort();
  const out = new Writer();
  out.number(paths.length);
  let before = '';
  for (const path of paths) {
    const { here, there } = pairs.get(path) as Pair;
    let shared = 0;
    while (shared < before.length && before[shared] === path[shared]) {
      shared++;
    }
    out.number(shared);
    out.text(path.slice(shared));
    before = path;
    out.entry(here);
    const same = sameFacts(here, there);
    out.number(same ? 1 : 0);
    if (!same) {
      out.entry(there);
    }
  }
  return Buffer.concat([Buffer.from(MAGIC), deflateRawSync(out.bytes(), { level: 1 })]);
}

/** Throws a `RangeError` where the bytes are no snapshot, or not a whole one. */
export function decodeSnapshot(bytes: Buffer): Map<BytePath, Pair> {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new RangeError('no snapshot');
  }
  const reader = new Reader(inflateRawSync(bytes.subarray(MAGIC.length)));
  const pairs = new Map<BytePath, Pair>();
  let before = '';
  for (let count = reader.number(); count > 0; count--) {
    const path = before.slice(0, reader.number()) + reader.text();
    before = path;
    const here = reader.entry(path);
    pairs.set(path, { here, there: reader.number() === 1 ? here : reader.entry(path) });
  }
  return pairs;
}

function sameFacts(a: Entry, b: Entry): boolean {
  return a.kind === b.kind && a.size === b.size && a.mtime === b.mtime && a.mode === b.mode && a.link === b.link;
}

class Writer {
  private buffer = Buffer.allocUnsafe(1 << 16);
  private length = 0;

  /** A whole number that is not negative, up to 2^53, seven bits a byte. */
  number(value: number): void {
    this.room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.length++] = rest;
  }

  text(value: BytePath): void {
    this.number(value.length);
    this.room(value.length);
    this.length += this.buffer.write(value, this.length, 'latin1');
  }

  entry({ kind, size, mtime, mode, link }: Entry): void {
    this.number(mode * KINDS.length + KINDS.indexOf(kind));
    this.number(size);
    this.room(8);
    this.length = this.buffer.writeDoubleLE(mtime, this.length);
    if (kind === 'link') {
      this.text(link ?? '');
    }
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private room(bytes: number): void {
    if (this.length + bytes > this.buffer.length) {
      const larger = Buffer.allocUnsafe(2 * (this.buffer.length + bytes));
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
    }
  }
}

class Reader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.buffer.readUInt8(this.at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value;
      }
    }
  }

  text(): BytePath {
    const length = this.number();
    if (this.at + length > this.buffer.length) {
      throw new RangeError('the snapshot is cut');
    }
    this.at += length;
    return this.buffer.toString('latin1', this.at - length, this.at);
  }

  entry(path: BytePath): Entry {
    const bits = this.number();
    const kind = KINDS[bits % KINDS.length] as EntryKind;
    const size = this.number();
    const mtime = this.buffer.readDoubleLE(this.at);
    this.at += 8;
    return { path, kind, size, mtime, mode: Math.floor(bits / KINDS.length), ...(kind === 'link' && { link: this.text() }) };
  }
}
