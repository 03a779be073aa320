/** Lowest, highest and root mean square of runs of samples. Full scale is 1. */
export interface PeakColumns {
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly rms: Float32Array;
}

/** Samples of a bin of the lowest level at least. */
const LEAST_BIN = 256;
/** Bins of all channels of the lowest level. */
const MOST_BINS = 4 * 2 ** 20;
const STEP = 8;
const FULL = 32_767;

class Level {
  readonly min: Int16Array;
  readonly max: Int16Array;
  readonly rms: Uint16Array;
  /** Bins that are there. */
  filled = 0;

  constructor(
    readonly binFrames: number,
    readonly bins: number,
  ) {
    this.min = new Int16Array(bins);
    this.max = new Int16Array(bins);
    this.rms = new Uint16Array(bins);
  }
}

/** Peaks of one channel at several resolutions, filled from the beginning to the end. */
class Channel {
  readonly levels: readonly Level[];
  private low = Infinity;
  private high = -Infinity;
  private square = 0;
  private count = 0;

  constructor(frames: number, binFrames: number) {
    const levels: Level[] = [];
    for (let size = binFrames; levels.length === 0 || frames / (size / STEP) > 512; size *= STEP) {
      levels.push(new Level(size, Math.max(1, Math.ceil(frames / size))));
    }
    this.levels = levels;
  }

  add(samples: Float32Array): void {
    const { binFrames } = this.levels[0] as Level;
    let { low, high, square, count } = this;
    for (let index = 0; index < samples.length; ) {
      const end = Math.min(samples.length, index + binFrames - count);
      count += end - index;
      for (; index < end; index++) {
        const value = samples[index]!;
        low = value < low ? value : low;
        high = value > high ? value : high;
        square += value * value;
      }
      if (count === binFrames) {
        this.finish(0, low, high, Math.sqrt(square / count));
        low = Infinity;
        high = -Infinity;
        square = 0;
        count = 0;
      }
    }
    Object.assign(this, { low, high, square, count });
  }

  end(): void {
    if (this.count > 0) {
      this.finish(0, this.low, this.high, Math.sqrt(this.square / this.count));
      this.count = 0;
    }
    this.levels.forEach((_, index) => index > 0 && this.raise(index, true));
  }

  private finish(at: number, low: number, high: number, rms: number): void {
    const level = this.levels[at] as Level;
    if (level.filled < level.bins) {
      level.min[level.filled] = Math.max(-FULL, Math.floor(low * FULL));
      level.max[level.filled] = Math.min(FULL, Math.ceil(high * FULL));
      level.rms[level.filled] = Math.min(65_535, Math.round(rms * FULL));
      level.filled++;
      if (at + 1 < this.levels.length) {
        this.raise(at + 1, false);
      }
    }
  }

  /** Takes the bins of the level below together, those of an unfinished group only at the end. */
  private raise(at: number, isEnd: boolean): void {
    const below = this.levels[at - 1] as Level;
    const level = this.levels[at] as Level;
    while (level.filled < level.bins && (below.filled >= (level.filled + 1) * STEP || (isEnd && below.filled > level.filled * STEP))) {
      const from = level.filled * STEP;
      const to = Math.min(below.filled, from + STEP);
      let low = FULL;
      let high = -FULL;
      let square = 0;
      for (let bin = from; bin < to; bin++) {
        low = Math.min(low, below.min[bin] as number);
        high = Math.max(high, below.max[bin] as number);
        square += (below.rms[bin] as number) ** 2;
      }
      this.finish(at, low / FULL, high / FULL, Math.sqrt(square / (to - from)) / FULL);
    }
  }
}

/** Peaks of a whole file at several resolutions, filled as its samples come. */
export class PeakLevels {
  /** Samples of a bin of the lowest level. */
  readonly binFrames: number;
  private readonly channels: readonly Channel[];
  private done = 0;

