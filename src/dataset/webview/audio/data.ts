import type { HostConnection } from '../../../webview/messageClient.ts';
import { MOST_LANES } from './lanes.ts';
import type { ShownPeaks } from './paint.ts';
import type { AudioFacts, AudioHost, AudioPeaks, AudioProgress } from './protocol.ts';
import { SpectrogramTiles } from './spectrogramTiles.ts';

/** Milliseconds between two questions how far the walk is. */
const POLL = 400;
const OVERVIEW_COLUMNS = 800;

interface Wish {
  readonly channels: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/** What the lanes show, fetched as it is wished for: of peaks the last wish alone is kept while an answer is out. */
export class SoundData {
  shown: ShownPeaks | undefined;
  overview: AudioPeaks | undefined;
  progress: AudioProgress | undefined;
  readonly tiles: SpectrogramTiles;
  private facts: AudioFacts | undefined;
  private wish: Wish | undefined;
  private got: Wish | undefined;
  private fetching = false;
  private turn = 0;

  constructor(
    private readonly host: HostConnection<AudioHost>,
    private readonly told: { onChange(): void; onProgress(): void; onProblem(message: string): void },
  ) {
    this.tiles = new SpectrogramTiles(
      { fetch: (request, signal) => host.requestUntil(signal, 'tile', request), onChange: () => told.onChange(), onProblem: (message) => told.onProblem(message) },
      () => ({ rate: this.facts?.sampleRate ?? 1, frames: this.frames }),
    );
  }

  get frames(): number {
    return this.progress?.analysis?.frames ?? this.facts?.frames ?? 0;
  }

  get busy(): boolean {
    return this.fetching || this.tiles.busy;
  }

  open(facts: AudioFacts): void {
    this.turn++;
    this.facts = facts;
    this.shown = this.overview = this.progress = this.wish = this.got = undefined;
    this.tiles.clear();
    void this.follow(this.turn);
    // Without a decoder there is nothing to be drawn, which `progress` says.
    if (typeof facts.host !== 'object') {
      void this.look(this.turn);
      this.host.request('scale').then(
        (scale) => {
          this.tiles.scale = scale;
          this.told.onChange();
        },
        (error: unknown) => this.fail(error),
      );
    }
  }

  /** Says what is on screen, in frames. */
  want(wish: Wish): void {
    this.wish = wish;
    if (!this.fetching && typeof this.facts?.host !== 'object' && !same(wish, this.got)) {
      void this.fetch(this.turn);
    }
  }

  private async fetch(turn: number): Promise<void> {
    this.fetching = true;
    try {
      while (this.wish !== undefined && !same(this.wish, this.got) && turn === this.turn) {
        const wish = this.wish;
        this.got = wish;
        const peaks = await this.host.request('peaks', { ...wish, channels: [...wish.channels] });
        if (turn === this.turn) {
          const rate = this.facts?.sampleRate ?? 1;
          this.shown = { peaks, from: wish.from / rate, to: wish.to / rate, channels: wish.channels };
          this.told.onChange();
        }
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.fetching = false;
    }
  }

  /** The whole in small. */
  private async look(turn: number): Promise<void> {
    try {
      const channels = Array.from({ length: Math.min(this.facts?.channels ?? 0, MOST_LANES) }, (_, channel) => channel);
      const overview = await this.host.request('peaks', { channels, from: 0, to: Math.max(1, this.frames), columns: OVERVIEW_COLUMNS });
      if (turn === this.turn) {
        this.overview = overview;
        this.told.onChange();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private async follow(turn: number): Promise<void> {
    try {
      for (;;) {
        const progress = await this.host.request('progress');
        if (turn !== this.turn) {
          return;
        }
        this.progress = progress;
        if (this.shown?.peaks.quality !== 'whole') {
          this.got = undefined;
        }
        if (this.overview !== undefined && this.overview.quality !== 'whole') {
          void this.look(turn);
        }
        this.tiles.retry();
        this.told.onProgress();
        if (progress.analysis !== undefined || progress.problem !== undefined) {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, POLL));
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.told.onProblem(error instanceof Error ? error.message : String(error));
  }
}

function same(a: Wish, b: Wish | undefined): boolean {
  return b !== undefined && a.from === b.from && a.to === b.to && a.columns === b.columns && a.channels.join() === b.channels.join();
}
