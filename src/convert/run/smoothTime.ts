import { isAbsent, type Measured } from '../../base/absent.ts';

/** Seconds in which an estimate moves most of the way (1 − 1/e) to what is measured now. */
const INERTIA = 8;

/** A time left that runs down by the clock and bends towards what is measured, instead of jumping to it. */
export class SmoothTime {
  private last: { readonly seconds: number; readonly at: number } | undefined;

  constructor(private readonly now: () => number) {}

  /** `measured` in seconds. */
  next(measured: Measured<number>): Measured<number> {
    if (isAbsent(measured)) {
      return measured;
    }
    const at = this.now();
    if (this.last === undefined) {
      this.last = { seconds: measured, at };
      return measured;
    }
    const passed = (at - this.last.at) / 1000;
    const expected = Math.max(0, this.last.seconds - passed);
    const seconds = expected + (measured - expected) * (1 - Math.exp(-passed / INERTIA));
    this.last = { seconds, at };
    return seconds;
  }
}
