import type { GpuSource } from './vendor.ts';

/**
 * Calls `onTick` at once, though not before the caller has returned, and then every so many milliseconds. One that takes longer
 * than that leaves ticks out and does not pile them up.
 */
export function createTicker(onTick: () => void, milliseconds: number): GpuSource {
  let interval = milliseconds;
  let due = Date.now();
  let disposed = false;
  let timer = setTimeout(tick, 0);

  function tick(): void {
    const now = Date.now();
    // Late ones, and a clock that was set, begin the rhythm anew.
    due = due + interval > now ? Math.min(due, now) + interval : now + interval;
    timer = setTimeout(tick, due - now);
    onTick();
  }

  return {
    setInterval(value) {
      if (disposed || value === interval) {
        return;
      }
      interval = value;
      clearTimeout(timer);
      due = Date.now() + interval;
      timer = setTimeout(tick, interval);
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
