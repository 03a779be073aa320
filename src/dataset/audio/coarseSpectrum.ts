import type { SpectrogramTile } from '../webview/audio/protocol.ts';
import type { RealFft } from './fft.ts';

/** Bytes of all columns. */
const MOST = 32 * 2 ** 20;
/** Bytes of what is packed. */
const MOST_PACKED = 4 * 2 ** 20;
const MOST_CHANNELS = 8;
const STEPS_PER_DB = 2;
const LOWEST = -120;

/** dB of full scale for a power of a window of `size`: a sine of full scale is 0. */
export function decibels(power: number, size: number): number {
  return 10 * Math.log10(power / (size / 4) ** 2 + 1e-20);
}

/** The spectrogram of a whole recording, coarse enough to be kept, made of its samples as they come. */
export class CoarseSpectrum {
  /** The first level of tiles that it holds. */
  level: number;
  private step: number;
  private readonly bins: number;
  private columns: number;
  private kept: readonly Uint8Array[];
  /** Of how many columns one is packed: a power of two. */
  private packedEvery = 1;
  private readonly tails: Float32Array[];
  private readonly power: Float32Array;
  /** Columns that are there. */
  private filled = 0;
  private at = 0;

  constructor(
    { frames, channels }: { readonly frames: number; readonly channels: number },
    private readonly fft: RealFft,
    hop: number,
  ) {
    this.bins = fft.size / 2;
    const count = Math.min(channels, MOST_CHANNELS);
    let level = 0;
    while ((frames / (hop * 2 ** level)) * this.bins * count > MOST) {
      level++;
    }
    this.level = level;
    this.step = hop * 2 ** level;
    this.columns = Math.ceil(frames / this.step) + 1;
    while ((this.columns / this.packedEvery) * this.bins * count > MOST_PACKED) {
      this.packedEvery *= 2;
    }
    this.kept = Array.from({ length: count }, () => new Uint8Array(this.columns * this.bins));
    this.tails = Array.from({ length: count }, () => new Float32Array(fft.size / 2));
    this.power = new Float32Array(this.bins + 1);
  }

  add(block: readonly Float32Array[]): void {
    const { size } = this.fft;
    const half = size / 2;
    const length = block[0]?.length ?? 0;
    const alls = this.tails.map((tail, channel) => {
      const all = new Float32Array(tail.length + length);
      all.set(tail);
      all.set(block[channel] ?? [], tail.length);
      return all;
    });
    const tailLength = this.tails[0]?.length ?? 0;
    const base = this.at - tailLength;
    while (this.filled < this.columns && this.filled * this.step + half <= this.at + length) {
      const offset = this.filled * this.step - half - base;
      alls.forEach((all, channel) => {
        this.fft.power(all, offset, this.power);
        const kept = this.kept[channel] as Uint8Array;
        for (let bin = 0; bin < this.bins; bin++) {
          const value = Math.round((decibels(this.power[bin] as number, size) - LOWEST) * STEPS_PER_DB);
          kept[this.filled * this.bins + bin] = Math.max(0, Math.min(255, value));
        }
      });
      this.filled++;
    }
    this.at += length;
    // From where the next window begins.
    const from = Math.max(0, Math.min(tailLength + length, this.filled * this.step - half - base));
    alls.forEach((all, channel) => (this.tails[channel] = all.slice(from)));
  }

  /** Silence after the last sample fills the windows that reach beyond it. */
  end(): void {
    this.add(this.kept.map(() => new Float32Array(this.fft.size / 2)));
  }

  get channels(): number {
    return this.kept.length;
  }

  /** Of each channel what is worth keeping: columns as far apart as `MOST_PACKED` wants it. */
  pack(): readonly Uint8Array[] {
    const { bins, packedEvery: every } = this;
    const columns = Math.ceil(this.filled / every);
    return this.kept.map((own) => {
      const packed = new Uint8Array(columns * bins);
      for (let column = 0; column < columns; column++) {
        packed.set(own.subarray(column * every * bins, (column * every + 1) * bins), column * bins);
      }
      return packed;
    });
  }

  /** Takes back what `pack` gave, and is as coarse then; false where it does not fit, and then nothing is taken. */
  unpack(channels: readonly Uint8Array[]): boolean {
    const columns = Math.ceil(this.columns / this.packedEvery);
    const length = channels[0]?.length ?? 0;
    if (channels.length !== this.kept.length || length === 0 || length % this.bins !== 0 || length > columns * this.bins || channels.some((channel) => channel.length !== length)) {
      return false;
    }
    this.level += Math.log2(this.packedEvery);
    this.step *= this.packedEvery;
    this.packedEvery = 1;
    this.columns = this.filled = length / this.bins;
    this.kept = channels;
    return true;
  }

  /** Columns that are not there yet are left out at the end. */
  tile(channel: number, first: number, columns: number, step: number, low: number, factor: number): SpectrogramTile {
    const { bins } = this;
    const kept = this.kept[channel];
    const every = step / this.step;
    const there = kept === undefined ? 0 : Math.max(0, Math.min(columns, Math.ceil(this.filled / every) - first));
    const levels = new Uint8Array(there * bins);
    for (let column = 0; column < there; column++) {
      const from = (first + column) * every * bins;
      for (let bin = 0; bin < bins; bin++) {
        const value = (kept?.[from + bin] as number) / STEPS_PER_DB + LOWEST;
        levels[column * bins + bin] = Math.max(0, Math.min(255, Math.round((value - low) * factor)));
      }
    }
    return { columns: there, bins, levels };
  }
}