  constructor(
    channels: number,
    readonly frames: number,
  ) {
    let binFrames = LEAST_BIN;
    while ((frames / binFrames) * channels > MOST_BINS) {
      binFrames *= 2;
    }
    this.binFrames = binFrames;
    this.channels = Array.from({ length: channels }, () => new Channel(frames, binFrames));
  }

  /** Frames from the beginning that are there. */
  get covered(): number {
    return this.done;
  }

  add(block: readonly Float32Array[]): void {
    block.forEach((samples, channel) => this.channels[channel]?.add(samples));
    this.done += block[0]?.length ?? 0;
  }

  end(): void {
    this.channels.forEach((channel) => channel.end());
  }

  /** Columns over a range of frames by the coarsest level that has a bin for each of them; undefined where none has. */
  columns(channel: number, from: number, to: number, count: number): PeakColumns | undefined {
    const perColumn = (to - from) / count;
    const levels = this.channels[channel]?.levels ?? [];
    const level = levels.filter(({ binFrames }) => binFrames <= perColumn).at(-1);
    if (level === undefined) {
      return undefined;
    }
    const columns = emptyColumns(count);
    for (let column = 0; column < count; column++) {
      const first = Math.floor((from + column * perColumn) / level.binFrames);
      const last = Math.min(level.filled, Math.max(first + 1, Math.floor((from + (column + 1) * perColumn) / level.binFrames)));
      let low = FULL;
      let high = -FULL;
      let square = 0;
      for (let bin = first; bin < last; bin++) {
        low = Math.min(low, level.min[bin] as number);
        high = Math.max(high, level.max[bin] as number);
        square += (level.rms[bin] as number) ** 2;
      }
      if (last > first) {
        columns.min[column] = low / FULL;
        columns.max[column] = high / FULL;
        columns.rms[column] = Math.sqrt(square / (last - first)) / FULL;
      }
    }
    return columns;
  }

  /** What the lowest level holds, one after the other, for keeping. */
  pack(channel: number): Uint8Array {
    const { min, max, rms } = this.channels[channel]?.levels[0] as Level;
    const bytes = new Uint8Array(min.byteLength * 3);
    [min, max, rms].forEach((part, index) => bytes.set(new Uint8Array(part.buffer), index * min.byteLength));
    return bytes;
  }

  /** Takes back what `pack` gave; false where it does not fit. */
  unpack(channel: number, bytes: Uint8Array): boolean {
    const own = this.channels[channel];
    const level = own?.levels[0];
    if (own === undefined || level === undefined || bytes.length !== level.bins * 6) {
      return false;
    }
    const { buffer } = bytes.slice();
    level.min.set(new Int16Array(buffer, 0, level.bins));
    level.max.set(new Int16Array(buffer, level.bins * 2, level.bins));
    level.rms.set(new Uint16Array(buffer, level.bins * 4, level.bins));
    level.filled = level.bins;
    own.end();
    this.done = this.frames;
    return true;
  }
}

/** Without a sample, `min` is above `max`. */
export function emptyColumns(count: number): PeakColumns {
  return { min: new Float32Array(count).fill(1), max: new Float32Array(count).fill(-1), rms: new Float32Array(count) };
}

/** Straight from samples; of less than a sample a column, the nearest. */
export function columnsOf(samples: Float32Array, count: number): PeakColumns {
  const columns = emptyColumns(count);
  const perColumn = samples.length / count;
  for (let column = 0; column < count; column++) {
    const from = Math.floor(column * perColumn);
    const to = Math.min(samples.length, Math.max(from + 1, Math.floor((column + 1) * perColumn)));
    let low = Infinity;
    let high = -Infinity;
    let square = 0;
    for (let index = from; index < to; index++) {
      const value = samples[index] as number;
      low = value < low ? value : low;
      high = value > high ? value : high;
      square += value * value;
    }
    if (to > from) {
      columns.min[column] = low;
      columns.max[column] = high;
      columns.rms[column] = Math.sqrt(square / (to - from));
    }
  }
  return columns;
}
