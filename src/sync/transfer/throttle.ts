import type { Timers } from '../../process/timers.ts';
import { rest } from './backoff.ts';

/** Lets bytes pass at a rate that all who ask share. */
export interface Allowance {
  /** Resolves when `bytes` more may go. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

/** `kilobytes` (1000 bytes) a second; all at once where left out. */
export function createAllowance(kilobytes: number | undefined, timers: Timers): Allowance {
  let free = timers.now();
  return {
    async take(bytes, signal) {
      if (kilobytes !== undefined) {
        const now = timers.now();
        const at = Math.max(free, now);
        free = at + bytes / kilobytes;
        if (at > now) {
          await rest(at - now, timers, signal);
        }
      }
    },
  };
}
