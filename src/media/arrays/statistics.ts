/** Of all values of an array. Those that are NaN or infinite are counted apart, and are in nothing else. */
export interface ArrayStatistics {
  readonly count: number;
  readonly finite: number;
  readonly nan: number;
  readonly positiveInfinite: number;
  readonly negativeInfinite: number;
  readonly zeros: number;
  /** Undefined where no value is finite. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** Of the population: divided by the count. */
  readonly deviation?: number;
  readonly histogram: Histogram;
}

/** Counts of equally wide bins; the first one starts at `start`. The last one includes its end. */
export interface Histogram {
  readonly start: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** Fine bins kept, and bins shown at most. */
const FINE = 4096;
const SHOWN = 64;
/** Of normal numbers; the reciprocal of a smaller one is infinite. */
const SMALLEST = 2 ** -1022;

/**
 * Statistics in one walk. The histogram finds its range as it goes: where a value falls outside, its bins are joined two
 * by two until it fits, so that counts stay exact.
 */
export class RunningStatistics {
  private count = 0;
  private nan = 0;
  private positiveInfinite = 0;
  private negativeInfinite = 0;
  private zeros = 0;
  private finite = 0;
  private min = Infinity;
  private max = -Infinity;
  private mean = 0;
  private squares = 0;
  /** Where the bins start, in widths: a whole number. */
  private base = 0;
  private width = 0;
  private bins = new Float64Array(FINE);

  add(values: Float64Array): void {
    let min = Infinity;
    let max = -Infinity;
    let sum = 0;
    let finite = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? NaN;
      if (value - value === 0) {
        finite++;
        sum += value;
        if (value < min) {
          min = value;
        }
        if (value > max) {
          max = value;
        }
        if (value === 0) {
          this.zeros++;
        }
      } else if (value > 0) {
        this.positiveInfinite++;
      } else if (value < 0) {
        this.negativeInfinite++;
      } else {
        this.nan++;
      }
    }
    this.count += values.length;
    if (finite > 0) {
      this.merge(values, finite, sum / finite);
      this.min = Math.min(this.min, min);
      this.max = Math.max(this.max, max);
      this.fit(min, max);
      this.countBins(values);
    }
  }

  result(): ArrayStatistics {
    const { count, finite, nan, positiveInfinite, negativeInfinite, zeros, min, max, mean } = this;
    const known = finite > 0 && { min, max, mean, deviation: Math.sqrt(Math.max(0, this.squares) / finite) };
    return { count, finite, nan, positiveInfinite, negativeInfinite, zeros, ...known, histogram: this.histogram() };
  }

  /** Chan's joining of means and of sums of squares, which loses nothing where the mean is far from 0. */
  private merge(values: Float64Array, finite: number, mean: number): void {
    let squares = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? NaN;
      if (value - value === 0) {
        squares += (value - mean) * (value - mean);
      }
    }
    const total = this.finite + finite;
    const difference = mean - this.mean;
    this.squares += squares + (difference ** 2 * this.finite * finite) / total;
    this.mean += (difference * finite) / total;
    this.finite = total;
  }

  private fit(min: number, max: number): void {
    if (this.width === 0) {
      const range = max / (FINE / 2) - min / (FINE / 2);
      // Bins start at a multiple of their width, which is a power of 2: they are joined without a remainder.
      this.width = 2 ** Math.ceil(Math.log2(Math.max(range, Math.abs(max) * 2 ** -40, Math.abs(min) * 2 ** -40, SMALLEST)));
      this.base = Math.floor(min / this.width);
    }
    while (min / this.width < this.base || max / this.width >= this.base + FINE) {
      this.join();
    }
  }

  private join(): void {
    const base = Math.floor(this.base / 2);
    // An odd start leaves the first joined bin with a single old one.
    const shift = this.base - base * 2;
    const joined = new Float64Array(FINE);
    // Free bins come on both sides.
    const before = FINE / 4;
    for (let index = 0; index < FINE; index++) {
      const to = ((index + shift) >> 1) + before;
      joined[to] = (joined[to] ?? 0) + (this.bins[index] ?? 0);
    }
    this.bins = joined;
    this.width *= 2;
    this.base = base - before;
  }

  private countBins(values: Float64Array): void {
    const { bins, base } = this;
    // Exact, as the width is a power of 2.
    const scale = 1 / this.width;
    for (let index = 0; index < values.length; index++) {
      const value = values[index] ?? NaN;
      if (value - value === 0) {
        const bin = Math.floor(value * scale) - base;
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
    }
  }

  private histogram(): Histogram {
    if (this.finite === 0) {
      return { start: 0, width: 0, counts: [] };
    }
    const first = Math.floor(this.min / this.width) - this.base;
    const last = Math.floor(this.max / this.width) - this.base;
    const group = Math.ceil((last - first + 1) / SHOWN);
    const counts = new Array<number>(Math.ceil((last - first + 1) / group)).fill(0);
    for (let bin = first; bin <= last; bin++) {
      const to = Math.floor((bin - first) / group);
      counts[to] = (counts[to] ?? 0) + (this.bins[bin] ?? 0);
    }
    return { start: Math.max(-Number.MAX_VALUE, (this.base + first) * this.width), width: this.width * group, counts };
  }
}
