import type { Timers } from '../../process/timers.ts';
import type { SyncProgress } from '../run.ts';

/** Milliseconds over which a rate is taken. */
const WINDOW = 5000;
/** Milliseconds between two words to whoever listens, but where the phase changes. */
const PACE = 100;
/** A rate of less is none: too little was seen. */
const LEAST_SEEN = 500;

/**
 * Counts what was approved and what of it is done. Bytes only ever grow towards the total, which is known before the first: what a
 * try has moved in vain is taken back before the next one starts.
 */
export class Meter {
  private phase: SyncProgress['phase'] = 'connecting';
  private retry: SyncProgress['retry'];
  private done = 0;
  private running = 0;
  private files = 0;
  private readonly marks: { readonly at: number; readonly bytes: number }[] = [];
  private moved = 0;
  private told = -Infinity;

  constructor(
    private readonly totalBytes: number,
    private readonly totalFiles: number,
    private readonly timers: Timers,
    private readonly onProgress: (progress: SyncProgress) => void,
  ) {}

  enter(phase: SyncProgress['phase'], retry?: SyncProgress['retry']): void {
    this.phase = phase;
    this.retry = retry;
    this.tell(true);
  }

  /** One name is in place. */
  placed(bytes: number): void {
    this.done += bytes;
    this.running = Math.max(0, this.running - bytes);
    this.files++;
    this.tell(false);
  }

  /** Bytes that are there of what is not yet in place; taken for the present, so that a try that fails gives them back. */
  underWay(bytes: number): void {
    this.moved += Math.max(0, bytes - this.running);
    this.running = bytes;
    this.tell(false);
  }

  get placedBytes(): number {
    return this.done;
  }

  private tell(atOnce: boolean): void {
    const now = this.timers.now();
    if (!atOnce && now - this.told < PACE) {
      return;
    }
    this.told = now;
    this.onProgress(this.progress(now));
  }

  private progress(now: number): SyncProgress {
    const bytes = Math.min(this.totalBytes, this.done + this.running);
    const rate = this.rate(now, Math.max(this.moved, this.done));
    const rest = this.totalBytes - bytes;
    return {
      phase: this.phase,
      bytes,
      totalBytes: this.totalBytes,
      files: Math.min(this.files, this.totalFiles),
      totalFiles: this.totalFiles,
      rate,
      ...(rate > 0 && this.phase === 'sending' && { left: rest / rate }),
      ...(this.retry !== undefined && { retry: this.retry }),
    };
  }

  private rate(now: number, bytes: number): number {
    this.marks.push({ at: now, bytes });
    while (this.marks.length > 2 && now - (this.marks[1]?.at ?? now) >= WINDOW) {
      this.marks.shift();
    }
    const [first] = this.marks;
    return first === undefined || now - first.at < LEAST_SEEN ? 0 : (bytes - first.bytes) / ((now - first.at) / 1000);
  }
}
