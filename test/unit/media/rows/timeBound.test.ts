import { describe, expect, it } from 'vitest';
import { TimeBound } from '../../../../src/media/rows/timeBound.ts';

describe('a bound of time', () => {
  it('ends code that would not end, and runs other code after it', () => {
    const bound = new TimeBound(50);
    let rounds = 0;
    expect(() =>
      bound.run(() => {
        for (;;) {
          rounds++;
        }
      }),
    ).toThrow(RangeError);
    expect(rounds).toBeGreaterThan(0);
    expect(bound.run(() => rounds)).toBe(rounds);
  });

  it('hands on what code throws', () => {
    const error = new TypeError('no');
    const thrown = (): unknown => {
      try {
        return new TimeBound(1000).run(() => {
          throw error;
        });
      } catch (caught) {
        return caught;
      }
    };
    expect(thrown()).toBe(error);
  });
});
