const FIRST_CAPACITY = 1024;

/**
 * From hashes to whole numbers from 0 to 2^31 - 2, in two typed arrays: 24 bytes an entry on average, where a `Map` takes some 60.
 * Keys are evenly spread whole numbers from 0 to 2^53 - 1, such as those of a `TextHash`. Nothing is ever removed.
 */
export class NumberMap {
  private keys: Float64Array;
  /** One more than the value, so that 0 means empty. */
  private values: Int32Array;
  private count = 0;

  /** `expected` entries are taken without growing. */
  constructor(expected = 0) {
    const capacity = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(expected * (4 / 3) + 1)));
    this.keys = new Float64Array(capacity);
    this.values = new Int32Array(capacity);
  }

  get size(): number {
    return this.count;
  }

  get(key: number): number | undefined {
    const value = this.values[this.slotOf(key)] ?? 0;
    return value === 0 ? undefined : value - 1;
  }

  has(key: number): boolean {
    return this.values[this.slotOf(key)] !== 0;
  }

  /** The value of a key that is there; one that is not takes `value`. */
  meet(key: number, value: number): number | undefined {
    const before = this.values[this.slotOf(key)] ?? 0;
    if (before === 0) {
      this.set(key, value);
      return undefined;
    }
    return before - 1;
  }

  set(key: number, value: number): void {
    const slot = this.slotOf(key);
    if (this.values[slot] === 0) {
      this.keys[slot] = key;
      this.count++;
    }
    this.values[slot] = value + 1;
    if (this.count * 4 > this.keys.length * 3) {
      this.grow();
    }
  }

  /** The slot that holds the key, or the empty one where it would go. */
  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (key >>> 0) & mask;
    while (this.values[slot] !== 0 && this.keys[slot] !== key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.values = new Int32Array(values.length * 2);
    for (const [index, value] of values.entries()) {
      if (value !== 0) {
        const key = keys[index] ?? 0;
        const slot = this.slotOf(key);
        this.keys[slot] = key;
        this.values[slot] = value;
      }
    }
  }
}
