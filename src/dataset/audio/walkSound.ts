import type { Measured } from '../../base/absent.ts';
import { absent } from '../../base/absent.ts';
import type { AudioAnalysis } from '../webview/audio/protocol.ts';
import type { CoarseSpectrum } from './coarseSpectrum.ts';
import { LoudnessMeter, TruePeak } from './loudness.ts';
import type { PeakLevels } from './peakLevels.ts';
import { ClippingRuns, marksOf, SilentRuns } from './runs.ts';
import type { SampleReader } from './sampleReader.ts';

/** Values of the loudness curve that go to the page. */
const MOST_MOMENTS = 20_000;

/** Reads a recording from the beginning to the end: its peaks into `peaks`, and what else is to be said of it. */
export class SoundWalk {
  /** Frames that were taken. */
  frames = 0;
  private readonly loudness: LoudnessMeter;
  private readonly truePeaks: readonly TruePeak[];
  private readonly clipping: readonly ClippingRuns[];
  private readonly silence: SilentRuns;
  private readonly sums: Float64Array;
  private readonly highest: Float64Array;

  constructor(
    private readonly reader: SampleReader,
    private readonly peaks: PeakLevels,
    private readonly coarse?: CoarseSpectrum,
  ) {
    const { channels, sampleRate } = reader;
    const each = <T>(make: () => T): T[] => Array.from({ length: channels }, make);
    this.loudness = new LoudnessMeter(channels, sampleRate);
    this.truePeaks = each(() => new TruePeak());
    this.clipping = each(() => new ClippingRuns(sampleRate));
    this.silence = new SilentRuns(sampleRate);
    this.sums = new Float64Array(channels);
    this.highest = new Float64Array(channels);
  }

  async run(signal: AbortSignal): Promise<AudioAnalysis> {
    await this.reader.walk((block) => this.take(block), signal);
    this.peaks.end();
    this.coarse?.end();
    return this.result();
  }

  private take(block: readonly Float32Array[]): void {
    this.frames += block[0]?.length ?? 0;
    this.peaks.add(block);
    this.coarse?.add(block);
    this.loudness.add(block);
    this.silence.add(block);
    block.forEach((samples, channel) => {
      const highest = highestOf(samples);
      this.sums[channel]! += sumOf(samples);
      this.highest[channel] = Math.max(this.highest[channel]!, highest);
      this.truePeaks[channel]?.add(samples);
      this.clipping[channel]?.add(samples, highest);
    });
  }

  private result(): AudioAnalysis {
    const { reader, loudness, frames } = this;
    this.clipping.forEach((runs) => runs.end());
    this.silence.end();
    const clippings = this.clipping.flatMap(({ runs }, channel) => marksOf('clipping', runs, channel)).sort((a, b) => a.from - b.from);
    const momentary = loudness.momentary();
    const thinned = Math.max(1, Math.ceil(momentary.length / MOST_MOMENTS));
    return {
      frames,
      integrated: finite(loudness.integrated()),
      range: loudness.range(),
      truePeak: this.truePeaks.map((peak) => finite(peak.result())),
      peak: [...this.highest].map((value) => (value > 0 ? finite(20 * Math.log10(value)) : absent('digital silence'))),
      offset: [...this.sums].map((sum) => (frames > 0 ? sum / frames : 0)),
      marks: [...clippings, ...marksOf('silence', this.silence.runs)],
      clippings: this.clipping.reduce((sum, { count }) => sum + count, 0),
      silences: this.silence.count,
      silent: this.silence.frames / reader.sampleRate,
      momentary: thinned === 1 ? momentary : momentary.filter((_, index) => index % thinned === 0),
      momentaryStep: (Math.round(reader.sampleRate / 10) / reader.sampleRate) * thinned,
    };
  }
}

/** Of magnitudes. The comparisons are rarely true, unlike a test of the sign, which costs a third of the whole walk. */
function highestOf(samples: Float32Array): number {
  let low = 0;
  let high = 0;
  for (let index = 0; index < samples.length; index++) {
    const value = samples[index]!;
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  return Math.max(high, -low);
}

function sumOf(samples: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) {
    sum += samples[index]!;
  }
  return sum;
}

/** Float samples can be anything, infinity and NaN included. */
function finite(value: Measured<number>): Measured<number> {
  return typeof value === 'number' && !Number.isFinite(value) ? absent('there are samples that are no numbers') : value;
}
