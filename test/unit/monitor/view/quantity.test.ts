import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { age, gibibytes, linkSpeed, memoryAs, memoryQuantity, ranges, rateQuantity, runtime, whole } from '../../../../src/monitor/webview/quantity.ts';
import type { Quantity } from '../../../../src/monitor/webview/quantity.ts';
import { GIB } from './invented.ts';

const shown = ({ digits, unit }: Quantity) => `${digits} ${unit}`;

describe('quantities', () => {
  it.each([
    [0, '0.0 GiB'],
    [71.4 * GIB, '71.4 GiB'],
    [99.94 * GIB, '99.9 GiB'],
    [99.96 * GIB, '100 GiB'],
    [637 * GIB, '637 GiB'],
    [999.4 * GIB, '999 GiB'],
    [1208 * GIB, '1.18 TiB'],
  ])('%d bytes of memory are %s', (bytes, words) => {
    expect(shown(memoryQuantity(bytes))).toBe(words);
  });

  it('keeps to the unit of the whole', () => {
    expect(shown(memoryAs(256 * GIB, 'TiB'))).toBe('0.25 TiB');
    expect(gibibytes(1008 * GIB)).toBe('1,008');
  });

  it.each([
    [0, '0.0 MB/s'],
    [12.1e6, '12.1 MB/s'],
    [117e6, '117 MB/s'],
    [999.6e6, '1.00 GB/s'],
    [1.88e9, '1.88 GB/s'],
    [24.1e9, '24.1 GB/s'],
    [2e12, '2.00 TB/s'],
  ])('%d bytes a second are %s', (rate, words) => {
    expect(shown(rateQuantity(rate))).toBe(words);
  });

  it.each([
    [232, '0:03:52'],
    [22_360, '6:12:40'],
    [86_399, '23:59:59'],
    [86_400, '1 d 00 h'],
    [273_600, '3 d 04 h'],
    [-5, '0:00:00'],
  ])('%d seconds of running are %s', (seconds, words) => {
    expect(runtime(seconds)).toBe(words);
  });

  it.each([
    [999, '0 s'],
    [59_999, '59 s'],
    [360_000, '6 min'],
    [7_300_000, '2 h'],
    [200_000_000, '2 d'],
  ])('%d ms are an age of %s', (milliseconds, words) => {
    expect(age(milliseconds)).toBe(words);
  });

  it.each([
    [[0, 1, 2, 3], '0–3'],
    [[4, 5], '4, 5'],
    [[5, 0, 1, 2, 2, 7], '0–2, 5, 7'],
    [[], ''],
  ])('GPUs %j are %s', (numbers, words) => {
    expect(ranges(numbers)).toBe(words);
  });

  it('says links in bits', () => {
    expect([linkSpeed(400e9), linkSpeed(100e6), whole(1594.4)]).toEqual(['400 Gb/s', '100 Mb/s', '1,594']);
  });

  it('never shows a minus sign or what is no number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e18 }), (value) => {
        const all = [shown(memoryQuantity(value)), shown(rateQuantity(value)), runtime(value), age(value), whole(value)].join(' ');
        expect(all).not.toMatch(/-|NaN|Infinity|undefined/);
      }),
    );
  });
});
