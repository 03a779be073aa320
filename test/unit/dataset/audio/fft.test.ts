import { describe, expect, it } from 'vitest';
import { createRealFft, hannWindow } from '../../../../src/dataset/audio/fft.ts';

function naive(samples: Float32Array): number[] {
  return Array.from({ length: samples.length / 2 + 1 }, (_, bin) => {
    let re = 0;
    let im = 0;
    samples.forEach((value, index) => {
      const angle = (2 * Math.PI * bin * index) / samples.length;
      re += value * Math.cos(angle);
      im -= value * Math.sin(angle);
    });
    return re * re + im * im;
  });
}

/** Repeatable noise. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647) * 2 - 1);
}

describe('the real FFT', () => {
  it.each([8, 64, 512])('gives the power of each bin as the plain sum does, for %i samples', (size) => {
    const samples = noise(size);
    const power = new Float32Array(size / 2 + 1);
    createRealFft(size).power(samples, 0, power);
    naive(samples).forEach((wanted, bin) => expect(power[bin]).toBeCloseTo(wanted, 2));
  });

  it('weighs the samples from an offset with its window', () => {
    const size = 64;
    const samples = noise(200);
    const window = hannWindow(size);
    const power = new Float32Array(size / 2 + 1);
    createRealFft(size, window).power(samples, 37, power);
    naive(samples.slice(37, 37 + size).map((value, index) => value * (window[index] as number))).forEach((wanted, bin) => expect(power[bin]).toBeCloseTo(wanted, 2));
  });
});
