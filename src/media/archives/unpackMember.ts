import * as zlib from 'node:zlib';
import type { ByteSource } from '../byteSource.ts';
import { ArchiveError } from './archiveError.ts';
import type { StoredMember } from './memberTable.ts';
import { ENCRYPTED } from './scanZip.ts';

/** Unpacked bytes of one member that are held in memory. */
export const MAX_UNPACKED = 268_435_456;

const LOCAL = 0x0403_4b50;
const [STORED, DEFLATED, ZSTD] = [0, 8, 93];

type ZstdSync = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;

/** Where the packed bytes of a zip member begin, by its local header. Throws an `ArchiveError`. */
export function startOfZipMember(source: ByteSource, member: StoredMember, name: string): number {
  const local = source.read(member.offset, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== LOCAL) {
    throw new ArchiveError('malformed', `${name} is not where the archive's directory says.`);
  }
  if (member.method >= ENCRYPTED) {
    throw new ArchiveError('encrypted', `${name} is encrypted.`);
  }
  return member.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
}

export const isStored = ({ method }: StoredMember): boolean => method === STORED;
export const isDeflated = ({ method }: StoredMember): boolean => method === DEFLATED;

/** Bytes of a zip member: a part of the archive's where it is stored, else unpacked into memory. Rejects with an `ArchiveError`. */
export async function unpackZipMember(source: ByteSource, member: StoredMember, name: string, signal?: AbortSignal): Promise<ByteSource> {
  const start = startOfZipMember(source, member, name);
  if (member.method === STORED) {
    return partOf(source, start, member.packed);
  }
  if (member.size > MAX_UNPACKED || member.packed > MAX_UNPACKED) {
    throw new ArchiveError('tooLarge', `${name} unpacks to ${member.size} bytes; at most ${MAX_UNPACKED} are unpacked into memory.`);
  }
  const packed = Buffer.from(source.read(start, member.packed));
  if (packed.length < member.packed) {
    throw new ArchiveError('malformed', `${name} is cut short: ${packed.length} of ${member.packed} bytes are there.`);
  }
  signal?.throwIfAborted();
  return inMemory(await unpack(packed, member, name), member, name);
}

async function unpack(packed: Buffer, { method, size }: StoredMember, name: string): Promise<Buffer> {
  try {
    if (method === DEFLATED) {
      // One more than stated, so that a member that is longer is found out, and a bomb goes no further.
      return await new Promise((resolve, reject) => zlib.inflateRaw(packed, { maxOutputLength: size + 1 }, (error, bytes) => (error ? reject(error) : resolve(bytes))));
    }
    if (method === ZSTD) {
      const native = (zlib as unknown as { readonly zstdDecompressSync?: ZstdSync }).zstdDecompressSync;
      return native ? native(packed, { maxOutputLength: size + 1 }) : Buffer.from((await import('fzstd')).decompress(packed, new Uint8Array(size)));
    }
  } catch (error) {
    const isLonger = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new ArchiveError('malformed', isLonger ? `${name} unpacks to more than the ${size} bytes that are stated.` : `${name} cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
  throw new ArchiveError('unsupported', `${name} is packed by method ${method}, which is not read.`);
}

function inMemory(bytes: Buffer, { size }: StoredMember, name: string): ByteSource {
  if (bytes.length !== size) {
    throw new ArchiveError('malformed', `${name} unpacks to ${bytes.length} bytes; ${size} are stated.`);
  }
  return partOf({ size, read: (offset, length) => bytes.subarray(Math.max(0, offset), Math.max(0, offset + length)) }, 0, size);
}

/** A part of other bytes, as if there were nothing else. */
export function partOf(source: ByteSource, start: number, size: number): ByteSource {
  const length = Math.max(0, Math.min(size, source.size - start));
  return {
    size: length,
    read: (offset, wanted) => source.read(start + Math.max(0, offset), offset < 0 || offset >= length ? 0 : Math.max(0, Math.min(wanted, length - offset))),
  };
}
