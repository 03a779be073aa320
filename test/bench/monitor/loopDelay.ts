import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds. Looking oftener would cost more than what is looked at. */
const RESOLUTION = 5;

/** Milliseconds by which what was due came late. */
export interface LoopDelay {
  readonly late: number;
  readonly latest: number;
}

/** Looks from `after` milliseconds on: what starts up is not what goes on. */
export function watchLoop(after: number): () => LoopDelay {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  setTimeout(() => delays.enable(), after);
  // It tells the time from one look to the next, which is the resolution where nothing comes between.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  return () => ({ late: late(delays.percentile(99)), latest: late(delays.max) });
}
