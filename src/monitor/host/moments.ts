import { isAbsent, known, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { NOT_TOLD } from './counters.ts';

/** How far our clock and the kernel's, which has hundredths of a second, may be apart and still tell the same. */
const AGREE = 0.03;

/** A clock by which rates are made. */
export interface Moments {
  /** Seconds since the first call; never goes back. `now`: milliseconds since the epoch; asked again for the same, nothing is read. */
  at(now: number): number;
  /** Seconds since the boot, as of the last call. */
  readonly uptime: Measured<number>;
}

/**
 * The time between two readings is the kernel's own: the clock of the day is set now and then, and what comes from another
 * machine comes late at times. Where both agree ours is taken, which is finer.
 */
export function createMoments(files: KernelFiles): Moments {
  let moment = 0;
  let before: number | undefined;
  let uptime: Measured<number> = NOT_TOLD;
  return {
    at(now) {
      if (now === before) {
        return moment;
      }
      const uptimeBefore = known(uptime);
      uptime = parseUptime(files.text('/proc/uptime'));
      const ours = before === undefined ? 0 : (now - before) / 1000;
      const theirs = isAbsent(uptime) || uptimeBefore === undefined ? ours : uptime - uptimeBefore;
      moment += Math.max(0, Math.abs(ours - theirs) <= AGREE ? ours : theirs);
      before = now;
      return moment;
    },
    get uptime() {
      return uptime;
    },
  };
}

/** `/proc/uptime` (proc_uptime(5)): seconds since the boot, those asleep included. */
export function parseUptime(text: Measured<string>): Measured<number> {
  if (isAbsent(text)) {
    return text;
  }
  const [, seconds] = /^(\d{1,15}(?:\.\d{1,9})?)(?= )/.exec(text) ?? [];
  return seconds === undefined ? NOT_TOLD : Number(seconds);
}

/** Whether it is time again for what need not be read each time. The first time it is. */
export class Turn {
  private last = -Infinity;
  private readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  comes(moment: number): boolean {
    // Ticks are never quite punctual.
    if (moment - this.last < this.seconds - 0.25) {
      return false;
    }
    this.last = moment;
    return true;
  }
}
