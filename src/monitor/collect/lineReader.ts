const NEWLINE = 0x0a;

/** Cuts what comes into lines, of which none may be longer than `most` bytes: then `onTooLong` is called, and nothing after it. */
export class LineReader {
  private kept: Buffer[] = [];
  private keptBytes = 0;
  private over = false;

  constructor(
    private readonly most: number,
    private readonly onLine: (line: string) => void,
    private readonly onTooLong: () => void,
  ) {}

  add(chunk: Buffer): void {
    let start = 0;
    while (!this.over) {
      const end = chunk.indexOf(NEWLINE, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      if (this.keptBytes + piece.length > this.most) {
        this.over = true;
        this.kept = [];
        this.onTooLong();
        return;
      }
      if (end === -1) {
        if (piece.length > 0) {
          this.kept.push(piece);
          this.keptBytes += piece.length;
        }
        return;
      }
      const line = this.keptBytes === 0 ? piece : Buffer.concat([...this.kept, piece]);
      this.kept = [];
      this.keptBytes = 0;
      start = end + 1;
      this.onLine(line.toString('utf8'));
    }
  }
}
