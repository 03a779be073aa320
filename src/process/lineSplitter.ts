const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Bytes of a line that are told; what is longer is cut. */
export const LONGEST_LINE = 64 * 1024;

/**
 * Cuts what a process writes into lines, whatever the pieces it comes in: a line is decoded when it is whole, so that no character
 * is ever cut in two. LF and CRLF end a line; what nothing ends is none, since a number in it may be cut. A byte order mark before
 * the first is dropped; bytes that are no UTF-8 become U+FFFD.
 */
export class LineSplitter {
  private readonly kept: Buffer[] = [];
  private keptBytes = 0;
  private first = true;

  constructor(private readonly onLine: (line: string) => void) {}

  add(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (this.keptBytes === 0) {
        this.tell(chunk, start, end);
      } else {
        this.keep(chunk, start, end);
        this.flush();
      }
      start = end + 1;
    }
    if (start < chunk.length) {
      this.keep(chunk, start, chunk.length);
    }
  }

  private flush(): void {
    const line = this.kept.length === 1 ? (this.kept[0] as Buffer) : Buffer.concat(this.kept);
    this.kept.length = 0;
    this.keptBytes = 0;
    this.tell(line, 0, line.length);
  }

  /** One byte more than is told, to see that there was more. */
  private keep(chunk: Buffer, start: number, end: number): void {
    const length = Math.min(end - start, LONGEST_LINE + 1 - this.keptBytes);
    if (length > 0) {
      // A copy: a piece of a line must not hold the whole of what it came with.
      this.kept.push(Buffer.from(chunk.subarray(start, start + length)));
      this.keptBytes += length;
    }
  }

  private tell(bytes: Buffer, start: number, end: number): void {
    let from = start;
    let to = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
    if (this.first) {
      this.first = false;
      from += bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf && to - from >= 3 ? 3 : 0;
    }
    if (to - from > LONGEST_LINE) {
      to = from + LONGEST_LINE;
      // Not within a character: its later bytes are 10xxxxxx.
      while (((bytes[to] ?? 0) & 0xc0) === 0x80) {
        to -= 1;
      }
    }
    this.onLine(bytes.toString('utf8', from, to));
  }
}
