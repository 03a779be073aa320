import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lazy, lazyAsync } from '../../../src/base/lazy.ts';
import { createThrottle } from '../../../src/base/throttle.ts';

describe('a throttle', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs at once, then at most once an interval, and never loses the last request', async () => {
    const run = vi.fn();
    const throttle = createThrottle(500, run);
    throttle.request();
    throttle.request();
    throttle.request();
    expect(run).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(499);
    expect(run).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(run).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('waits for a slow run before the next', async () => {
    let finish = (): void => undefined;
    const run = vi.fn(() => new Promise<void>((resolve) => void (finish = resolve)));
    const throttle = createThrottle(500, run);
    throttle.request();
    throttle.request();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(run).toHaveBeenCalledTimes(1);
    finish();
    await vi.advanceTimersByTimeAsync(500);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('runs nothing after its end', async () => {
    const run = vi.fn();
    const throttle = createThrottle(500, run);
    throttle.request();
    throttle.request();
    throttle.dispose();
    throttle.request();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('what is made at first use', () => {
  it('is made once', () => {
    const make = vi.fn(() => ({}));
    const get = lazy(make);
    expect(make).not.toHaveBeenCalled();
    expect(get()).toBe(get());
  });

  it('is made again after a failure', async () => {
    const make = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error('no')).mockResolvedValueOnce(7);
    const get = lazyAsync(make);
    await expect(get()).rejects.toThrow('no');
    await expect(get()).resolves.toBe(7);
    await expect(get()).resolves.toBe(7);
    expect(make).toHaveBeenCalledTimes(2);
  });
});
