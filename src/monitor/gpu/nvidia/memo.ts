/** Different cells that are kept; a driver has no more in a year. */
const MOST = 512;

/** Remembers what a cell means: names, addresses and masks are the same with every tick. */
export class Memo<T> {
  private readonly known = new Map<string, T>();
  private readonly read: (cell: string) => T;

  constructor(read: (cell: string) => T) {
    this.read = read;
  }

  get(cell: string): T {
    let value = this.known.get(cell);
    if (value === undefined && !this.known.has(cell)) {
      if (this.known.size >= MOST) {
        this.known.clear();
      }
      value = this.read(cell);
      this.known.set(cell, value);
    }
    return value as T;
  }
}
