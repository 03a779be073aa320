/** When the messages of a topic came. Times are nanoseconds from the recording's start. */
export interface Timeline {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Messages written down before one that came earlier in the file. */
  readonly outOfOrder: number;
  /** Of the time between two messages; undefined for fewer than two. */
  readonly median?: number;
  readonly p99?: number;
  /** Between messages: longer than three times the median. */
  readonly gapCount: number;
  /** The longest of them, in the order of time. */
  readonly gaps: readonly Gap[];
  /** Messages in each of `PRESENCE` equal parts of the recording. */
  readonly presence: readonly number[];
  /** Times between messages in equal parts from 0 to the last one's end. */
  readonly intervals: { readonly width: number; readonly counts: readonly number[] };
}

export interface Gap {
  readonly from: number;
  readonly to: number;
}

export const PRESENCE = 48;
export const GAP_FACTOR = 3;
const INTERVALS = 24;
/** Gaps that are kept while the median is not known. */
const KEPT = 1000;
/** Bins of an octave: a median is right to 1.1 %. */
const PER_OCTAVE = 64;
const OCTAVES = 64;

/** Gathers what a timeline tells from times in the order of the file. Its memory does not grow with their number. */
export class RunningTimeline {
  private count = 0;
  private first = Infinity;
  private last = -Infinity;
  private previous = NaN;
  private outOfOrder = 0;
  private readonly bins = new Float64Array(PER_OCTAVE * OCTAVES + 1);
  /** What the intervals of a bin add up to: a median is the mean of its bin. */
  private readonly sums = new Float64Array(PER_OCTAVE * OCTAVES + 1);
  private longest: Gap[] = [];
  private threshold = 0;
  private readonly presence = new Array<number>(PRESENCE).fill(0);

  /** `duration` of the whole recording. */
  constructor(private readonly duration: number) {}

  add(times: Float64Array): void {
    for (const time of times) {
      if (this.count > 0) {
        this.addInterval(time);
      }
      this.count++;
      this.first = Math.min(this.first, time);
      this.last = Math.max(this.last, time);
      const part = Math.min(PRESENCE - 1, Math.max(0, Math.floor((time / Math.max(1, this.duration)) * PRESENCE)));
      this.presence[part] = (this.presence[part] ?? 0) + 1;
      // After a message out of order, the next interval counts from the latest.
      this.previous = Math.max(this.previous, time) || time;
    }
  }

  result(): Timeline {
    const { count, first, last, outOfOrder, presence } = this;
    const median = this.quantile(0.5);
    const p99 = this.quantile(0.99);
    const limit = median === undefined ? Infinity : median * GAP_FACTOR;
    const gaps = this.longest.filter(({ from, to }) => to - from > limit).sort((one, other) => one.from - other.from);
    const counted = median === undefined ? 0 : this.countAbove(limit);
    return {
      count,
      first: count === 0 ? 0 : first,
      last: count === 0 ? 0 : last,
      outOfOrder,
      ...(median !== undefined && { median, p99: p99 ?? median }),
      gapCount: this.longest.length < KEPT ? gaps.length : Math.max(gaps.length, counted),
      gaps,
      presence,
      intervals: this.intervals(),
    };
  }

  private addInterval(time: number): void {
    const interval = time - this.previous;
    if (interval < 0) {
      this.outOfOrder++;
      return;
    }
    const bin = binOf(interval);
    this.bins[bin] = (this.bins[bin] ?? 0) + 1;
    this.sums[bin] = (this.sums[bin] ?? 0) + interval;
    if (interval > this.threshold) {
      this.longest.push({ from: this.previous, to: time });
      if (this.longest.length > KEPT * 2) {
        this.longest.sort((one, other) => other.to - other.from - (one.to - one.from));
        this.longest = this.longest.slice(0, KEPT);
        const shortest = this.longest.at(-1);
        this.threshold = shortest ? shortest.to - shortest.from : 0;
      }
    }
  }

  private quantile(share: number): number | undefined {
    const total = this.bins.reduce((sum, count) => sum + count, 0);
    let seen = 0;
    for (let bin = 0; bin < this.bins.length && total > 0; bin++) {
      seen += this.bins[bin] ?? 0;
      if (seen >= total * share) {
        return this.middleOf(bin);
      }
    }
    return undefined;
  }

  private middleOf(bin: number): number {
    return (this.sums[bin] ?? 0) / Math.max(1, this.bins[bin] ?? 0);
  }

  private countAbove(limit: number): number {
    return this.bins.reduce((sum, count, bin) => sum + (this.middleOf(bin) > limit ? count : 0), 0);
  }

  private intervals(): Timeline['intervals'] {
    const used = this.bins.findLastIndex((count) => count > 0);
    const width = Math.max(1, this.middleOf(Math.max(0, used))) / INTERVALS;
    const counts = new Array<number>(INTERVALS).fill(0);
    this.bins.forEach((count, bin) => {
      const part = Math.min(INTERVALS - 1, Math.floor(this.middleOf(bin) / width));
      counts[part] = (counts[part] ?? 0) + count;
    });
    return { width, counts };
  }
}

function binOf(interval: number): number {
  return interval < 1 ? 0 : Math.min(PER_OCTAVE * OCTAVES, 1 + Math.round(Math.log2(interval) * PER_OCTAVE));
}
