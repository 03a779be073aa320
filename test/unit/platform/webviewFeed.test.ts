import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebviewFeed } from '../../../src/platform/webviewFeed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A feed whose refreshes are finished by hand. */
function feedByHand() {
  const watchers = new Set<(id: string) => void>();
  const refreshes: { readonly changed: readonly string[] | 'all'; current(): boolean; finish(): void; fail(error: Error): void }[] = [];
  const errors: unknown[] = [];
  const feed = new WebviewFeed({
    interval: 200,
    watch: (onChange) => {
      watchers.add(onChange);
      return { dispose: () => void watchers.delete(onChange) };
    },
    refresh: (changed, current) =>
      new Promise<void>((resolve, reject) => {
        refreshes.push({ changed: changed === 'all' ? 'all' : [...changed], current, finish: resolve, fail: reject });
      }),
    onError: (error) => errors.push(error),
  });
  return { feed, watchers, refreshes, errors, change: (id: string) => watchers.forEach((onChange) => onChange(id)) };
}

describe('a page that is kept up to date', () => {
  it('is told everything when it begins to be seen', async () => {
    const { feed, refreshes } = feedByHand();
    feed.setActive(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(refreshes.map(({ changed }) => changed)).toEqual(['all']);
  });

  it('costs nothing while it is not seen', async () => {
    const { feed, watchers, refreshes } = feedByHand();
    feed.setActive(true);
    feed.setActive(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([watchers.size, refreshes.length, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it('is told of many changes at once, one refresh at a time', async () => {
    const { feed, refreshes, change } = feedByHand();
    feed.setActive(true);
    await vi.advanceTimersByTimeAsync(0);
    change('a');
    change('b');
    change('a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(refreshes).toHaveLength(1);
    refreshes[0]?.finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(refreshes.map(({ changed }) => changed)).toEqual(['all', ['a', 'b']]);
  });

  it('is told no more often than the interval', async () => {
    const { feed, refreshes, change } = feedByHand();
    feed.setActive(true);
    for (let time = 0; time < 1000; time += 10) {
      change('a');
      await vi.advanceTimersByTimeAsync(10);
      refreshes.forEach(({ finish }) => finish());
    }
    expect(refreshes.length).toBeLessThanOrEqual(6);
    expect(refreshes.length).toBeGreaterThanOrEqual(4);
  });

  it('is not told what was read before it was hidden', async () => {
    const { feed, refreshes } = feedByHand();
    feed.setActive(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(refreshes[0]?.current()).toBe(true);
    feed.setActive(false);
    feed.setActive(true);
    expect(refreshes[0]?.current()).toBe(false);
    refreshes[0]?.finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(refreshes.map(({ changed, current }) => [changed, current()])).toEqual([
      ['all', false],
      ['all', true],
    ]);
  });

  it('goes on after a refresh that failed', async () => {
    const { feed, refreshes, errors, change } = feedByHand();
    feed.setActive(true);
    await vi.advanceTimersByTimeAsync(0);
    refreshes[0]?.fail(new Error('unreadable'));
    change('a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(errors).toEqual([new Error('unreadable')]);
    expect(refreshes).toHaveLength(2);
  });

  it('does not begin once it is disposed of', async () => {
    const { feed, watchers, refreshes } = feedByHand();
    feed.dispose();
    feed.setActive(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect([watchers.size, refreshes.length]).toEqual([0, 0]);
  });
});
