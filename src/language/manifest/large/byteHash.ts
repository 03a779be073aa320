/** Hashes runs of bytes to whole numbers below 2^53, without making a text of them. Not for secrets. */
export class ByteHash {
  private a = 0;
  private b = 0;

  start(): void {
    this.a = 0x811c9dc5;
    this.b = 0x9747b28c;
  }

  byte(byte: number): void {
    this.a = Math.imul(this.a ^ byte, 0x01000193);
    this.b = Math.imul(this.b ^ byte, 0x5bd1e995) ^ (this.b >>> 15);
  }

  bytes(bytes: Uint8Array, from: number, to: number): void {
    let { a, b } = this;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x5bd1e995) ^ (b >>> 15);
    }
    this.a = a;
    this.b = b;
  }

  /** A number as its millionths, so that 2.5 and 2.50 are one. */
  number(value: number): void {
    const millionths = Math.round(value * 1e6);
    const low = millionths % 0x1_0000_0000;
    const high = (millionths - low) / 0x1_0000_0000;
    this.a = Math.imul(this.a ^ low, 0x01000193) ^ high;
    this.b = Math.imul(this.b ^ high, 0x5bd1e995) ^ low;
  }

  end(): number {
    return mixed(this.a) * 0x20_0000 + (mixed(this.b) & 0x1f_ffff);
  }
}

/** Spreads every bit over all (MurmurHash3's last step). */
function mixed(hash: number): number {
  let value = hash ^ (hash >>> 16);
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
