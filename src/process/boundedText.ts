/** Keeps the head and the tail of what a process writes, and counts what lay between. */
export class BoundedText {
  private readonly head: Buffer[] = [];
  private headBytes = 0;
  private readonly tail: Buffer[] = [];
  private tailBytes = 0;
  private readonly half: number;
  private dropped = 0;

  /** `limit`: bytes that are kept, half of them from the end. */
  constructor(limit: number) {
    this.half = Math.ceil(limit / 2);
  }

  add(chunk: Buffer): void {
    const room = this.half - this.headBytes;
    const rest = room >= chunk.length ? undefined : chunk.subarray(room);
    if (room > 0) {
      this.head.push(rest === undefined ? chunk : chunk.subarray(0, room));
      this.headBytes += Math.min(room, chunk.length);
    }
    if (rest !== undefined) {
      this.addToTail(rest);
    }
  }

  private addToTail(chunk: Buffer): void {
    this.tail.push(chunk);
    this.tailBytes += chunk.length;
    while (this.tailBytes > this.half) {
      const first = this.tail[0] as Buffer;
      const over = Math.min(this.tailBytes - this.half, first.length);
      if (over === first.length) {
        this.tail.shift();
      } else {
        this.tail[0] = first.subarray(over);
      }
      this.tailBytes -= over;
      this.dropped += over;
    }
  }

  /** Bytes that are not kept. */
  get leftOut(): number {
    return this.dropped;
  }

  /** UTF-8; bytes that are none come out as U+FFFD. A line of its own says what was left out. */
  toString(): string {
    const gap = this.dropped === 0 ? [] : [Buffer.from(`\n[… ${this.dropped} bytes left out …]\n`)];
    return Buffer.concat([...this.head, ...gap, ...this.tail]).toString('utf8');
  }
}
