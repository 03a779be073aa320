import type { SpectrogramScale, SpectrogramTile } from '../webview/audio/protocol.ts';
import { CoarseSpectrum, decibels } from './coarseSpectrum.ts';
import { createRealFft, hannWindow } from './fft.ts';
import type { RealFft } from './fft.ts';
import type { SampleReader } from './sampleReader.ts';

const TILE_COLUMNS = 128;
/** Seconds of a window, of which the next power of two is taken. */
const WINDOW_SECONDS = 0.04;
const LEAST = 256;
const MOST = 8192;
/** dB from the file's loudest to what is drawn as nothing. */
const RANGE = 80;
/** Windows looked at to find the file's loudest, and seconds from the beginning of what is dear to read. */
const PROBES = 96;
const DEAR_SECONDS = 8;
const MOST_LEVEL = 24;
/** Columns of a window's length at level 0. */
const HOPS = 8;

/** Tiles of the spectrograms of one recording, all in one range of levels. */
export class Spectrogram {
  private readonly fft: RealFft;
  private readonly size: number;
  private scaling: Promise<SpectrogramScale> | undefined;
  /** Filled by the walk through what is dear to read anywhere else. */
  readonly coarse: CoarseSpectrum | undefined;

  constructor(private readonly reader: SampleReader) {
    const wanted = reader.sampleRate * WINDOW_SECONDS;
    this.size = Math.max(LEAST, Math.min(MOST, 2 ** Math.round(Math.log2(wanted))));
    this.fft = createRealFft(this.size, hannWindow(this.size));
    this.coarse = reader.isCheap ? undefined : new CoarseSpectrum(reader, this.fft, this.size / HOPS);
  }

  /** Found once, from windows all over the file. */
  async scale(signal: AbortSignal): Promise<SpectrogramScale> {
    this.scaling ??= this.findScale(signal);
    const { scaling } = this;
    try {
      return await scaling;
    } catch (error) {
      this.scaling = this.scaling === scaling ? undefined : this.scaling;
      throw error;
    }
  }

  async tile(channel: number, level: number, index: number, signal: AbortSignal): Promise<SpectrogramTile> {
    const { low, high, hop } = await this.scale(signal);
    const step = hop * 2 ** Math.min(level, MOST_LEVEL);
    const first = index * TILE_COLUMNS;
    const columns = Math.max(0, Math.min(TILE_COLUMNS, Math.ceil(this.reader.frames / step) - first));
    const bins = this.size / 2;
    const levels = new Uint8Array(columns * bins);
    const power = new Float32Array(bins + 1);
    const factor = 255 / (high - low);
    if (this.coarse !== undefined && level >= this.coarse.level) {
      return this.coarse.tile(channel, first, columns, step, low, factor);
    }
    const samplesAt = await this.source(channel, first * step, (first + columns - 1) * step, step, signal);
    for (let column = 0; column < columns; column++) {
      this.fft.power(await samplesAt((first + column) * step), 0, power);
      for (let bin = 0; bin < bins; bin++) {
        levels[column * bins + bin] = Math.max(0, Math.min(255, Math.round((decibels(power[bin] as number, this.size) - low) * factor)));
      }
    }
    return { columns, bins, levels };
  }

  /** Windows around frames of a range: out of one read where they lie close, and each out of its own where a read is cheap. */
  private async source(channel: number, from: number, to: number, step: number, signal: AbortSignal): Promise<(centre: number) => Promise<Float32Array>> {
    const { size, reader } = this;
    const half = size / 2;
    if (reader.isCheap && step > size * 2) {
      return (centre) => this.window(channel, centre, signal);
    }
    const start = Math.max(0, from - half);
    const samples = (await reader.read(start, to + half - start, signal))[channel] ?? new Float32Array(0);
    return async (centre) => {
      const window = new Float32Array(size);
      const at = centre - half - start;
      const part = samples.subarray(Math.max(0, at), Math.max(0, at + size));
      window.set(part, Math.max(0, -at));
      return window;
    };
  }

  private async window(channel: number, centre: number, signal: AbortSignal): Promise<Float32Array> {
    const window = new Float32Array(this.size);
    const start = centre - this.size / 2;
    const from = Math.max(0, start);
    const samples = (await this.reader.read(from, start + this.size - from, signal))[channel];
    window.set(samples?.subarray(0, this.size - (from - start)) ?? [], from - start);
    return window;
  }

  private async findScale(signal: AbortSignal): Promise<SpectrogramScale> {
    const { reader, size } = this;
    const power = new Float32Array(size / 2 + 1);
    const end = reader.isCheap ? reader.frames : Math.min(reader.frames, DEAR_SECONDS * reader.sampleRate);
    const loudest: number[] = [];
    for (let probe = 0; probe < PROBES; probe++) {
      const centre = Math.floor((end * (probe + 0.5)) / PROBES);
      this.fft.power(await this.window(probe % reader.channels, centre, signal), 0, power);
      loudest.push(power.reduce((highest, value) => (value > highest ? value : highest), 0));
    }
    const highest = decibels(Math.max(...loudest), size);
    const high = Math.max(-100, Math.min(6, Math.ceil(Number.isFinite(highest) ? highest : 0)));
    return { low: high - RANGE, high, size, hop: size / HOPS, tileColumns: TILE_COLUMNS };
  }
}
