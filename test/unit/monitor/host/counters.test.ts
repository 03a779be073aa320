import { describe, expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { measuredCount, numbersAt, parseCount, Rate, Share } from '../../../../src/monitor/host/counters.ts';

describe('a counter', () => {
  it.each(['', '-1', '1.5', '1e3', '0x10', ' 1', '99999999999999999999', '123456789012345678901', 'max'])('is not %j', (text) => {
    expect(parseCount(text)).toBeUndefined();
  });

  it('may have a line end', () => {
    expect(measuredCount('42\n')).toBe(42);
    expect(measuredCount('18446744073709551614\n')).toEqual(absent('not told'));
    expect(measuredCount('9223372036854771712\n')).toBe(9223372036854771712);
    expect(measuredCount(absent('not permitted'))).toEqual(absent('not permitted'));
  });
});

describe('a rate', () => {
  it('is what the counter gains in a second', () => {
    const rate = new Rate();
    expect(rate.next(1000, 0)).toEqual(absent('first sample'));
    expect(rate.next(1500, 2)).toBe(250);
    expect(rate.next(1500, 3)).toBe(0);
  });

  it('is not known for the once where the counter went back, and then again', () => {
    const rate = new Rate();
    rate.next(4_294_967_290, 0);
    expect(rate.next(10, 1)).toEqual(absent('counter began anew'));
    expect(rate.next(30, 2)).toBe(20);
  });

  it('is not known where no time has passed, and loses nothing by it', () => {
    const rate = new Rate();
    rate.next(0, 5);
    expect(rate.next(100, 5)).toEqual(absent('no time has passed'));
    expect(rate.next(100, 6)).toBe(100);
  });

  it('does not reach over a time in which the counter was not there', () => {
    const rate = new Rate();
    rate.next(0, 0);
    expect(rate.next(absent('not there'), 1)).toEqual(absent('not there'));
    expect(rate.next(100, 2)).toEqual(absent('first sample'));
  });
});

it('a share of the time is never more than all of it', () => {
  const share = new Share(1000);
  share.next(0, 0);
  expect(share.next(250, 1)).toBe(25);
  expect(share.next(1260, 2)).toBe(100);
});

describe('numbers of a line', () => {
  const numbers = new Float64Array(4);
  it.each([
    ['  1 2  3\n4', 3, [1, 2, 3]],
    ['1 2 3 4 5', 4, [1, 2, 3, 4]],
    ['1 x', 1, [1]],
    ['', 0, []],
    ['1 99999999999999999999999 3', 0, []],
  ])('%j', (text, count, expected) => {
    expect(numbersAt(text, 0, numbers)).toBe(count);
    expect([...numbers.subarray(0, count)]).toEqual(expected);
  });
});
