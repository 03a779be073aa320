import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatEstimate,
  formatExactBytes,
  formatPercent,
  formatWhen,
} from '../../../src/base/format.ts';
import { printable } from '../../../src/base/printable.ts';

describe('numbers as a person reads them', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [9_994, '9.99 kB'],
    [9_996, '10.0 kB'],
    [61_234_567, '61.2 MB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [412_000_000_000, '412 GB'],
    [1_500_000_000_000, '1.50 TB'],
    [2_500_000_000_000_000_000, '2,500 PB'],
  ])('writes %d bytes in powers of 1000 and three digits', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('separates thousands and minds the singular', () => {
    expect([0, 999, 1000, 48_212, 1_000_000, 12_345_678.5].map(formatCount)).toEqual(['0', '999', '1,000', '48,212', '1,000,000', '12,345,679']);
    expect(formatCountOf(1, 'file')).toBe('1 file');
    expect(formatCountOf(5_981, 'file')).toBe('5,981 files');
    expect(formatCountOf(0, 'entry', 'entries')).toBe('0 entries');
    expect(formatExactBytes(18_412_032)).toBe('18,412,032 bytes');
  });

  it.each([
    [0, '0\u202f%'],
    [0.29, '29\u202f%'],
    [0.9999, '99\u202f%'],
    [1, '100\u202f%'],
    [1.2, '100\u202f%'],
    [-1, '0\u202f%'],
  ])('writes the fraction %d as a percentage that never runs ahead', (fraction, text) => {
    expect(formatPercent(fraction)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [0.44, '0.4 s'],
    [2, '2 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [372, '6 min 12 s'],
    [3_599.7, '1 h'],
    [7_500, '2 h 5 min'],
    [86_399, '1 d'],
    [273_600, '3 d 4 h'],
  ])('says how long %d s are', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [0, '~5 s'],
    [17, '~20 s'],
    [57, '~1 min'],
    [240, '~4 min'],
    [3_570, '~1 h'],
    [5_340, '~1 h 30 min'],
    [7_170, '~2 h'],
    [100_000, '~28 h'],
    [400_000, '~5 d'],
  ])('estimates %d s roughly', (seconds, text) => {
    expect(formatEstimate(seconds)).toBe(text);
  });

  it('tells times under an hour by distance and others by date', () => {
    const at = new Date(2026, 10, 2, 14, 7).getTime();
    expect(formatWhen(at, at + 59_000)).toBe('just now');
    expect(formatWhen(at, at + 14 * 60_000)).toBe('14 min ago');
    expect(formatWhen(at, at + 60 * 60_000)).toBe('2 Nov 2026, 14:07');
    expect(formatWhen(at, at - 120_000)).toBe('2 Nov 2026, 14:07');
  });

  it('shows what would break or disguise a line', () => {
    expect(printable('take\n01\u202egpj.wav')).toBe('take\\u000a01\\u202egpj.wav');
    expect(printable('Straße 日本.wav')).toBe('Straße 日本.wav');
  });
});
