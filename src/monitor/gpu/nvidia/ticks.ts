/** Ticks in a row that end without the highest index before it is taken for gone. */
const PATIENCE = 3;

/**
 * Rows come one after the other, with nothing between the rounds over all GPUs. A round ends where the indices begin anew; with
 * the highest index known it ends with that, and nobody waits for the next. Times would not do: each row has its own.
 */
export class TickGrouper<Row extends { readonly index: number }> {
  private rows: Row[] = [];
  private highest: number | undefined;
  private missed = 0;
  private readonly onTick: (rows: readonly Row[]) => void;

  constructor(onTick: (rows: readonly Row[]) => void) {
    this.onTick = onTick;
  }

  /** The number that the driver's own listing would give a row which does not tell it: the one after the last. */
  get next(): number {
    return (this.rows.at(-1)?.index ?? -1) + 1;
  }

  /** `count`: GPUs in the machine as the driver says, where it does. */
  push(row: Row, count: number | undefined): void {
    const last = this.rows.at(-1);
    if (last !== undefined && row.index <= last.index) {
      this.missed += 1;
      if (this.highest === undefined || this.missed >= PATIENCE) {
        this.highest = last.index;
        this.missed = 0;
      }
      this.end();
    }
    this.rows.push(row);
    this.highest ??= count === undefined ? undefined : count - 1;
    if (this.highest !== undefined && row.index >= this.highest) {
      this.highest = row.index;
      this.missed = 0;
      this.end();
    }
  }

  private end(): void {
    const rows = this.rows;
    this.rows = [];
    this.onTick(rows);
  }
}
