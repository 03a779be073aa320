import type { ByteSource } from '../byteSource.ts';
import { ArchiveError } from './archiveError.ts';
import type { MemberTable } from './memberTable.ts';

/** Set in a method where a member is encrypted. */
export const ENCRYPTED = 0x1_0000;

const [END, END64_LOCATOR, END64, CENTRAL] = [0x0605_4b50, 0x0706_4b50, 0x0606_4b50, 0x0201_4b50];
const UNKNOWN = 0xffff_ffff;
const END_SIZE = 22;
const MAX_COMMENT = 65_535;
const ENTRY = 46;
const PIECE = 1_048_576;

/** Goes through the central directory of a zip file (APPNOTE 6.3), a megabyte for each turn. Throws an `ArchiveError`. */
export function* scanZip(source: ByteSource, file: string, table: MemberTable, tell: (problem: string) => void): Generator<number, void, void> {
  const { at: start, size } = findDirectory(source, file);
  const end = start + size;
  let reach = -1;
  let overlaps = false;
  let misplaced = 0;
  for (let at = start; at < end; ) {
    const piece = Buffer.from(source.read(at, Math.min(PIECE, end - at)));
    const used = takeEntries(piece, (name, entry) => {
      // Of a hostile archive: of a few bytes thousands of members are made.
      if (entry.offset < reach && entry.packed > 0) {
        overlaps = true;
      }
      reach = Math.max(reach, entry.offset + entry.packed);
      if (entry.offset + entry.packed > start) {
        misplaced++;
      } else if (!isFolder(name)) {
        table.add(name, entry);
      }
    });
    if (used === 0) {
      tell('The directory is broken: members may be missing.');
      break;
    }
    at += used;
    yield at - start;
  }
  if (overlaps) {
    tell('Members lie over each other, or in no order.');
  }
  if (misplaced > 0) {
    tell(`${misplaced} members are stated to lie outside of the file, and are left out.`);
  }
}

interface Entry {
  readonly size: number;
  readonly packed: number;
  readonly offset: number;
  readonly method: number;
}

function isFolder(name: Buffer): boolean {
  return name.at(-1) === 0x2f;
}

/** Tells the entries that are whole in a piece; the bytes they take. */
function takeEntries(piece: Buffer, take: (name: Buffer, entry: Entry) => void): number {
  let at = 0;
  while (at + ENTRY <= piece.length && piece.readUInt32LE(at) === CENTRAL) {
    const nameLength = piece.readUInt16LE(at + 28);
    const extraLength = piece.readUInt16LE(at + 30);
    const next = at + ENTRY + nameLength + extraLength + piece.readUInt16LE(at + 32);
    if (next > piece.length) {
      break;
    }
    const wide = wideNumbers(piece.subarray(at + ENTRY + nameLength, at + ENTRY + nameLength + extraLength));
    const widen = (value: number) => (value === UNKNOWN ? (wide.shift() ?? value) : value);
    const size = widen(piece.readUInt32LE(at + 24));
    const packed = widen(piece.readUInt32LE(at + 20));
    const offset = widen(piece.readUInt32LE(at + 42));
    const encrypted = (piece.readUInt16LE(at + 8) & 1) === 1;
    take(piece.subarray(at + ENTRY, at + ENTRY + nameLength), { size, packed, offset, method: piece.readUInt16LE(at + 10) | (encrypted ? ENCRYPTED : 0) });
    at = next;
  }
  return at;
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

function findDirectory(source: ByteSource, file: string): { readonly at: number; readonly size: number } {
  const tailSize = Math.min(source.size, END_SIZE + MAX_COMMENT);
  const tail = Buffer.from(source.read(source.size - tailSize, tailSize));
  for (let end = tail.length - END_SIZE; end >= 0; end--) {
    if (tail.readUInt32LE(end) === END && end + END_SIZE + tail.readUInt16LE(end + 20) <= tail.length) {
      let size = tail.readUInt32LE(end + 12);
      let at = tail.readUInt32LE(end + 16);
      if (end >= 20 && tail.readUInt32LE(end - 20) === END64_LOCATOR) {
        const wide = Buffer.from(source.read(Number(tail.readBigUInt64LE(end - 12)), 56));
        if (wide.length === 56 && wide.readUInt32LE(0) === END64) {
          size = Number(wide.readBigUInt64LE(40));
          at = Number(wide.readBigUInt64LE(48));
        }
      }
      if (!(at >= 0 && size >= 0 && at + size <= source.size)) {
        throw new ArchiveError('malformed', `${file} states a directory that lies outside of it.`);
      }
      return { at, size };
    }
  }
  throw new ArchiveError('malformed', `${file} has no directory at its end: it was not written to its end, or was cut short.`);
}
