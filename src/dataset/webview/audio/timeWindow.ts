/** Samples that a window shows at least: then each is a dot. */
const LEAST_SAMPLES = 32;

/** The part of a recording that is on screen, in seconds. */
export class TimeWindow {
  from = 0;
  to = 1;
  private length = 1;
  private rate = 1;

  /** Shows all of it. */
  reset(length: number, rate: number): void {
    this.length = Math.max(length, 1 / rate);
    this.rate = rate;
    this.from = 0;
    this.to = this.length;
  }

  get span(): number {
    return this.to - this.from;
  }

  get whole(): boolean {
    return this.span >= this.length * 0.9999;
  }

  /** A factor above 1 shows less; what is at `at` stays where it is. */
  zoom(factor: number, at: number): void {
    const span = Math.max(Math.min(LEAST_SAMPLES / this.rate, this.length), Math.min(this.length, this.span / factor));
    this.show(at - ((at - this.from) / this.span) * span, span);
  }

  pan(seconds: number): void {
    this.show(this.from + seconds, this.span);
  }

  show(from: number, span: number): void {
    this.from = Math.max(0, Math.min(this.length - span, from));
    this.to = this.from + span;
  }

  /** Brings a time into view, as little as can be; while it plays by a page. */
  reveal(at: number): boolean {
    if (at >= this.from && at <= this.to) {
      return false;
    }
    this.show(at - this.span * 0.05, this.span);
    return true;
  }
}

/** Distance of marks on an axis, in seconds. */
export function tickStep(span: number, width: number, room = 90): number {
  const least = (span * room) / Math.max(1, width);
  const steps = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];
  return steps.find((step) => step >= least) ?? 14_400;
}
