import { setImmediate } from 'node:timers/promises';
import type { Disposable } from '../../base/disposable.ts';
import { bytesInMemory } from '../byteSource.ts';
import type { ByteSource } from '../byteSource.ts';
import type { RowBytes } from '../rows/rowBytes.ts';
import { openRowBytes } from '../rows/rowBytes.ts';
import { ArchiveError } from './archiveError.ts';
import { scanGzip } from './gzipMembers.ts';
import type { Member } from './memberTable.ts';
import { MemberTable } from './memberTable.ts';
import { piecesOfDeflated, piecesOfGzip } from './unpackPieces.ts';
import { isHeader, scanTar } from './scanTar.ts';
import { scanZip } from './scanZip.ts';
import { isDeflated, isStored, MAX_UNPACKED, partOf, startOfZipMember, unpackZipMember } from './unpackMember.ts';

export type ArchiveFormat = 'tar' | 'tar.gz' | 'zip';

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file that were gone through. */
  readonly onProgress?: ((done: number, size: number) => void) | undefined;
}

/** Milliseconds of work between two turns. */
const STRETCH = 8;

/** An archive whose members are listed by their headers, and read without unpacking the others where the format allows it. */
export class Archive implements Disposable {
  readonly table = new MemberTable();
  private readonly told: string[] = [];
  private scanning: Promise<void> | undefined;
  private isComplete = false;
  private done = 0;
  private ended = false;

  private constructor(
    readonly file: string,
    readonly format: ArchiveFormat,
    private readonly bytes: RowBytes,
    private readonly source: ByteSource,
  ) {}

  /** Undefined where the file is no archive. Throws an `ArchiveError` where it cannot be read. */
  static open(file: string): Archive | undefined {
    let bytes: RowBytes;
    try {
      bytes = openRowBytes(file);
    } catch (error) {
      throw ArchiveError.from((error as Error).cause ?? error, file);
    }
    const format = formatOf(bytes, file);
    if (format === undefined) {
      bytes.dispose();
      return undefined;
    }
    return new Archive(file, format, bytes, { size: bytes.size, read: (offset, length) => (offset < 0 ? Buffer.alloc(0) : bytes.read(offset, length)) });
  }

  get size(): number {
    return this.bytes.size;
  }

  /** What is wrong with it. */
  get problems(): readonly string[] {
    return this.told;
  }

  get complete(): boolean {
    return this.isComplete;
  }

  /** Bytes of the file that were gone through. */
  get scanned(): number {
    return this.isComplete ? this.size : this.done;
  }

  /** Whether the file is still the one that was opened. */
  isCurrent(): boolean {
    return this.bytes.refresh() === 'same';
  }

  /** Goes through all headers; at once where that was done. Of several who wait, the first one's signal ends it for all. */
  scan({ signal, onProgress }: ScanOptions = {}): Promise<void> {
    if (this.isComplete) {
      return Promise.resolve();
    }
    this.scanning ??= this.run(signal, onProgress).finally(() => (this.scanning = undefined));
    return this.scanning;
  }

  /** The member of that name, the first of several. Waits for the scan only where it has not come by it yet. */
  async find(name: string, signal?: AbortSignal): Promise<Member | undefined> {
    let from = 0;
    for (;;) {
      const found = this.table.find(name, from);
      if (found >= 0) {
        return this.table.at(found);
      }
      from = this.table.length;
      if (this.isComplete) {
        return this.findBySteps(name);
      }
      await this.scan({ signal });
    }
  }

  /** A member by the steps that folders show: `a/b.txt` for `./a//b.txt`. */
  private findBySteps(name: string): Member | undefined {
    const wanted = stepsOf(name).join('/');
    for (let index = 0; index < this.table.length; index++) {
      const member = this.table.at(index);
      if (member && member.name.endsWith(wanted.slice(wanted.lastIndexOf('/') + 1)) && stepsOf(member.name).join('/') === wanted) {
        return member;
      }
    }
    return undefined;
  }

  /** A member's bytes: read from the archive as they are asked for, or unpacked, up to 256 MiB. Rejects with an `ArchiveError`. */
  async read({ index, name }: Member, signal?: AbortSignal): Promise<ByteSource> {
    const stored = this.table.stored(index);
    const shown = `${this.file}!/${name}`;
    if (this.format === 'zip') {
      return unpackZipMember(this.source, stored, shown, signal);
    }
    if (this.format === 'tar') {
      const part = partOf(this.source, stored.offset, stored.size);
      if (part.size < stored.size) {
        throw new ArchiveError('malformed', `${shown} is cut short: ${part.size} of ${stored.size} bytes are there.`);
      }
      return part;
    }
    if (stored.size > MAX_UNPACKED) {
      throw new ArchiveError('tooLarge', `${shown} unpacks to ${stored.size} bytes; at most ${MAX_UNPACKED} are unpacked into memory.`);
    }
    const pieces: Buffer[] = [];
    for await (const piece of piecesOfGzip(this.file, stored.offset, stored.size, shown, signal)) {
      pieces.push(piece);
    }
    return bytesInMemory(Buffer.concat(pieces, stored.size));
  }

