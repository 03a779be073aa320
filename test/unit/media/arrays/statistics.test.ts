import { describe, expect, it } from 'vitest';
import { lineColumns } from '../../../../src/media/arrays/lineColumns.ts';
import { openArrays } from '../../../../src/media/arrays/openArrays.ts';
import { RunningStatistics } from '../../../../src/media/arrays/statistics.ts';
import { npyBytes, numbers } from './arrayBytes.ts';
import { fileOf } from './madeFile.ts';

function statisticsOf(values: Float64Array, piece = 1000) {
  const running = new RunningStatistics();
  for (let at = 0; at < values.length; at += piece) {
    running.add(values.subarray(at, at + piece));
  }
  return running.result();
}

describe('statistics of a walk', () => {
  it('count what is no number apart', () => {
    const { count, finite, nan, positiveInfinite, negativeInfinite, zeros, min, max, mean } = statisticsOf(Float64Array.of(NaN, Infinity, -Infinity, -Infinity, 0, -0, 3, -1));
    expect({ count, finite, nan, positiveInfinite, negativeInfinite, zeros, min, max, mean }).toEqual({ count: 8, finite: 4, nan: 1, positiveInfinite: 1, negativeInfinite: 2, zeros: 2, min: -1, max: 3, mean: 0.5 });
  });

  it('have no range where no value is finite', () => {
    const result = statisticsOf(Float64Array.of(NaN, NaN));
    expect(result.min).toBeUndefined();
    expect(result.histogram.counts).toEqual([]);
  });

  it('keep the deviation of values far from zero', () => {
    const { mean, deviation } = statisticsOf(Float64Array.from({ length: 10_000 }, (_, index) => 1e9 + (index % 2)), 17);
    expect(mean).toBeCloseTo(1e9 + 0.5, 6);
    expect(deviation).toBeCloseTo(0.5, 8);
  });

  it.each([
    ['of one value', () => 5, 1000],
    ['that grow a thousandfold as they come', (index: number) => index ** 3 - 1000, 5000],
    ['that fall', (index: number) => -(index ** 2), 5000],
    ['over all magnitudes', (_index: number, next: (limit: number) => number) => (next(2) === 0 ? 1 : -1) * 10 ** (next(600) - 300), 3000],
    ['from both ends of the range', (index: number) => (index % 2 === 0 ? Number.MAX_VALUE : -Number.MAX_VALUE), 10],
    ['next to zero', (index: number) => index * Number.MIN_VALUE, 100],
  ])('have a histogram with exact counts: values %s', (_, value, length) => {
    const next = numbers(5);
    const values = Float64Array.from({ length }, (_unused, index) => value(index, next));
    const { histogram, min = NaN, max = NaN } = statisticsOf(values, 100);
    const { start, width, counts } = histogram;
    expect(counts.length).toBeLessThanOrEqual(64);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(length);
    expect(start).toBeLessThanOrEqual(min);
    expect(start + width * counts.length).toBeGreaterThanOrEqual(max);
    const expected = counts.map(() => 0);
    values.forEach((one) => (expected[Math.min(counts.length - 1, Math.floor(Math.round((one / width - start / width) * 2 ** 20) / 2 ** 20))]! += 1));
    expect(counts).toEqual(expected);
  });
});

describe('the columns of a line', () => {
  const length = 100_000;
  const data = Float64Array.from({ length }, (_, index) => Math.sin(index / 1000) * (index === 77_777 ? 50 : 1));
  const open = () => openArrays(fileOf(npyBytes("'<f8'", [length], new Uint8Array(data.buffer)), '.npy'));

  it('hold the smallest and the largest value of each column, a single spike included', async () => {
    const source = await open();
    const { edges, min, max, exact } = await lineColumns(source, await source.entry('array'), [{ start: 0, stop: length, step: 1 }], 0, 300);
    expect(exact).toBe(true);
    expect(min.length).toBe(300);
    for (let column = 0; column < 300; column++) {
      const part = data.subarray(edges[column], edges[column + 1]);
      expect([min[column], max[column]]).toEqual([Math.min(...part), Math.max(...part)]);
    }
    source.close();
  });

  it('are the elements themselves where there is room for them', async () => {
    const source = await open();
    const { edges, min } = await lineColumns(source, await source.entry('array'), [{ start: 500, stop: 510, step: 1 }], 0, 300);
    expect([...edges]).toEqual([500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 510]);
    expect([...min]).toEqual([...data.subarray(500, 510)]);
    source.close();
  });
});
