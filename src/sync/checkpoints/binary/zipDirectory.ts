import { inflateRawSync } from 'node:zlib';
import type { CheckpointSource } from '../../checkpoint.ts';
import { readPart } from './readWhole.ts';

export interface ZipMember {
  readonly name: string;
  /** Of its bytes as they are, and as they lie in the file. */
  readonly size: number;
  readonly packed: number;
  readonly stored: boolean;
  /** Where its local header stands. */
  readonly header: number;
}

/** `cut`: it has no end, or its end names what is not there. `large`: its directory is larger than is read of any. */
export type ZipReading = { readonly members: readonly ZipMember[] } | { readonly problem: 'cut' | 'large'; readonly message: string };

const [END, END64_LOCATOR, END64, CENTRAL, LOCAL] = [0x0605_4b50, 0x0706_4b50, 0x0606_4b50, 0x0201_4b50, 0x0403_4b50];
const TAIL = 65_536;
const MAX_DIRECTORY = 64 * 1024 * 1024;
const UNKNOWN = 0xffff_ffff;
const LOCAL_SIZE = 30;

/**
 * Reads the directory of a zip file (APPNOTE 4.3) from its tail. Stricter than a reader that repairs: the end stands at the very end
 * of the file, and everything that it names lies before it, so that a file that was cut short is never taken for whole.
 */
export async function readZipDirectory(source: CheckpointSource, file: string, size: number, signal?: AbortSignal): Promise<ZipReading> {
  const tail = await readPart(source, file, -TAIL, TAIL, signal);
  const tailStart = size - tail.length;
  const end = findEnd(tail);
  if (end === undefined) {
    return { problem: 'cut', message: 'It has no directory at its end, which is written last.' };
  }
  let count = tail.readUInt16LE(end + 10);
  let length = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  let before = tailStart + end;
  if (end >= 20 && tail.readUInt32LE(end - 20) === END64_LOCATOR) {
    const at = Number(tail.readBigUInt64LE(end - 12));
    const wide = at >= tailStart ? tail.subarray(at - tailStart, at - tailStart + 56) : await readPart(source, file, at, 56, signal);
    if (wide.length < 56 || wide.readUInt32LE(0) !== END64) {
      return { problem: 'cut', message: 'Its end names a directory that is not there.' };
    }
    [count, length, offset, before] = [Number(wide.readBigUInt64LE(32)), Number(wide.readBigUInt64LE(40)), Number(wide.readBigUInt64LE(48)), at];
  }
  if (length > MAX_DIRECTORY) {
    return { problem: 'large', message: 'Its directory is larger than is read of any.' };
  }
  if (!(offset + length <= before)) {
    return { problem: 'cut', message: 'Its end names a directory that is not there.' };
  }
  const directory = offset >= tailStart ? tail.subarray(offset - tailStart, offset - tailStart + length) : await readPart(source, file, offset, length, signal);
  const members = membersOf(directory);
  if (members.length !== count || directory.length !== length || members.some(({ header, packed }) => header + LOCAL_SIZE + packed > offset)) {
    return { problem: 'cut', message: 'Its directory is broken, or names members that are not there.' };
  }
  return { members };
}

/** The bytes of a member; undefined where they are packed in a way that is not read, are larger than `most`, or are not there. */
export async function readZipMember(source: CheckpointSource, file: string, member: ZipMember, most: number, signal?: AbortSignal): Promise<Buffer | undefined> {
  if (member.size > most || member.packed > most) {
    return undefined;
  }
  // One round trip takes the header and what follows it; a name and its padding are rarely longer than this.
  const spare = 2048;
  const bytes = await readPart(source, file, member.header, LOCAL_SIZE + spare + member.packed, signal);
  const start = dataStart(bytes);
  if (start === undefined) {
    return undefined;
  }
  const packed = start <= LOCAL_SIZE + spare ? bytes.subarray(start, start + member.packed) : await readPart(source, file, member.header + start, member.packed, signal);
  if (packed.length < member.packed) {
    return undefined;
  }
  try {
    return member.stored ? packed : inflateRawSync(packed, { maxOutputLength: most });
  } catch {
    return undefined;
  }
}

/** Where a member's bytes begin, from the start of its local header; undefined where there is none. */
export function dataStart(header: Buffer): number | undefined {
  return header.length >= LOCAL_SIZE && header.readUInt32LE(0) === LOCAL ? LOCAL_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28) : undefined;
}

function findEnd(tail: Buffer): number | undefined {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END && at + 22 + tail.readUInt16LE(at + 20) === tail.length) {
      return at;
    }
  }
  return undefined;
}

function membersOf(directory: Buffer): readonly ZipMember[] {
  const members: ZipMember[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL; ) {
    const [nameLength, extraLength] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30)];
    const next = at + 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
    if (next > directory.length) {
      break;
    }
    const wide = wideNumbers(directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
    const widen = (value: number) => (value === UNKNOWN ? (wide.shift() ?? value) : value);
    const size = widen(directory.readUInt32LE(at + 24));
    const packed = widen(directory.readUInt32LE(at + 20));
    const header = widen(directory.readUInt32LE(at + 42));
    members.push({ name: directory.toString('utf8', at + 46, at + 46 + nameLength), size, packed, header, stored: directory.readUInt16LE(at + 10) === 0 });
    at = next;
  }
  return members;
}

/** Of zip64: the numbers of 64 bits, in the order in which those of 32 bits are full. */
function wideNumbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) {
      const length = Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4);
      return Array.from({ length: Math.floor(length / 8) }, (_, nth) => Number(extra.readBigUInt64LE(at + 4 + nth * 8)));
    }
  }
  return [];
}
