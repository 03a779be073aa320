import { describe, expect, it } from 'vitest';
import { columnsOf, PeakLevels } from '../../../../src/dataset/audio/peakLevels.ts';

const FRAMES = 200_003;
const SAMPLES = Float32Array.from({ length: FRAMES }, (_, index) => Math.sin(index / 11) * Math.sin(index / 9000) * 0.9);

function filled(): PeakLevels {
  const peaks = new PeakLevels(2, FRAMES);
  for (let at = 0; at < FRAMES; at += 7777) {
    const block = SAMPLES.subarray(at, at + 7777);
    peaks.add([block, block.map((value) => -value / 2)]);
  }
  peaks.end();
  return peaks;
}

function straight(from: number, to: number): { readonly min: number; readonly max: number; readonly rms: number } {
  const part = SAMPLES.subarray(from, to);
  return { min: Math.min(...part), max: Math.max(...part), rms: Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length) };
}

describe('peaks at several resolutions', () => {
  it.each([256, 2048, 16_384])('are those of the samples, for columns of %i frames', (width) => {
    const count = Math.floor(FRAMES / width);
    const columns = filled().columns(0, 0, count * width, count);
    for (let column = 0; column < count; column++) {
      const wanted = straight(column * width, (column + 1) * width);
      expect(columns?.min[column]).toBeCloseTo(wanted.min, 3);
      expect(columns?.max[column]).toBeCloseTo(wanted.max, 3);
      expect(columns?.rms[column]).toBeCloseTo(wanted.rms, 3);
    }
  });

  it('keep the channels apart', () => {
    const peaks = filled();
    const [first, second] = [peaks.columns(0, 0, 51_200, 10), peaks.columns(1, 0, 51_200, 10)];
    first?.max.forEach((value, column) => expect(second?.min[column]).toBeCloseTo(-value / 2, 3));
  });

  it('lose no sample of a range whose columns do not fall on bins', () => {
    const columns = filled().columns(0, 0, FRAMES, 333);
    expect(Math.max(...(columns?.max ?? []))).toBeCloseTo(SAMPLES.reduce((a, b) => Math.max(a, b)), 3);
    expect(Math.min(...(columns?.min ?? []))).toBeCloseTo(SAMPLES.reduce((a, b) => Math.min(a, b)), 3);
  });

  it('come back from what was kept of them', () => {
    const peaks = filled();
    const again = new PeakLevels(2, FRAMES);
    expect([0, 1].map((channel) => again.unpack(channel, peaks.pack(channel)))).toEqual([true, true]);
    expect(again.columns(1, 0, FRAMES, 50)).toEqual(peaks.columns(1, 0, FRAMES, 50));
    expect(again.covered).toBe(FRAMES);
  });

  it('refuse what does not fit', () => {
    expect(new PeakLevels(1, 1000).unpack(0, new Uint8Array(5))).toBe(false);
  });

  it('show each sample where there are fewer than columns', () => {
    const { min, max } = columnsOf(Float32Array.of(0.5, -0.5), 4);
    expect([...max]).toEqual([0.5, 0.5, -0.5, -0.5]);
    expect([...min]).toEqual([0.5, 0.5, -0.5, -0.5]);
  });
});
