import { randomBytes } from 'node:crypto';
import type { BytePath } from '../../base/bytePath.ts';
import { unescapeName } from './rsyncNames.ts';

/** What rsync has done with one name. */
export interface Itemized {
  /** The eleven letters of `%i`, or `*deleting`. */
  readonly change: string;
  /** Bytes of the file. */
  readonly length: number;
  /** Bytes that went over the link for it. */
  readonly sent: number;
  readonly path: BytePath;
}

/** How far rsync is within the file that it moves at present, and before. */
export interface RsyncCount {
  /** Bytes of all files so far, as its `--info=progress2` counts them. */
  readonly bytes: number;
}

export interface RsyncListener {
  onItem(item: Itemized): void;
  onCount(count: RsyncCount): void;
  /** Anything else that it says. */
  onNote(line: string): void;
}

/**
 * A format of lines that no name and no message can look like: a random word, then what is fixed, and the name last, since it may
 * have a TAB and nothing in it is escaped that could end it. With `%b` in it rsync prints the line when the file is in place.
 */
export function lineFormat(word = `TY${randomBytes(6).toString('hex')}`): { readonly prefix: string; readonly format: string } {
  return { prefix: `${word}|`, format: `${word}|%i|%l|%b|%n` };
}

const COUNT = /^\s*([\d,.]+)\s+\d+%\s/;
/** A name of 4096 bytes, each escaped, and what stands before it. */
const LONGEST = 64 * 1024;

/**
 * Reads what rsync writes to stdout, in whatever pieces it comes: lines of our format, counts of `--info=progress2` (which end in
 * CR and stand on one line), and notes.
 */
export class RsyncOutput {
  private rest = '';

  constructor(
    private readonly prefix: string,
    private readonly listener: RsyncListener,
  ) {}

  add(chunk: Buffer): void {
    const pieces = (this.rest + chunk.toString('latin1')).split(/[\r\n]/);
    this.rest = (pieces.pop() ?? '').slice(0, LONGEST);
    pieces.forEach((piece) => this.line(piece));
  }

  end(): void {
    this.line(this.rest);
    this.rest = '';
  }

  private line(text: string): void {
    const at = text.indexOf(this.prefix);
    if (at !== -1) {
      // A count may stand before it on the same line.
      this.item(text.slice(at + this.prefix.length));
      return;
    }
    const [, digits] = COUNT.exec(text) ?? [];
    if (digits !== undefined) {
      this.listener.onCount({ bytes: Number(digits.replace(/[,.]/g, '')) });
    } else if (text.trim() !== '') {
      this.listener.onNote(text.trimEnd());
    }
  }

  private item(text: string): void {
    const [, change = '', length = '', sent = '', name] = /^([^|]*)\|(\d+)\|(\d+)\|(.*)$/s.exec(text) ?? [];
    if (name !== undefined) {
      const path = unescapeName(name);
      this.listener.onItem({ change: change.trim(), length: Number(length), sent: Number(sent), path: path.endsWith('/') ? path.slice(0, -1) : path });
    }
  }
}
