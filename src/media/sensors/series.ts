/**
 * Numeric fields of a topic over time, as a picture of so many pixel columns shows them: of each column the smallest and
 * the largest value, or the messages themselves where there are no more than two to a column.
 */
export interface Series {
  /** Nanoseconds from the recording's start, growing. */
  readonly times: Float64Array;
  /** One for each field; NaN where the line is to be broken: at a gap, between episodes, and where a message has no such number. */
  readonly values: readonly Float64Array[];
  readonly messages: number;
}

/** Takes messages in any order. */
export class SeriesColumns {
  private readonly counts: Uint32Array;
  private readonly firsts: Float64Array;
  private readonly lasts: Float64Array;
  private readonly low: Float64Array[];
  private readonly high: Float64Array[];
  /** Values of the first and of the last message of a column. */
  private readonly early: Float64Array[];
  private readonly late: Float64Array[];
  private messages = 0;
  /** The nearest message on either side of the picture. */
  private before: { readonly time: number; readonly values: readonly number[] } | undefined;
  private after: { readonly time: number; readonly values: readonly number[] } | undefined;

  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly columns: number,
    fields: number,
  ) {
    const made = () => Array.from({ length: fields }, () => new Float64Array(columns).fill(NaN));
    this.counts = new Uint32Array(columns);
    this.firsts = new Float64Array(columns).fill(Infinity);
    this.lasts = new Float64Array(columns).fill(-Infinity);
    this.low = made();
    this.high = made();
    this.early = made();
    this.late = made();
  }

  add(time: number, values: readonly number[]): void {
    const column = Math.min(this.columns - 1, Math.max(0, Math.floor(((time - this.from) / Math.max(1, this.to - this.from)) * this.columns)));
    this.messages++;
    this.counts[column] = (this.counts[column] ?? 0) + 1;
    const isFirst = time < (this.firsts[column] ?? Infinity);
    const isLast = time >= (this.lasts[column] ?? -Infinity);
    values.forEach((value, field) => {
      const [low, high, early, late] = [this.low[field], this.high[field], this.early[field], this.late[field]];
      if (low && high && early && late) {
        if (isFirst) {
          early[column] = value;
        }
        if (isLast) {
          late[column] = value;
        }
        if (!Number.isNaN(value)) {
          low[column] = value < (low[column] ?? NaN) || Number.isNaN(low[column]) ? value : (low[column] ?? NaN);
          high[column] = value > (high[column] ?? NaN) || Number.isNaN(high[column]) ? value : (high[column] ?? NaN);
        }
      }
    });
    if (isFirst) {
      this.firsts[column] = time;
    }
    if (isLast) {
      this.lasts[column] = time;
    }
  }

  /** The last message before the picture or the first one after it: the line comes from it, or goes on to it. */
  outside(time: number, values: readonly number[]): void {
    if (time < this.from) {
      this.before = { time, values };
    } else if (time > this.to) {
      this.after = { time, values };
    }
  }

  /**
   * The line is broken where messages are farther apart than `gap` nanoseconds, and before each of `starts`: times, growing,
   * at which something begins that has nothing to do with what was before.
   */
  result(gap: number, starts: readonly number[] = []): Series {
    const times: number[] = [];
    const values = this.low.map((): number[] => []);
    let next = 0;
    const isBegunBy = (time: number): boolean => (starts[next] ?? Infinity) <= time;
    const put = (time: number, at: (field: number) => number) => {
      const last = times.at(-1);
      const isBroken = isBegunBy(time);
      while (isBegunBy(time)) {
        next++;
      }
      if (last !== undefined && (isBroken || time - last > gap)) {
        times.push(last + (time - last) / 2);
        values.forEach((list) => list.push(NaN));
      }
      times.push(Math.max(time, (times.at(-1) ?? -Infinity) + (last === undefined ? 0 : 1)));
      values.forEach((list, field) => list.push(at(field)));
    };
    if (this.before) {
      const { time, values: own } = this.before;
      put(time, (field) => own[field] ?? NaN);
    }
    for (let column = 0; column < this.columns; column++) {
      const count = this.counts[column] ?? 0;
      const [first, last] = [this.firsts[column] ?? 0, this.lasts[column] ?? 0];
      if (count > 0) {
        put(first, (field) => this.early[field]?.[column] ?? NaN);
      }
      // Lowest and highest of both sides of a border would join them.
      if (count > 2 && !isBegunBy(last)) {
        // Between the first and the last of a column the picture has no room for an order.
        put(first + (last - first) / 3, (field) => this.low[field]?.[column] ?? NaN);
        put(first + ((last - first) * 2) / 3, (field) => this.high[field]?.[column] ?? NaN);
      }
      if (count > 1) {
        put(last, (field) => this.late[field]?.[column] ?? NaN);
      }
    }
    if (this.after) {
      const { time, values: own } = this.after;
      put(time, (field) => own[field] ?? NaN);
    }
    return { times: Float64Array.from(times), values: values.map((list) => Float64Array.from(list)), messages: this.messages };
  }
}
