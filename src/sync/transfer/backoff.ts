import type { Timers } from '../../process/timers.ts';

/** Seconds before each try anew; what has moved something begins again with the first. */
const PAUSES = [1, 2, 4, 8, 16, 30, 60] as const;
export const TRIES = PAUSES.length;

/** Milliseconds before try `attempt` (from 1), a quarter more or less so that many windows do not knock at once. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  const seconds = PAUSES[Math.min(attempt, TRIES) - 1] ?? 1;
  return Math.round(seconds * 1000 * (0.75 + random() / 2));
}

/** Resolves after a time, or at once when `signal` is aborted. */
export async function rest(milliseconds: number, timers: Timers, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = timers.after(milliseconds, done);
    function done(): void {
      timer.dispose();
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
    if (signal.aborted) {
      done();
    }
  });
}
