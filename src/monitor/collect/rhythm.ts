import type { Disposable } from '../../base/disposable.ts';
import type { Clock } from './clock.ts';

export interface Rhythm extends Disposable {
  /** Milliseconds from now on; undefined: no ticks. */
  setInterval(interval: number | undefined): void;
}

export interface RhythmListener {
  /** After a rest: what is reckoned from one time to the next begins now. */
  readonly onStart: () => void;
  readonly onTick: () => void;
}

/** Milliseconds between a start and its first tick: as long as rates need to be worth something, as short as nobody waits. */
const FIRST_AFTER = 200;

/**
 * Ticks at whole multiples of the interval since the epoch: nothing adds up, a tick that was late makes the next no later, and
 * who takes over goes on in the same time. A tick that lasts leaves others out.
 */
export function createRhythm({ onStart, onTick }: RhythmListener, clock: Clock): Rhythm {
  let interval: number | undefined;
  let pending: Disposable | undefined;
  let last = -Infinity;

  function schedule(milliseconds: number): void {
    pending?.dispose();
    pending = clock.after(milliseconds, () => {
      last = clock.now();
      onTick();
      scheduleNext();
    });
  }

  function scheduleNext(): void {
    if (interval === undefined) {
      return;
    }
    const now = clock.now();
    const left = interval - (now % interval);
    // A timer may ring a little early; a tick is never followed by another at once.
    schedule(Math.abs(now + left - last) < interval / 4 ? left + interval : left);
  }

  return {
    setInterval(wanted) {
      if (wanted === interval) {
        return;
      }
      const rested = interval === undefined;
      interval = wanted;
      if (wanted === undefined) {
        pending?.dispose();
        pending = undefined;
      } else if (rested) {
        onStart();
        schedule(FIRST_AFTER);
      } else {
        scheduleNext();
      }
    },
    dispose() {
      interval = undefined;
      pending?.dispose();
    },
  };
}
