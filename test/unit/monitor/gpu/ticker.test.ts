import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTicker } from '../../../../src/monitor/gpu/ticker.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a ticker', () => {
  it('ticks at once, but not before its maker has it, and then in its rhythm', () => {
    const onTick = vi.fn();
    const ticker = createTicker(onTick, 1000);
    expect(onTick).not.toHaveBeenCalled();
    vi.advanceTimersByTime(0);
    expect(onTick).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(60_000);
    expect(onTick).toHaveBeenCalledTimes(61);
    ticker.dispose();
  });

  it('ticks at another rhythm from when it is told to', () => {
    const onTick = vi.fn();
    const ticker = createTicker(onTick, 10_000);
    vi.advanceTimersByTime(1);
    ticker.setInterval(1000);
    vi.advanceTimersByTime(5000);
    expect(onTick).toHaveBeenCalledTimes(6);
    ticker.dispose();
  });

  it('leaves ticks out after a long one, and does not pile them up', () => {
    const times: number[] = [];
    const ticker = createTicker(() => {
      times.push(Date.now() - 1_700_000_000_000);
      if (times.length === 2) {
        vi.setSystemTime(Date.now() + 3500);
      }
    }, 1000);
    vi.advanceTimersByTime(3000);
    expect(times).toEqual([0, 1000, 5500, 6500]);
    ticker.dispose();
  });

  it('ticks no more once it has ended, whatever it is told', () => {
    const onTick = vi.fn();
    const ticker = createTicker(onTick, 1000);
    ticker.dispose();
    ticker.setInterval(10);
    vi.advanceTimersByTime(60_000);
    expect(onTick).not.toHaveBeenCalled();
  });
});
