import { stat } from 'node:fs/promises';
import type { Page } from '../jobStore.ts';
import { readLineBlocks } from './lines.ts';

/** Every so many lines that count, their place is remembered. */
const STRIDE = 1000;

export interface LineFilter {
  /** Whether a line counts; every one where left out. */
  readonly counts?: (line: Buffer) => boolean;
  /** Whether the lines up to this one no longer count. */
  readonly restarts?: (line: Buffer) => boolean;
}

/** Pages of a file of lines that grows at its end: only what is new is looked through, and a page is read from nearby. */
export class LineIndex {
  private marks: number[] = [];
  private total = 0;
  private scanned = 0;
  private inode = -1;
  private scan: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: string,
    private readonly filter: LineFilter = {},
  ) {}

  /** `count` lines that count, from the one numbered `offset` on. A missing file has none. */
  async page(offset: number, count: number): Promise<Page<string>> {
    this.scan = this.scan.catch(() => {}).then(() => this.extend());
    await this.scan;
    const items: string[] = [];
    const from = this.marks[Math.floor(offset / STRIDE)];
    const total = this.total;
    if (from === undefined || offset >= total) {
      return { items, total };
    }
    let skip = offset % STRIDE;
    for await (const { bytes } of readLineBlocks(this.file, from)) {
      for (const line of linesOf(bytes)) {
        if (items.length === count) {
          return { items, total };
        }
        if (this.filter.counts?.(line.bytes) ?? true) {
          if (skip === 0) {
            items.push(line.bytes.toString('utf8'));
          } else {
            skip--;
          }
        }
      }
    }
    return { items, total };
  }

  private async extend(): Promise<void> {
    const { ino, size } = await stat(this.file).catch(() => ({ ino: -1, size: 0 }));
    if (ino !== this.inode || size < this.scanned) {
      Object.assign(this, { marks: [], total: 0, scanned: 0, inode: ino });
    }
    for await (const { bytes, offset } of readLineBlocks(this.file, this.scanned)) {
      for (const line of linesOf(bytes)) {
        if (this.filter.restarts?.(line.bytes)) {
          this.marks = [];
          this.total = 0;
        } else if (this.filter.counts?.(line.bytes) ?? true) {
          if (this.total % STRIDE === 0) {
            this.marks.push(offset + line.start);
          }
          this.total++;
        }
      }
      this.scanned = offset + bytes.length;
    }
  }
}

function* linesOf(bytes: Buffer): Generator<{ readonly bytes: Buffer; readonly start: number }> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    yield { bytes: bytes.subarray(start, end), start };
    start = end + 1;
  }
}
