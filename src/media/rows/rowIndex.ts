/** A row's bytes, without what parts it from the next one. */
export interface RowRange {
  /** Counted from 0 over all records, a header included. */
  readonly record: number;
  readonly start: number;
  readonly end: number;
}

/** Where the records of a text lie. It is made piece by piece, and asked meanwhile. */
export interface RowIndex {
  /** Bytes that it has come through. */
  readonly scanned: number;
  /** Records that are known whole. */
  readonly known: number;
  readonly complete: boolean;
  /** Why it ends before the file does, and where. */
  readonly problem: { readonly message: string; readonly offset: number } | undefined;
  /** Goes through the next megabytes. */
  step(): void;
  /** The bytes have become more. False where it has to be made anew. */
  grow(): boolean;
  /** Records from one that is known on. */
  records(from: number): Iterable<RowRange>;
  /** The record that holds a byte of the part that was scanned. */
  recordAt(offset: number): number;
}

/** Numbers in a growing array without boxes. */
export class GrowingNumbers {
  length = 0;
  private numbers = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.numbers.length) {
      const wider = new Float64Array(this.numbers.length * 2);
      wider.set(this.numbers);
      this.numbers = wider;
    }
    this.numbers[this.length++] = value;
  }

  at(index: number): number {
    return this.numbers[index] ?? 0;
  }

  /** The last index whose number is at most, or with `below` less than, `value`, of numbers that only rise; -1 where there is none. */
  lastUpTo(value: number, below = false): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const number = this.at(middle);
      if (number < value || (!below && number === value)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
