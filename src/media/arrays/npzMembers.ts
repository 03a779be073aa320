import { createInflateRaw } from 'node:zlib';
import type { InflateRaw } from 'node:zlib';
import type { ByteSource } from '../byteSource.ts';
import { ArrayError } from './arrayError.ts';
import type { ArrayBytes } from './arraySource.ts';

/** A member of a zip file (APPNOTE 6.3), as its central directory states it. */
export interface ZipMember {
  readonly name: string;
  /** 0: as it is. 8: deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly size: number;
  /** Of its local header. */
  readonly offset: number;
}

const END = 0x0605_4b50;
const END64_LOCATOR = 0x0706_4b50;
const END64 = 0x0606_4b50;
const CENTRAL = 0x0201_4b50;
const LOCAL = 0x0403_4b50;
const UNKNOWN = 0xffff_ffff;
const END_SIZE = 22;
const MAX_COMMENT = 65_535;
const MAX_DIRECTORY = 64 * 1_048_576;
const MAX_MEMBERS = 200_000;

/** Throws an `ArrayError` where there is no directory, as in a file that was cut short. */
export function zipMembers(source: ByteSource): readonly ZipMember[] {
  const tailSize = Math.min(source.size, END_SIZE + MAX_COMMENT);
  const tail = Buffer.from(source.read(source.size - tailSize, tailSize));
  let at = tail.length - END_SIZE;
  while (at >= 0 && tail.readUInt32LE(at) !== END) {
    at--;
  }
  if (at < 0) {
    throw new ArrayError('truncated', 'It has no directory at its end: it was not written to its end, or was cut short.');
  }
  let size = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  if (at >= 20 && tail.readUInt32LE(at - 20) === END64_LOCATOR) {
    const end = Buffer.from(source.read(Number(tail.readBigUInt64LE(at - 12)), 56));
    if (end.length === 56 && end.readUInt32LE(0) === END64) {
      size = Number(end.readBigUInt64LE(40));
      offset = Number(end.readBigUInt64LE(48));
    }
  }
  if (size > MAX_DIRECTORY || offset + size > source.size) {
    throw new ArrayError('malformed', 'Its directory states to lie outside of the file.');
  }
  return centralDirectory(Buffer.from(source.read(offset, size)));
}

function centralDirectory(directory: Buffer): readonly ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL && members.length < MAX_MEMBERS) {
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const wide = wideSizes(extra);
    const take = (value: number) => (value === UNKNOWN ? (wide.shift() ?? value) : value);
    const size = take(directory.readUInt32LE(at + 24));
    const packed = take(directory.readUInt32LE(at + 20));
    const offset = take(directory.readUInt32LE(at + 42));
    members.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      packed,
      size,
      offset,
    });
    at += 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
  }
  return members;
}

/** The 64 bit values, in the order in which the 32 bit ones are full. */
function wideSizes(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) {
      const length = Math.min(extra.readUInt16LE(at + 2), extra.length - at - 4);
      return Array.from({ length: Math.floor(length / 8) }, (_, nth) => Number(extra.readBigUInt64LE(at + 4 + nth * 8)));
    }
  }
  return [];
}

/** A member's own bytes. Throws an `ArrayError` where they cannot be read. */
export function memberBytes(source: ByteSource, member: ZipMember): ArrayBytes & { close(): void } {
  const local = source.read(member.offset, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== LOCAL) {
    throw new ArrayError('malformed', `The member ${member.name} is not where the directory says.`);
  }
  if (member.encrypted || (member.method !== 0 && member.method !== 8)) {
    throw new ArrayError('unsupported', member.encrypted ? `${member.name} is encrypted.` : `${member.name} is compressed by method ${member.method}, which is not read.`);
  }
  const start = member.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (member.method === 0) {
    return { size: member.size, read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, member.size - offset))), close: () => undefined };
  }
  return new InflatedBytes(source, start, member);
}

const PACKED_PIECE = 262_144;
const KEPT = 4_194_304;

/**
 * A deflated member, which can only be inflated from its start on. What was inflated last is kept, some megabytes; who
 * goes back further starts anew. Memory does not grow with the member.
 */
class InflatedBytes implements ArrayBytes {
  readonly size: number;
  private inflate: InflateRaw | undefined;
  /** In the packed bytes. */
  private packedAt = 0;
  private kept: Buffer[] = [];
  private keptStart = 0;
  private keptLength = 0;
  private waiting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly source: ByteSource,
    private readonly start: number,
    private readonly member: ZipMember,
  ) {
    this.size = member.size;
  }

  read(offset: number, length: number): Promise<Buffer> {
    const answer = this.waiting.then(() => this.readNext(offset, Math.max(0, Math.min(length, this.size - offset))));
    this.waiting = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.inflate?.destroy();
    this.inflate = undefined;
  }

  private async readNext(offset: number, length: number): Promise<Buffer> {
    if (this.inflate === undefined || offset < this.keptStart) {
      this.restart();
    }
    while (this.keptStart + this.keptLength < offset + length) {
      const piece = await this.next();
      if (piece === undefined) {
        break;
      }
      this.kept.push(piece);
      this.keptLength += piece.length;
      while (this.kept.length > 1 && this.keptLength - (this.kept[0]?.length ?? 0) > KEPT && this.keptStart + (this.kept[0]?.length ?? 0) <= offset) {
        const dropped = this.kept.shift()?.length ?? 0;
        this.keptStart += dropped;
        this.keptLength -= dropped;
      }
    }
    const from = offset - this.keptStart;
    let at = 0;
    const parts: Buffer[] = [];
    for (const piece of this.kept) {
      const [first, last] = [Math.max(0, from - at), Math.min(piece.length, from + length - at)];
      if (first < last) {
        parts.push(piece.subarray(first, last));
      }
      at += piece.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  private restart(): void {
    this.close();
    this.inflate = createInflateRaw({ chunkSize: 65_536 });
    // Told by `next`.
    this.inflate.on('error', () => undefined);
    this.packedAt = 0;
    this.kept = [];
    this.keptStart = 0;
    this.keptLength = 0;
  }

  /** The next inflated bytes; undefined at the end. */
  private async next(): Promise<Buffer | undefined> {
    const { inflate } = this;
    for (;;) {
      if (inflate === undefined || inflate.errored || inflate.destroyed) {
        throw new ArrayError('malformed', `${this.member.name} cannot be inflated: ${inflate?.errored?.message ?? 'it is closed'}.`);
      }
      const piece = inflate.read() as Buffer | null;
      if (piece !== null) {
        return piece;
      }
      if (inflate.readableEnded) {
        return undefined;
      }
      await this.feed(inflate);
    }
  }

  private async feed(inflate: InflateRaw): Promise<void> {
    const rest = this.member.packed - this.packedAt;
    const packed = Buffer.from(this.source.read(this.start + this.packedAt, Math.min(PACKED_PIECE, rest)));
    this.packedAt += packed.length;
    const turn = new Promise<void>((resolve) => {
      const done = () => {
        for (const event of EVENTS) {
          inflate.off(event, done);
        }
        resolve();
      };
      EVENTS.forEach((event) => inflate.once(event, done));
    });
    if (packed.length > 0) {
      inflate.write(packed);
    } else if (!inflate.writableEnded) {
      // Where the packed bytes are not complete, this makes an error of it.
      inflate.end();
    }
    await turn;
  }
}

const EVENTS = ['readable', 'end', 'error', 'close'] as const;
