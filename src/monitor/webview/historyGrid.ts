import type { History } from './protocol.ts';

interface Lane {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What a chart draws: times twice in a row, with the smallest and the largest value of each. */
export type ChartData = readonly [times: number[], values: (number | null | undefined)[]];

/**
 * Values over a window of time in columns of `step`: the smallest and the largest of each, so that a short drop is seen however
 * long the window is. Filled from the history and then by live samples; a column without a sample is not a number.
 */
export class HistoryGrid {
  from = 0;
  step = 1000;
  count = 0;
  /** Samples this far apart or nearer belong together. */
  gap = 5000;
  private readonly lanes = new Map<string, Lane>();

  get to(): number {
    return this.from + this.step * this.count;
  }

  /** Empties it for another window; `from` is brought to a multiple of `step`. */
  reset(from: number, to: number, step: number): void {
    this.step = step;
    this.from = Math.floor(from / step) * step;
    this.count = Math.max(1, Math.ceil((to - this.from) / step));
    this.lanes.clear();
  }

  /** What is there already, as of samples that came meanwhile, stays. */
  load({ from, step, gap, series }: History): void {
    this.gap = Math.max(gap, step * 1.5);
    for (const [name, { min, max = min }] of Object.entries(series)) {
      for (let index = 0; index < min.length; index++) {
        const low = min[index] ?? undefined;
        if (low !== undefined) {
          const time = from + index * step;
          this.put(name, time, low);
          this.put(name, time, max[index] ?? low);
        }
      }
    }
  }

  /** A live sample; the window moves on where it is newer than that. */
  add(time: number, values: Iterable<readonly [string, number | undefined]>): void {
    const over = Math.floor((time - this.from) / this.step) - this.count + 1;
    if (over > 0) {
      this.shift(over);
    }
    for (const [name, value] of values) {
      if (value !== undefined) {
        this.put(name, time, value);
      }
    }
  }

  has(name: string): boolean {
    return this.lanes.has(name);
  }

  /** Ascending times that all series share, each twice. */
  times(): number[] {
    return Array.from({ length: this.count * 2 }, (_, index) => this.from + (index >> 1) * this.step);
  }

  /** undefined where the line goes on to the next sample, null where it breaks. */
  values(name: string): (number | null | undefined)[] {
    const lane = this.lanes.get(name);
    const values = new Array<number | null | undefined>(this.count * 2).fill(null);
    if (lane === undefined) {
      return values;
    }
    const reach = Math.floor(this.gap / this.step);
    let last = -Infinity;
    for (let index = 0; index < this.count; index++) {
      const low = lane.low[index] as number;
      if (!Number.isNaN(low)) {
        if (index - last > 1 && index - last <= reach) {
          values.fill(undefined, (last + 1) * 2, index * 2);
        }
        values[index * 2] = low;
        values[index * 2 + 1] = lane.high[index];
        last = index;
      }
    }
    return values;
  }

  /** Spans of time without a sample, as pairs of a start and an end. */
  gaps(name: string): (readonly [from: number, to: number])[] {
    const values = this.values(name);
    const gaps: (readonly [number, number])[] = [];
    let start: number | undefined;
    for (let index = 0; index <= this.count; index++) {
      const open = index < this.count && values[index * 2] === null;
      if (open) {
        start ??= index;
      } else if (start !== undefined) {
        // The newest columns wait for their sample.
        const waits = index === this.count && (index - start) * this.step <= this.gap && start > 0;
        if (!waits) {
          gaps.push([this.from + start * this.step, this.from + index * this.step]);
        }
        start = undefined;
      }
    }
    return gaps;
  }

  /** Spans in which a series was at least 1, with the largest value in each. */
  spans(name: string): { readonly from: number; readonly to: number; readonly value: number }[] {
    const lane = this.lanes.get(name);
    const spans: { from: number; to: number; value: number }[] = [];
    for (let index = 0; lane !== undefined && index < this.count; index++) {
      const value = lane.high[index] as number;
      const from = this.from + index * this.step;
      const last = spans.at(-1);
      if (!(value >= 1)) {
        continue;
      }
      if (last !== undefined && last.value === value && from - last.to <= this.gap) {
        last.to = from + this.step;
      } else {
        spans.push({ from, to: from + this.step, value });
      }
    }
    return spans;
  }

  /** Smallest and largest in the window, and how many columns are known. */
  extent(name: string): { readonly low: number; readonly high: number; readonly known: number } | undefined {
    const lane = this.lanes.get(name);
    let [low, high, known] = [Infinity, -Infinity, 0];
    for (let index = 0; lane !== undefined && index < this.count; index++) {
      const value = lane.low[index] as number;
      if (!Number.isNaN(value)) {
        low = Math.min(low, value);
        high = Math.max(high, lane.high[index] as number);
        known++;
      }
    }
    return known === 0 ? undefined : { low, high, known };
  }

  /** Share of the known columns, in percent, in which a series is `value` or more. */
  share(name: string, value: number): number | undefined {
    const lane = this.lanes.get(name);
    let [known, reached] = [0, 0];
    for (let index = 0; lane !== undefined && index < this.count; index++) {
      const high = lane.high[index] as number;
      if (!Number.isNaN(high)) {
        known++;
        reached += high >= value ? 1 : 0;
      }
    }
    return known === 0 ? undefined : (100 * reached) / known;
  }

  /** The mean of several series, where all that are known at a time are taken. */
  mean(names: readonly string[]): (number | null)[] {
    const lanes = names.map((name) => this.lanes.get(name)).filter((lane) => lane !== undefined);
    return Array.from({ length: this.count }, (_, index) => {
      const known = lanes.map(({ low, high }) => ((low[index] as number) + (high[index] as number)) / 2).filter((value) => !Number.isNaN(value));
      return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
    });
  }

  /** The window in at most `most` parts, the oldest first: when each begins, its smallest and its largest value. */
  parts(name: string, most: number): { readonly time: number; readonly low: number | undefined; readonly high: number | undefined }[] {
    const lane = this.lanes.get(name);
    const size = Math.ceil(this.count / most);
    return Array.from({ length: Math.ceil(this.count / size) }, (_, part) => {
      let [low, high] = [Infinity, -Infinity];
      for (let index = part * size; lane !== undefined && index < Math.min(this.count, (part + 1) * size); index++) {
        const value = lane.low[index] as number;
        if (!Number.isNaN(value)) {
          low = Math.min(low, value);
          high = Math.max(high, lane.high[index] as number);
        }
      }
      return { time: this.from + part * size * this.step, low: low === Infinity ? undefined : low, high: high === -Infinity ? undefined : high };
    });
  }

  private put(name: string, time: number, value: number): void {
    const index = Math.floor((time - this.from) / this.step);
    if (index < 0 || index >= this.count || !Number.isFinite(value)) {
      return;
    }
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      lane = { low: new Float64Array(this.count).fill(NaN), high: new Float64Array(this.count).fill(NaN) };
      this.lanes.set(name, lane);
    }
    const before = lane.low[index] as number;
    lane.low[index] = Number.isNaN(before) ? value : Math.min(before, value);
    lane.high[index] = Number.isNaN(before) ? value : Math.max(lane.high[index] as number, value);
  }

  private shift(columns: number): void {
    const moved = Math.min(columns, this.count);
    this.from += columns * this.step;
    for (const { low, high } of this.lanes.values()) {
      for (const values of [low, high]) {
        values.copyWithin(0, moved);
        values.fill(NaN, this.count - moved);
      }
    }
  }
}
