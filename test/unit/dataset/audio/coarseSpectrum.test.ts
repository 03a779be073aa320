import { describe, expect, it } from 'vitest';
import { CoarseSpectrum } from '../../../../src/dataset/audio/coarseSpectrum.ts';
import { createRealFft, hannWindow } from '../../../../src/dataset/audio/fft.ts';

const SIZE = 2048;
const HOP = SIZE / 8;
const FRAMES = 48_000 * 30;
const made = (frames = FRAMES) => new CoarseSpectrum({ frames, channels: 2 }, createRealFft(SIZE, hannWindow(SIZE)), HOP);

/** A tone that rises, softer on the right. */
function filled(frames = FRAMES): CoarseSpectrum {
  const spectrum = made();
  for (let from = 0; from < frames; from += 65_536) {
    const left = Float32Array.from({ length: Math.min(65_536, frames - from) }, (_, at) => 0.5 * Math.sin((from + at) * (0.05 + (from + at) / FRAMES)));
    spectrum.add([left, left.map((value) => value / 10)]);
  }
  spectrum.end();
  return spectrum;
}

describe('the spectrogram of a whole recording', () => {
  it('is kept in few bytes, and drawn from them as it was', () => {
    const whole = filled();
    const packed = whole.pack();
    expect(packed.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(4 * 2 ** 20);
    const again = made();
    expect(again.unpack(packed)).toBe(true);
    expect(again.level).toBeGreaterThan(whole.level);
    for (const [channel, level, index] of [[0, again.level, 3], [1, again.level, 5], [0, again.level + 2, 0]] as const) {
      const tile = (of: CoarseSpectrum) => of.tile(channel, index * 128, 128, HOP * 2 ** level, -90, 3);
      expect(tile(again).columns).toBe(tile(whole).columns);
      expect(Buffer.compare(tile(again).levels, tile(whole).levels)).toBe(0);
    }
  });

  it('ends where the samples did, though the header promised more', () => {
    const [short, again] = [filled(FRAMES / 2), made()];
    expect(again.unpack(short.pack())).toBe(true);
    const step = HOP * 2 ** again.level;
    expect(again.tile(0, 0, 100_000, step, -90, 3).columns * step).toBeLessThanOrEqual(FRAMES / 2 + 2 * step);
  });

  it('takes nothing that does not fit', () => {
    const packed = [0, 1].map(() => new Uint8Array(SIZE * 50));
    const again = made();
    const { level } = again;
    for (const wrong of [packed.slice(1), packed.map(() => new Uint8Array(SIZE * 5000)), packed.map((bytes) => bytes.subarray(1)), packed.map(() => new Uint8Array(0))]) {
      expect(again.unpack(wrong)).toBe(false);
    }
    expect([again.level, again.tile(0, 0, 10, HOP * 2 ** level, -90, 3).columns]).toEqual([level, 0]);
  });
});
