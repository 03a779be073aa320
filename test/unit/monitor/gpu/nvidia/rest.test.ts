import { describe, expect, it } from 'vitest';
import { Rest } from '../../../../../src/monitor/gpu/nvidia/rest.ts';

const awake = [{ busId: '0000:01:00.0', maySleep: true, suspended: false }];
const asleep = [{ busId: '0000:01:00.0', maySleep: true, suspended: true }];
const never = [{ busId: '0000:01:00.0', maySleep: false, suspended: false }];

describe('letting go of GPUs that can sleep', () => {
  it('leaves a sleeping one alone from the start, until another program wakes it', () => {
    const rest = new Rest();
    expect(rest.next(asleep, true, 0)).toBe(true);
    expect(rest.next(asleep, true, 500_000)).toBe(true);
    expect(rest.next(awake, true, 502_000)).toBe(false);
  });

  it('lets go after an idle minute, and not before', () => {
    const rest = new Rest();
    expect(rest.next(awake, true, 0)).toBe(false);
    expect(rest.next(awake, true, 59_000)).toBe(false);
    expect(rest.next(awake, false, 59_500)).toBe(false);
    expect(rest.next(awake, true, 60_000)).toBe(false);
    expect(rest.next(awake, true, 119_000)).toBe(false);
    expect(rest.next(awake, true, 120_000)).toBe(true);
    expect(rest.next(asleep, true, 125_000)).toBe(true);
    expect(rest.next(awake, true, 900_000)).toBe(false);
  });

  it('does not try again with one that never falls asleep', () => {
    const rest = new Rest();
    rest.next(awake, true, 0);
    expect(rest.next(awake, true, 60_000)).toBe(true);
    expect(rest.next(awake, true, 119_000)).toBe(true);
    expect(rest.next(awake, true, 120_000)).toBe(false);
    expect(rest.next(awake, true, 1_000_000)).toBe(false);
    expect(rest.next(awake, true, 2_000_000)).toBe(false);
  });

  it('watches cards that cannot sleep, and machines without any on the bus, all the time', () => {
    for (const cards of [never, []]) {
      const rest = new Rest();
      rest.next(cards, true, 0);
      expect(rest.next(cards, true, 10_000_000)).toBe(false);
    }
  });
});
