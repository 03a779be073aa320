/** The records of a listing as it came (`frames.ts`), each with a hash of its bytes. A link is one record of two fields. */
export interface Records {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where each begins; one more for the end of the last. */
  readonly starts: Uint32Array;
  readonly hashes: Uint32Array;
}

const NUL = 0;
const LINK = 0x6c;
/** FNV-1a (Fowler, Noll and Vo). */
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Takes a listing apart while it comes, in whatever pieces. */
export class RecordsReader {
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private starts = new Uint32Array(1024);
  private hashes = new Uint32Array(1024);
  private count = 0;
  private hash = BASIS;
  private isAtStart = true;
  private isLink = false;

  push(chunk: Buffer): void {
    let { hash, isAtStart, isLink, count } = this;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (isAtStart) {
        isLink = byte === LINK;
        isAtStart = false;
      }
      hash = Math.imul(hash ^ byte, PRIME);
      if (byte === NUL) {
        if (isLink) {
          isLink = false;
        } else {
          this.hashes[count++] = hash;
          if (count === this.starts.length) {
            this.grow();
          }
          this.starts[count] = this.length + at + 1;
          hash = BASIS;
          isAtStart = true;
        }
      }
    }
    this.chunks.push(chunk);
    this.length += chunk.length;
    Object.assign(this, { hash, isAtStart, isLink, count });
  }

  /** What has come, without a record that has not ended. */
  end(): Records {
    const { count, starts, hashes } = this;
    return { bytes: Buffer.concat(this.chunks).subarray(0, starts[count]), count, starts, hashes };
  }

  private grow(): void {
    const [starts, hashes] = [new Uint32Array(this.starts.length * 2), new Uint32Array(this.starts.length * 2)];
    starts.set(this.starts);
    hashes.set(this.hashes);
    Object.assign(this, { starts, hashes });
  }
}
