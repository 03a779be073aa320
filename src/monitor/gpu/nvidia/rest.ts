import type { PciCard } from './sleep.ts';

/** Nobody used the GPUs for so long: they may sleep, milliseconds. */
const IDLE = 60_000;
/** Left alone for so long without falling asleep, they never will. */
const FUTILE = 60_000;

/**
 * When to let go of GPUs that can sleep: a program that watches one keeps it awake, which a laptop pays for with its battery.
 * Those that cannot, as on a training machine, are watched all the time.
 */
export class Rest {
  private idleSince: number | undefined;
  private restingSince: number | undefined;
  private slept = false;
  private futile = false;

  /** Whether to leave the GPUs alone now. `idle`: no process uses one and none works. */
  next(cards: readonly PciCard[], idle: boolean, now: number): boolean {
    const asleep = cards.length > 0 && cards.every(({ suspended }) => suspended);
    if (this.restingSince !== undefined || asleep) {
      this.restingSince ??= now;
      this.slept ||= asleep;
      // Another program has woken it, or it stays awake whatever we do.
      const isOver = !asleep && (this.slept || now - this.restingSince >= FUTILE);
      if (isOver) {
        this.futile ||= !this.slept;
        this.restingSince = undefined;
        this.idleSince = undefined;
        this.slept = false;
      }
      return !isOver;
    }
    if (!idle || this.futile || cards.length === 0 || !cards.every(({ maySleep }) => maySleep)) {
      this.idleSince = undefined;
      return false;
    }
    this.idleSince ??= now;
    if (now - this.idleSince < IDLE) {
      return false;
    }
    this.restingSince = now;
    return true;
  }
}
