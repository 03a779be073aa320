import type { Frame, HistoryEvent } from './protocol.ts';
import type { TimeRange } from './timeWindow.ts';

export const SPEEDS = [1, 10, 60] as const;
export type Speed = (typeof SPEEDS)[number];

export interface PlaybackHost {
  kept(): Promise<{ readonly from?: number; readonly to?: number; readonly reason?: string; readonly events: readonly HistoryEvent[] }>;
  at(time: number): Promise<Frame | null>;
}

export interface PlaybackEvents {
  /** The playhead has moved. */
  moved(): void;
  /** What was at the playhead's time; null where nothing is kept of it. */
  frame(frame: Frame | null): void;
  failed(error: unknown): void;
}

const TICK = 1000;

/** The playhead over what is kept: moves it, plays it, and fetches what was at its time, one request at a time. */
export class Playback {
  kept: TimeRange | undefined;
  reason: string | undefined;
  events: readonly HistoryEvent[] = [];
  playhead = 0;
  speed: Speed = 10;
  selection: TimeRange | undefined;
  private active: boolean = false;
  private timer: ReturnType<typeof setInterval> | undefined;
  private asking = false;
  private asked: number | undefined;

  constructor(
    private readonly host: PlaybackHost,
    private readonly tell: PlaybackEvents,
  ) {}

  get isPlaying(): boolean {
    return this.timer !== undefined;
  }

  async start(playhead: number): Promise<void> {
    this.active = true;
    this.playhead = playhead;
    const { from, to, reason, events } = await this.host.kept();
    this.kept = from === undefined || to === undefined ? undefined : { from, to };
    this.reason = reason;
    this.events = [...events].sort((a, b) => a.time - b.time);
    if (this.active) {
      this.move(playhead);
    }
  }

  stop(): void {
    this.active = false;
    this.pause();
    this.selection = undefined;
    this.asked = undefined;
  }

  move(time: number): void {
    this.playhead = this.kept === undefined ? time : Math.min(this.kept.to, Math.max(this.kept.from, time));
    this.asked = this.playhead;
    this.tell.moved();
    void this.ask();
  }

  /** To the next event, or to the one before. */
  jump(direction: 1 | -1): void {
    const found = direction > 0 ? this.events.find(({ time }) => time > this.playhead) : this.events.findLast(({ time }) => time < this.playhead);
    if (found !== undefined) {
      this.move(found.time);
    }
  }

  toggle(): void {
    if (this.timer === undefined) {
      this.timer = setInterval(() => this.tick(), TICK);
    } else {
      this.pause();
    }
    this.tell.moved();
  }

  private pause(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    if (this.kept !== undefined && this.playhead >= this.kept.to) {
      this.pause();
      this.tell.moved();
    } else if (!this.asking) {
      this.move(this.playhead + this.speed * TICK);
    }
  }

  private async ask(): Promise<void> {
    if (this.asking) {
      return;
    }
    this.asking = true;
    try {
      for (let time = this.asked; time !== undefined && this.active; time = this.asked) {
        this.asked = undefined;
        const frame = await this.host.at(time);
        // Meanwhile somebody may have gone live, or on to another time.
        if (this.active && this.asked === undefined) {
          this.tell.frame(frame);
        }
      }
    } catch (error) {
      this.tell.failed(error);
    } finally {
      this.asking = false;
    }
  }
}
