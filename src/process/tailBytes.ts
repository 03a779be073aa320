/** The last bytes of a stream. Costs next to nothing while it flows: pieces are held as they came. */
export class TailBytes {
  private pieces: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly limit: number) {}

  add(chunk: Buffer): void {
    if (chunk.length >= this.limit) {
      this.pieces = [chunk.subarray(-this.limit)];
      this.bytes = this.limit;
      return;
    }
    this.pieces.push(chunk);
    this.bytes += chunk.length;
    while (this.bytes - (this.pieces[0] as Buffer).length >= this.limit) {
      this.bytes -= (this.pieces.shift() as Buffer).length;
    }
  }

  /** UTF-8, without white space at its ends. */
  toString(): string {
    return Buffer.concat(this.pieces).subarray(-this.limit).toString('utf8').trim();
  }
}
