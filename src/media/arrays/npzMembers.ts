import { createInflateRaw } from 'node:zlib';
import type { InflateRaw } from 'node:zlib';
import { ArchiveError } from '../archives/archiveError.ts';
import { MemberTable } from '../archives/memberTable.ts';
import type { StoredMember } from '../archives/memberTable.ts';
import { ENCRYPTED, scanZip } from '../archives/scanZip.ts';
import { isDeflated, isStored, startOfZipMember } from '../archives/unpackMember.ts';
import type { ByteSource } from '../byteSource.ts';
import { ArrayError } from './arrayError.ts';
import type { ArrayBytes } from './arraySource.ts';

/** A member of a zip file, as its central directory states it. */
export interface ZipMember extends StoredMember {
  readonly name: string;
}

/** Tells what is wrong with some of them. Throws an `ArrayError` where there is no directory, as in a file that was cut short. */
export function zipMembers(source: ByteSource, tell: (problem: string) => void): readonly ZipMember[] {
  const table = new MemberTable();
  asArrayError('truncated', () => [...scanZip(source, 'It', table, tell)]);
  return Array.from({ length: table.length }, (_, index) => ({ ...table.stored(index), name: table.at(index)?.name ?? '' }));
}

/** A member's own bytes. Throws an `ArrayError` where they cannot be read. */
export function memberBytes(source: ByteSource, member: ZipMember): ArrayBytes & { close(): void } {
  const { name, method, size } = member;
  if (!isStored(member) && !isDeflated(member)) {
    throw new ArrayError('unsupported', method >= ENCRYPTED ? `${name} is encrypted.` : `${name} is compressed by method ${method}, which is not read.`);
  }
  const start = asArrayError('malformed', () => startOfZipMember(source, member, `The member ${name}`));
  if (isStored(member)) {
    return { size, read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))), close: () => undefined };
  }
  return new InflatedBytes(source, start, member);
}

function asArrayError<T>(reason: ArrayError['reason'], read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ArchiveError ? new ArrayError(reason, error.message, { cause: error }) : error;
  }
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