  /** Where a member's bytes lie in the archive's file as they are; undefined where they have to be unpacked. Throws an `ArchiveError`. */
  runOf({ index, name }: Member): { readonly start: number; readonly size: number } | undefined {
    const stored = this.table.stored(index);
    if (this.format === 'tar.gz' || !isStored(stored)) {
      return undefined;
    }
    const start = this.format === 'zip' ? startOfZipMember(this.source, stored, `${this.file}!/${name}`) : stored.offset;
    const size = Math.max(0, Math.min(stored.packed, this.size - start));
    if (size < stored.size) {
      throw new ArchiveError('malformed', `${this.file}!/${name} is cut short: ${size} of ${stored.size} bytes are there.`);
    }
    return { start, size };
  }

  /**
   * A member's bytes from its beginning on, some kilobytes at a time and however large it is, as long as they are asked for.
   * Rejects with an `ArchiveError`, also where they are more than the archive states.
   */
  async *pieces(member: Member, signal?: AbortSignal): AsyncGenerator<Buffer, void, void> {
    const stored = this.table.stored(member.index);
    const shown = `${this.file}!/${member.name}`;
    if (this.format === 'tar.gz') {
      yield* piecesOfGzip(this.file, stored.offset, stored.size, shown, signal);
    } else if (this.format === 'zip' && isDeflated(stored)) {
      yield* piecesOfDeflated({ file: this.file, start: startOfZipMember(this.source, stored, shown), packed: stored.packed, size: stored.size, shown }, signal);
    } else {
      const source = await this.read(member, signal);
      for (let at = 0; at < source.size; at += PIECE) {
        signal?.throwIfAborted();
        yield Buffer.from(source.read(at, PIECE));
        await setImmediate();
      }
    }
  }

  dispose(): void {
    this.ended = true;
    this.bytes.dispose();
  }

  private async run(signal: AbortSignal | undefined, onProgress: ScanOptions['onProgress']): Promise<void> {
    const tell = (problem: string) => void this.told.push(problem);
    try {
      if (this.format === 'tar.gz') {
        this.restart();
        await scanGzip(this.file, scanTar(this.table, tell), signal, (done) => this.progress(done, onProgress));
      } else {
        await this.steps(this.format === 'zip' ? this.zipSteps(tell) : this.tarSteps(tell), signal, onProgress);
      }
      this.isComplete = true;
      this.checkTail();
      onProgress?.(this.size, this.size);
    } catch (error) {
      this.restart();
      throw error;
    }
  }

  /** A scan that was given up starts anew. */
  private restart(): void {
    this.told.length = 0;
    if (this.table.length > 0) {
      (this as { table: MemberTable }).table = new MemberTable();
    }
  }

  private async steps(steps: Generator<number, void, void>, signal: AbortSignal | undefined, onProgress: ScanOptions['onProgress']): Promise<void> {
    let since = performance.now();
    for (const done of steps) {
      if (performance.now() - since >= STRETCH) {
        this.progress(done, onProgress);
        await setImmediate();
        signal?.throwIfAborted();
        if (this.ended) {
          throw new ArchiveError('gone', `${this.file} is closed.`);
        }
        since = performance.now();
      }
    }
  }

  private progress(done: number, onProgress: ScanOptions['onProgress']): void {
    this.done = done;
    onProgress?.(done, this.size);
  }

  private *tarSteps(tell: (problem: string) => void): Generator<number, void, void> {
    const scan = scanTar(this.table, tell);
    for (let turn = scan.next(); turn.done !== true; ) {
      const { offset, length } = turn.value;
      yield offset;
      turn = scan.next(this.header(offset, length));
    }
  }

  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  /** Headers of small members lie close together; between those of large ones nothing is read. */
  private header(offset: number, length: number): Buffer {
    const at = offset - this.windowStart;
    if (at >= 0 && at + length <= this.window.length) {
      return this.window.subarray(at, at + length);
    }
    const isNear = at >= 0 && at < this.window.length + NEAR;
    this.window = this.bytes.read(offset, Math.max(length, isNear ? WINDOW : 512));
    this.windowStart = offset;
    return this.window.subarray(0, length);
  }

  private zipSteps(tell: (problem: string) => void): Generator<number, void, void> {
    return scanZip(this.source, this.file, this.table, tell);
  }

  private checkTail(): void {
    const last = this.table.length - 1;
    const stored = this.table.stored(last);
    if (this.format === 'tar' && last >= 0 && stored.offset + stored.size > this.size) {
      this.told.push(`The last member, ${this.table.at(last)?.name.slice(0, 200) ?? ''}, is cut short: ${this.size - stored.offset} of ${stored.size} bytes are there.`);
    }
  }
}

/** Steps of a member's name as folders show them; steps that lead out or nowhere are left out. */
export function stepsOf(name: string): string[] {
  return name.split('/').filter((step) => step !== '' && step !== '.' && step !== '..');
}

const PIECE = 1_048_576;
const NEAR = 16_384;
const WINDOW = 65_536;

function formatOf(bytes: RowBytes, file: string): ArchiveFormat | undefined {
  const head = bytes.read(0, 512);
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) {
    return 'zip';
  }
  if (head[0] === 0x1f && head[1] === 0x8b) {
    return /\.(?:tar\.gz|tgz)$/i.test(file) ? 'tar.gz' : undefined;
  }
  const isTar = head.length === 512 && (isHeader(head) ? !head.every((byte) => byte === 0) : false);
  return isTar || (/\.tar$/i.test(file) && (bytes.size === 0 || head.every((byte) => byte === 0))) ? 'tar' : undefined;
}
