import type { Disposable } from '../base/disposable.ts';

/** The clock that waiting goes by; tests bring their own. */
export interface Timers {
  /** Milliseconds of a clock that is never set. */
  now(): number;
  after(milliseconds: number, run: () => void): Disposable;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};
