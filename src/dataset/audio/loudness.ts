import type { Measured } from '../../base/absent.ts';
import { absent } from '../../base/absent.ts';

export interface Loudness {
  /** LUFS over the whole. */
  readonly integrated: Measured<number>;
  /** LU. */
  readonly range: Measured<number>;
  /** dBTP by channel. */
  readonly truePeak: readonly Measured<number>[];
}

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** The two filters of K weighting at any rate: those of ITU-R BS.1770-5, Annex 1, given for 48 kHz, as the analogue ones that they stand for. */
function kWeighting(rate: number): readonly [Biquad, Biquad] {
  const shelfK = Math.tan((Math.PI * 1681.974450955533) / rate);
  const gain = 10 ** (3.999843853973347 / 20);
  const shelfQ = 0.7071752369554196;
  const middle = gain ** 0.4996667741545416;
  const shelf0 = 1 + shelfK / shelfQ + shelfK * shelfK;
  const passK = Math.tan((Math.PI * 38.13547087602444) / rate);
  const passQ = 0.5003270373238773;
  const pass0 = 1 + passK / passQ + passK * passK;
  return [
    {
      b: [(gain + (middle * shelfK) / shelfQ + shelfK * shelfK) / shelf0, (2 * (shelfK * shelfK - gain)) / shelf0, (gain - (middle * shelfK) / shelfQ + shelfK * shelfK) / shelf0],
      a: [(2 * (shelfK * shelfK - 1)) / shelf0, (1 - shelfK / shelfQ + shelfK * shelfK) / shelf0],
    },
    { b: [1, -2, 1], a: [(2 * (passK * passK - 1)) / pass0, (1 - passK / passQ + passK * passK) / pass0] },
  ];
}

/** Weights of channels in the order of WAVE files: the low-frequency channel is left out, surround channels count 1.41. */
function weightOf(channel: number, channels: number): number {
  if (channels === 6 || channels === 8) {
    return channel === 3 ? 0 : channel >= 4 ? 1.41 : 1;
  }
  return channels === 5 && channel >= 3 ? 1.41 : 1;
}

/** Filters a channel and sums its squares by steps of 100 ms. */
class Weighted {
  private readonly state = new Float64Array(4);
  private readonly filters: readonly [Biquad, Biquad];

  constructor(rate: number) {
    this.filters = kWeighting(rate);
  }

  sum(samples: Float32Array, from: number, to: number): number {
    const [{ b: [b0, b1, b2], a: [a1, a2] }, { a: [c1, c2] }] = this.filters;
    let [s1 = 0, s2 = 0, t1 = 0, t2 = 0] = this.state;
    let total = 0;
    for (let index = from; index < to; index++) {
      const x = samples[index] as number;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      const z = y + t1;
      t1 = -2 * y - c1 * z + t2;
      t2 = y - c2 * z;
      total += z * z;
    }
    // What has decayed to almost nothing would be slow to reckon with.
    this.state.set([s1, s2, t1, t2].map((value) => (Math.abs(value) < 1e-30 ? 0 : value)));
    return total;
  }
}

const OFFSET = -0.691;
/** LUFS that a block has to reach to count at all. */
const ABSOLUTE_GATE = -70;
const loudnessOf = (power: number) => OFFSET + 10 * Math.log10(power);
const powerOf = (loudness: number) => 10 ** ((loudness - OFFSET) / 10);

/** Loudness by ITU-R BS.1770-5 and its range by EBU Tech 3342, from samples as they come. */
export class LoudnessMeter {
  private readonly weighted: readonly Weighted[];
  private readonly weights: readonly number[];
  private readonly stepFrames: number;
  private readonly steps: number[] = [];
  private sum = 0;
  private inStep = 0;

  constructor(channels: number, rate: number) {
    this.weighted = Array.from({ length: channels }, () => new Weighted(rate));
    this.weights = Array.from({ length: channels }, (_, channel) => weightOf(channel, channels));
    this.stepFrames = Math.max(1, Math.round(rate / 10));
  }

  add(block: readonly Float32Array[]): void {
    const frames = block[0]?.length ?? 0;
    for (let from = 0; from < frames; ) {
      const to = Math.min(frames, from + this.stepFrames - this.inStep);
      this.weighted.forEach((filter, channel) => {
        const samples = block[channel];
        this.sum += samples === undefined ? 0 : (this.weights[channel] ?? 1) * filter.sum(samples, from, to);
      });
      this.inStep += to - from;
      if (this.inStep === this.stepFrames) {
        this.steps.push(this.sum / this.stepFrames);
        this.sum = 0;
        this.inStep = 0;
      }
      from = to;
    }
  }

