import type { Clock } from '../../../../src/monitor/collect/clock.ts';

/** A clock that a test turns by hand. */
export class HandClock implements Clock {
  private time: number;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor(start: number) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): { dispose(): void } {
    const timer = { at: this.time + milliseconds, run };
    this.timers.add(timer);
    return { dispose: () => this.timers.delete(timer) };
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Work that takes so long. */
  spend(milliseconds: number): void {
    this.time += milliseconds;
  }

  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) {
        this.time = Math.max(this.time, end);
        return;
      }
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
  }
}
