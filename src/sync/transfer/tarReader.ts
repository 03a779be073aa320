import type { BytePath } from '../../base/bytePath.ts';
import { BLOCK, paddingOf } from './tarHeader.ts';

export interface TarListener {
  /** `type`: `0` a file, `2` a link, `5` a folder, and others that are not asked for. */
  onEntry(entry: { readonly path: BytePath; readonly type: string; readonly size: number; readonly link: BytePath }): void;
  /** A piece of the file that was told last. */
  onData(piece: Buffer): void;
  /** All of what was told last has come. */
  onEntryEnd(): void;
}

export class TarDamaged extends Error {
  override readonly name = 'TarDamaged';
}

/** Longest that a name may be told in; a header that says more is none. */
const LONGEST_NAME = 1 << 20;

/** Reads a tar as it comes, as GNU, BSD and busybox write it: names of GNU's `L` and `K` and of pax's `path` and `linkpath`. */
export class TarReader {
  private kept: Buffer = Buffer.alloc(0);
  /** Bytes of content, then of padding, that belong to the last header. */
  private content = 0;
  private padding = 0;
  private collecting: { readonly type: string; readonly pieces: Buffer[] } | undefined;
  private longName: BytePath | undefined;
  private longLink: BytePath | undefined;
  private paxSize: number | undefined;
  private over = false;

  constructor(private readonly listener: TarListener) {}

  /** Whether the tar's own end has come. */
  get isOver(): boolean {
    return this.over;
  }

  /** Throws a `TarDamaged`, and what the listener throws. */
  add(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.over) {
      if (this.content > 0) {
        at = this.takeContent(chunk, at);
      } else if (this.padding > 0) {
        const skipped = Math.min(this.padding, chunk.length - at);
        this.padding -= skipped;
        at += skipped;
      } else {
        const missing = BLOCK - this.kept.length;
        this.kept = Buffer.concat([this.kept, chunk.subarray(at, at + missing)]);
        at += missing;
        if (this.kept.length === BLOCK) {
          const block = this.kept;
          this.kept = Buffer.alloc(0);
          this.header(block);
        }
      }
    }
  }

  private takeContent(chunk: Buffer, at: number): number {
    const piece = chunk.subarray(at, at + this.content);
    this.content -= piece.length;
    if (this.collecting === undefined) {
      this.listener.onData(piece);
    } else {
      this.collecting.pieces.push(piece);
    }
    if (this.content === 0) {
      this.contentEnd();
    }
    return at + piece.length;
  }

  private contentEnd(): void {
    if (this.collecting === undefined) {
      this.listener.onEntryEnd();
      return;
    }
    const { type, pieces } = this.collecting;
    this.collecting = undefined;
    const text = Buffer.concat(pieces).toString('latin1');
    if (type === 'L') {
      this.longName = text.replace(/\0+$/, '');
    } else if (type === 'K') {
      this.longLink = text.replace(/\0+$/, '');
    } else if (type === 'x') {
      this.pax(text);
    }
  }

  private pax(text: string): void {
    for (let at = 0; at < text.length; ) {
      const space = text.indexOf(' ', at);
      const length = Number(text.slice(at, space));
      if (space === -1 || !Number.isInteger(length) || length < 5) {
        throw new TarDamaged('a record of the archive is damaged');
      }
      const [, key = '', value = ''] = /^([^=]+)=(.*)\n$/s.exec(text.slice(space + 1, at + length)) ?? [];
      if (key === 'path') {
        this.longName = value;
      } else if (key === 'linkpath') {
        this.longLink = value;
      } else if (key === 'size') {
        this.paxSize = Number(value);
      }
      at += length;
    }
  }

  private header(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      this.over = true;
      return;
    }
    const told = Number.parseInt(text(block, 148, 8).trim(), 8);
    let sum = 8 * 0x20;
    block.forEach((byte, index) => (sum += index >= 148 && index < 156 ? 0 : byte));
    if (sum !== told) {
      throw new TarDamaged('a header of the archive is damaged');
    }
    const type = text(block, 156, 1) || '0';
    const size = this.paxSize ?? number(block, 124);
    if (['L', 'K', 'x', 'g'].includes(type)) {
      if (size > LONGEST_NAME) {
        throw new TarDamaged('a header of the archive is too large');
      }
      this.begin(number(block, 124));
      this.collecting = { type, pieces: [] };
      return;
    }
    const prefix = text(block, 257, 6) === 'ustar' ? text(block, 345, 155) : '';
    const name = this.longName ?? (prefix === '' ? '' : `${prefix}/`) + text(block, 0, 100);
    const link = this.longLink ?? text(block, 157, 100);
    this.longName = undefined;
    this.longLink = undefined;
    this.paxSize = undefined;
    this.begin(type === '0' || type === '7' ? size : 0);
    this.listener.onEntry({ path: name.replace(/^(?:\.\/)+/, '').replace(/\/+$/, ''), type: type === '7' ? '0' : type, size: this.content, link });
    if (this.content === 0) {
      this.listener.onEntryEnd();
    }
  }

  private begin(size: number): void {
    this.content = size;
    this.padding = paddingOf(size);
  }
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('latin1', at, end === -1 ? at + length : Math.min(end, at + length));
}

/** Octal, or GNU's base 256. */
function number(block: Buffer, at: number): number {
  return ((block[at] ?? 0) & 0x80) === 0 ? Number.parseInt(text(block, at, 12).trim() || '0', 8) : Number(block.readBigUInt64BE(at + 4));
}