  integrated(): Measured<number> {
    const blocks = this.windows(4);
    const loud = blocks.filter((power) => power > powerOf(ABSOLUTE_GATE));
    if (loud.length === 0) {
      return absent(blocks.length === 0 ? 'shorter than 0.4 s' : 'all of it is below −70 LUFS');
    }
    const gate = mean(loud) / 10;
    return loudnessOf(mean(loud.filter((power) => power > gate)));
  }

  range(): Measured<number> {
    const blocks = this.windows(30).filter((power) => power > powerOf(ABSOLUTE_GATE));
    if (blocks.length === 0) {
      return absent('shorter than 3 s, or silent');
    }
    const gate = mean(blocks) / 100;
    const kept = blocks.filter((power) => power >= gate).sort((a, b) => a - b);
    const at = (part: number) => loudnessOf(kept[Math.round((kept.length - 1) * part)] as number);
    return at(0.95) - at(0.1);
  }

  /** LUFS of the last 400 ms at each step of 100 ms, −70 at least. */
  momentary(): Float32Array {
    return Float32Array.from(this.steps, (_, index) => Math.max(ABSOLUTE_GATE, loudnessOf(mean(this.steps.slice(Math.max(0, index - 3), index + 1)))));
  }

  private windows(length: number): number[] {
    const windows: number[] = [];
    for (let end = length; end <= this.steps.length; end++) {
      windows.push(mean(this.steps.slice(end - length, end)));
    }
    return windows;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const PHASES = 4;
const TAPS = 12;

/** A windowed sinc for four times the rate, by phases, as ITU-R BS.1770-5, Annex 2, asks for one. */
const OVERSAMPLE = Array.from({ length: PHASES }, (_, phase) => {
  const taps = Array.from({ length: TAPS }, (_unused, tap) => {
    const at = tap - TAPS / 2 + 1 - phase / PHASES;
    const sinc = at === 0 ? 1 : Math.sin(Math.PI * at) / (Math.PI * at);
    return sinc * Math.cos((Math.PI * at) / (TAPS + 1)) ** 2;
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return Float64Array.from(taps, (tap) => tap / sum);
});
/** What no oversampled value can exceed, in multiples of the highest sample around it. */
const MOST_GAIN = Math.max(...OVERSAMPLE.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)));
const STRIDE = 64;

/** The highest value of a channel between its samples, from samples as they come. */
export class TruePeak {
  private peak = 0;
  private tail = new Float32Array(TAPS);

  add(samples: Float32Array): void {
    const all = new Float32Array(this.tail.length + samples.length);
    all.set(this.tail);
    all.set(samples, this.tail.length);
    const last = all.length - TAPS;
    for (let start = 0; start <= last; start += STRIDE) {
      const end = Math.min(last, start + STRIDE - 1);
      let highest = 0;
      for (let index = start; index < end + TAPS; index++) {
        const value = Math.abs(all[index] as number);
        highest = value > highest ? value : highest;
      }
      // Nothing here can be higher than what is known.
      if (highest * MOST_GAIN > this.peak) {
        this.peak = Math.max(this.peak, highest);
        this.look(all, start, end);
      }
    }
    this.tail = all.slice(-TAPS + 1);
  }

  /** dBTP. */
  result(): Measured<number> {
    this.add(new Float32Array(TAPS));
    return this.peak > 0 ? 20 * Math.log10(this.peak) : absent('digital silence');
  }

  /** The values between samples, all three at once: of a steady tone every stretch is looked at. */
  private look(all: Float32Array, start: number, end: number): void {
    const [, first, second, third] = OVERSAMPLE as [Float64Array, Float64Array, Float64Array, Float64Array];
    let { peak } = this;
    for (let index = start; index <= end; index++) {
      let a = 0;
      let b = 0;
      let c = 0;
      for (let tap = 0; tap < TAPS; tap++) {
        const value = all[index + tap]!;
        a += first[tap]! * value;
        b += second[tap]! * value;
        c += third[tap]! * value;
      }
      peak = Math.max(peak, Math.abs(a), Math.abs(b), Math.abs(c));
    }
    this.peak = peak;
  }
}
