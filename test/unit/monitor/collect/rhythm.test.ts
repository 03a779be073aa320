import { describe, expect, it } from 'vitest';
import { createRhythm } from '../../../../src/monitor/collect/rhythm.ts';
import { HandClock } from './handClock.ts';

const START = 1_000_000_340;

function ticking(work = 0) {
  const clock = new HandClock(START);
  const ticks: number[] = [];
  const starts: number[] = [];
  const rhythm = createRhythm(
    {
      onStart: () => void starts.push(clock.now() - START),
      onTick() {
        ticks.push(clock.now());
        clock.spend(work);
      },
    },
    clock,
  );
  return { clock, ticks, starts, rhythm };
}

describe('the rhythm of a collector', () => {
  it('gives a first tick soon after the start, and then one at each whole second', () => {
    const { clock, ticks, starts, rhythm } = ticking();
    rhythm.setInterval(1000);
    clock.advance(3000);
    expect([starts, ticks]).toEqual([[0], [START + 200, 1_000_001_000, 1_000_002_000, 1_000_003_000]]);
  });

  it('does not drift with the time that its work takes', () => {
    const { clock, ticks, rhythm } = ticking(130);
    rhythm.setInterval(1000);
    clock.advance(60_000);
    expect(ticks.slice(1).every((time) => time % 1000 === 0)).toBe(true);
    expect(ticks).toHaveLength(61);
  });

  it('leaves ticks out where one lasts, and piles none up', () => {
    const { clock, ticks, rhythm } = ticking(2600);
    rhythm.setInterval(1000);
    clock.advance(9000);
    expect(ticks.slice(1).map((time, index) => time - (ticks[index] ?? 0)).every((gap) => gap >= 2600 && gap <= 3700)).toBe(true);
  });

  it('waits for nothing while no tick is wanted', () => {
    const { clock, ticks, rhythm } = ticking();
    rhythm.setInterval(1000);
    clock.advance(1000);
    const before = ticks.length;
    rhythm.setInterval(undefined);
    clock.advance(600_000);
    expect([ticks.length, clock.pending]).toEqual([before, 0]);
  });

  it('goes by a new interval at once', () => {
    const { clock, ticks, rhythm } = ticking();
    rhythm.setInterval(60_000);
    clock.advance(200);
    rhythm.setInterval(1000);
    clock.advance(2000);
    expect(ticks).toHaveLength(3);
  });
});
