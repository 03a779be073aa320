import type { MemberTable } from './memberTable.ts';

/** What a scan asks for: bytes at a place behind all that it asked for before. */
export interface Wanted {
  readonly offset: number;
  readonly length: number;
}

export const BLOCK = 512;
/** Of a long name, or of what PAX says of one member. */
const MAX_EXTENSION = 1_048_576;
const MAX_PROBLEMS = 20;

interface Extension {
  name?: Buffer;
  size?: number;
  sparse?: boolean;
}

/** What a header tells of: a file, a folder, a link. */
export interface TarEntry {
  readonly name: Buffer;
  /** As in the header, `\0` and `0` and `7` for regular files. */
  readonly type: string;
  /** Of its content. */
  readonly offset: number;
  readonly size: number;
  readonly sparse: boolean;
}

/** Why no more headers are read, and the byte at which: an empty block, nothing, less than a block, no header, no size, or that no more were wanted. */
export interface TarStop {
  readonly why: 'empty' | 'nothing' | 'partial' | 'noHeader' | 'noSize' | 'enough';
  readonly at: number;
}

/**
 * Goes through the headers of a tar (POSIX ustar, PAX, GNU and the old form) and reads nothing of the members: yields what it
 * wants to read, and is given it. `visit` is told of every member, and ends it by answering false; `tell` of names that are not read.
 */
export function* walkTar(visit: (entry: TarEntry) => boolean, tell: (problem: string) => void): Generator<Wanted, TarStop, Buffer> {
  let extension: Extension = {};
  for (let at = 0; ; ) {
    const header = yield { offset: at, length: BLOCK };
    if (header.length < BLOCK) {
      return { why: header.length === 0 ? 'nothing' : 'partial', at };
    }
    if (isEmpty(header)) {
      return { why: 'empty', at };
    }
    if (!isHeader(header)) {
      return { why: 'noHeader', at };
    }
    const type = String.fromCharCode(header[156] ?? 0);
    const size = extension.size ?? numberAt(header, 124, 12);
    if (!(size >= 0 && Number.isSafeInteger(size))) {
      return { why: 'noSize', at };
    }
    const content = at + BLOCK;
    // Of links and folders a size may be stated, and no bytes follow.
    const follows = '123456'.includes(type) && type !== '' ? 0 : Math.ceil(size / BLOCK) * BLOCK;
    at = content + follows;
    if (type === 'L' || type === 'K' || type === 'x' || type === 'g') {
      if (size > MAX_EXTENSION) {
        tell(`A name of ${size} bytes is not read.`);
        continue;
      }
      const bytes = Buffer.from(yield { offset: content, length: size });
      extension = type === 'L' ? { ...extension, name: untilNull(bytes) } : type === 'x' ? { ...extension, ...readPax(bytes) } : extension;
      continue;
    }
    const { name = nameOf(header), sparse = type === 'S' } = extension;
    extension = {};
    // GNU's sparse members have further headers, which their size does not count.
    at += type === 'S' ? yield* skipSparse(header, content) : 0;
    if (!visit({ name, type, offset: content, size, sparse })) {
      return { why: 'enough', at };
    }
  }
}

export function isRegular({ type }: TarEntry): boolean {
  return type === '0' || type === '\0' || type === '7';
}

/** Lists the regular files of a tar that can be read; what is left out or wrong is told. */
export function* scanTar(table: MemberTable, tell: (problem: string) => void): Generator<Wanted, void, Buffer> {
  let told = 0;
  const say = (problem: string): void => {
    if (++told <= MAX_PROBLEMS) {
      tell(problem);
    }
  };
  const take = (entry: TarEntry): boolean => {
    const { name, size, offset, sparse } = entry;
    if (sparse) {
      say(`${name.toString('utf8').slice(0, 200)} is sparse, which is not read.`);
      return true;
    }
    return !isRegular(entry) || name.at(-1) === 0x2f || table.add(name, { size, offset, packed: size, method: 0 });
  };
  const { why, at } = yield* walkTar(take, say);
  const words: Readonly<Partial<Record<TarStop['why'], string>>> = {
    nothing: 'The archive ends without its two empty blocks: it may have been cut short.',
    partial: 'The archive ends in the middle of a header.',
    noHeader: `There is no header at byte ${at}: what follows is not read.`,
    noSize: `The member at byte ${at} states no size that could be: what follows is not read.`,
    enough: 'The archive has more members than are listed.',
  };
  const problem = words[why];
  if (problem !== undefined) {
    say(problem);
  }
}

function* skipSparse(header: Buffer, content: number): Generator<Wanted, number, Buffer> {
  let blocks = 0;
  for (let more = header[482] === 1; more && blocks < 10_000; blocks++) {
    const next = yield { offset: content + blocks * BLOCK, length: BLOCK };
    more = next[504] === 1;
  }
  return blocks * BLOCK;
}

function isEmpty(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** By its checksum, which some old writers made of signed bytes. */
export function isHeader(block: Buffer): boolean {
  const stated = numberAt(block, 148, 8);
  let unsigned = 256;
  let signed = 256;
  for (let at = 0; at < BLOCK; at++) {
    if (at < 148 || at >= 156) {
      const byte = block[at] ?? 0;
      unsigned += byte;
      signed += byte < 128 ? byte : byte - 256;
    }
  }
  return stated === unsigned || stated === signed;
}

/** Octal digits, or where they do not suffice a big-endian number with its first bit set. NaN where it is neither. */
function numberAt(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if (first >= 128) {
    let value = first === 255 ? -1 : first & 127;
    for (let index = 1; index < length; index++) {
      value = value * 256 + (block[at + index] ?? 0);
    }
    return value;
  }
  const digits = block.toString('latin1', at, at + length).replace(/[\0 ]+$/, '').trimStart();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : NaN;
}

function nameOf(header: Buffer): Buffer {
  const name = untilNull(header.subarray(0, 100));
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? untilNull(header.subarray(345, 500)) : Buffer.alloc(0);
  return prefix.length === 0 ? Buffer.from(name) : Buffer.concat([prefix, Buffer.from('/'), name]);
}

function untilNull(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Records of the form `length key=value\n`. */
function readPax(bytes: Buffer): Extension {
  const found: Extension = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 || space - at > 10 ? NaN : Number(bytes.toString('latin1', at, space));
    const equals = bytes.indexOf(0x3d, space);
    if (!(length > space - at + 1) || at + length > bytes.length || equals < 0 || equals >= at + length) {
      break;
    }
    const key = bytes.toString('latin1', space + 1, equals);
    const value = bytes.subarray(equals + 1, at + length - 1);
    if (key === 'path' && !value.includes(0)) {
      found.name = Buffer.from(value);
    } else if (key === 'size') {
      found.size = /^\d+$/.test(value.toString('latin1')) ? Number(value.toString('latin1')) : NaN;
    } else if (key.startsWith('GNU.sparse.')) {
      found.sparse = true;
    }
    at += length;
  }
  return found;
}
