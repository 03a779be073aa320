import { HistoryGrid } from './historyGrid.ts';
import { Playback } from './playback.ts';
import type { Frame, History, HistoryEvent } from './protocol.ts';
import { stepFor } from './timeWindow.ts';
import type { TimeRange } from './timeWindow.ts';

export type Mode = 'live' | 'paused' | 'playback';

/** The series of the overview above the scrubber. */
export const MEAN = 'mean busy';

export interface TimelineHost {
  history(params: { readonly from: number; readonly to: number; readonly step: number }): Promise<History>;
  kept(): Promise<{ readonly from?: number; readonly to?: number; readonly reason?: string; readonly events: readonly HistoryEvent[] }>;
  at(time: number): Promise<Frame | null>;
  mode(time: number | null): Promise<void>;
}

export interface TimelineEvents {
  /** What the charts draw, or where the playhead stands, is different. */
  changed(): void;
  /** Live again: what is shown is what came last. */
  live(): void;
  readonly past: (frame: Frame | null) => void;
  readonly failed: (error: unknown) => void;
}

/** Which time the page shows: the live window, or a range of the past with a playhead in it. It holds what the charts draw. */
export class Timeline {
  readonly grid = new HistoryGrid();
  readonly overview = new HistoryGrid();
  readonly playback: Playback;
  mode: Mode = 'live';
  /** In playback: what the scrubber and, where nothing is selected, the charts span. */
  range: TimeRange = { from: 0, to: 0 };
  /** Of the last sample; the host's clock counts. */
  private latest = 0;
  private request = 0;

  constructor(
    private readonly host: TimelineHost,
    private readonly tell: TimelineEvents,
    /** Milliseconds. */
    public span: number,
  ) {
    this.playback = new Playback(host, { moved: () => this.onPlayhead(), frame: tell.past, failed: tell.failed });
  }

  /** With the time of the first sample. */
  begin(time: number): void {
    this.latest = time;
    this.resetLive();
    void this.load();
  }

  get now(): number {
    return this.latest;
  }

  /** What the charts show. */
  get window(): TimeRange {
    return this.mode === 'playback' ? (this.playback.selection ?? this.range) : { from: this.grid.to - this.span, to: this.grid.to };
  }

  gridOf(name: string): HistoryGrid {
    return name === MEAN ? this.overview : this.grid;
  }

  /** Of a live sample; only while live does the window follow it. */
  add(time: number, values: Iterable<readonly [string, number | undefined]>): void {
    this.latest = time;
    if (this.mode === 'live') {
      this.grid.add(time, values);
    }
  }

  private async load(): Promise<void> {
    await this.loadGrid({ from: this.latest - this.span, to: this.latest });
  }

  pause(): void {
    if (this.mode === 'playback') {
      this.playback.toggle();
    } else if (this.mode === 'paused') {
      this.goLive();
    } else {
      this.mode = 'paused';
      this.tell.changed();
    }
  }

  goLive(): void {
    this.playback.stop();
    this.mode = 'live';
    this.sayMode(null);
    this.resetLive();
    this.tell.live();
    void this.load();
  }

  async enterPlayback(selection?: TimeRange): Promise<void> {
    this.mode = 'playback';
    this.range = { from: this.latest - this.span, to: this.latest };
    this.playback.selection = selection;
    try {
      await this.playback.start(selection === undefined ? this.latest - this.span / 3 : (selection.from + selection.to) / 2);
    } catch (error) {
      this.tell.failed(error);
    }
    await this.showRange();
  }

  async select(selection: TimeRange | undefined): Promise<void> {
    if (this.mode !== 'playback') {
      await this.enterPlayback(selection);
      return;
    }
    this.playback.selection = selection;
    if (selection !== undefined && (this.playback.playhead < selection.from || this.playback.playhead > selection.to)) {
      this.playback.move(selection.from);
    }
    await this.showRange();
  }

  setSpan(span: number): void {
    this.span = span;
    if (this.mode === 'playback') {
      this.showAround(Math.min(this.latest, this.playback.playhead + span / 2));
    } else {
      this.goLive();
    }
  }

  /** By one window. */
  page(direction: 1 | -1): void {
    const to = Math.min(this.latest, this.range.to + direction * this.span);
    this.showAround(to);
    this.playback.move(Math.min(to, Math.max(to - this.span, this.playback.playhead)));
  }

  stepBy(direction: 1 | -1): void {
    this.playback.move(this.playback.playhead + direction * this.grid.step);
  }

  private showAround(to: number): void {
    this.range = { from: to - this.span, to };
    this.playback.selection = undefined;
    void this.showRange();
  }

  private onPlayhead(): void {
    if (this.mode !== 'playback') {
      return;
    }
    const { playhead } = this.playback;
    if (playhead < this.range.from || playhead > this.range.to) {
      this.showAround(Math.min(this.latest, playhead + this.span / 2));
    }
    this.tell.changed();
    this.sayMode(Math.round(playhead));
  }

  private sayMode(time: number | null): void {
    this.host.mode(time).catch((error: unknown) => this.tell.failed(error));
  }

  private resetLive(): void {
    this.grid.reset(this.latest - this.span, this.latest + 1, stepFor(this.span));
  }

  /** Fetches the histories of what is spanned and, where there is one, of the selection. */
  private async showRange(): Promise<void> {
    const wanted = this.window;
    this.overview.reset(this.range.from, this.range.to, stepFor(this.range.to - this.range.from));
    this.grid.reset(wanted.from, wanted.to, stepFor(wanted.to - wanted.from));
    this.tell.changed();
    await Promise.all([this.loadGrid(wanted), this.loadOverview(this.range)]);
  }

  private async loadGrid({ from, to }: TimeRange): Promise<void> {
    const request = ++this.request;
    const history = await this.ask({ from, to });
    if (history !== undefined && request === this.request) {
      this.grid.load(history);
      this.tell.changed();
    }
  }

  private async loadOverview(range: TimeRange): Promise<void> {
    const history = await this.ask(range);
    if (history !== undefined && range === this.range) {
      this.overview.load(history);
      const gpus = Object.keys(history.series).filter((name) => name.startsWith('busy '));
      this.overview.load({ ...history, from: this.overview.from, step: this.overview.step, series: { [MEAN]: { min: this.overview.mean(gpus) } } });
      this.tell.changed();
    }
  }

  private async ask({ from, to }: TimeRange): Promise<History | undefined> {
    try {
      return await this.host.history({ from: Math.floor(from), to: Math.ceil(to), step: stepFor(to - from) });
    } catch (error) {
      this.tell.failed(error);
      return undefined;
    }
  }
}
