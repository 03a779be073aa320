import { render } from 'lit/html.js';
import { connectHost } from '../../../webview/messageClient.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { SoundData } from './data.ts';
import { axisOf, GUTTER, laneLayout, lanesHeight, MOST_LANES } from './lanes.ts';
import type { Lane, View } from './lanes.ts';
import { layout } from './layout.ts';
import type { AudioActions } from './layout.ts';
import { coloursOf, paintLanes, paintOverview, xOf } from './paint.ts';
import { Playback } from './playback.ts';
import { keyAction } from './keys.ts';
import { listenToLanes, listenToOverview } from './pointer.ts';
import type { AudioFacts, AudioHost, AudioMark, AudioPage, Transcript } from './protocol.ts';
import { formatTime } from './time.ts';
import { TimeWindow } from './timeWindow.ts';

interface Saved {
  readonly view: View;
  readonly inspecting: boolean;
  readonly position: number;
  readonly volume: number;
}

/** CSS pixels up to which the inspector lies over the lanes. */
const NARROW = 900;
/** CSS pixels of the time at the playhead. */
const CHIP = 62;

/** The page of one recording: what the person does and what the host tells end here, and everything is drawn from what is known. */
export class AudioViewer {
  readonly window = new TimeWindow();
  readonly playback = new Playback(() => this.update());
  selection: readonly [number, number] | undefined;
  private readonly host = connectHost<AudioHost, AudioPage>({ changed: (what) => this.onFileChange(what as 'changed' | 'gone') });
  private readonly data = new SoundData(this.host, {
    onChange: () => this.draw(),
    onProgress: () => this.onProgress(),
    onProblem: (message) => this.set({ laneProblem: message }),
  });
  private facts: AudioFacts | undefined;
  private problem: string | undefined;
  private laneProblem: string | undefined;
  private fileChange: 'changed' | 'gone' | undefined;
  private view: View;
  private chosen: readonly number[] = [];
  private inspecting: boolean;
  private transcript: Transcript | null | undefined;
  private mark: AudioMark | undefined;
  private lanes: readonly Lane[] = [];
  private frame = 0;
  private opening = 0;

  constructor() {
    const saved = this.host.state.load() as Partial<Saved> | undefined;
    this.view = saved?.view ?? 'wave-mel';
    this.inspecting = saved?.inspecting ?? innerWidth > NARROW;
    this.playback.position = saved?.position ?? 0;
    this.playback.volume = saved?.volume ?? 1;
    this.update();
    document.addEventListener('keydown', (event) => this.onKey(event));
    cycleRegions(document.body);
    listenToLanes(this.element('.stack'), this);
    listenToOverview(this.element('.overview'), this);
    new ResizeObserver(() => this.update()).observe(this.element('.lanes'));
    new MutationObserver(() => this.draw()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.host.ready();
    void this.open();
  }

  get length(): number {
    return this.facts === undefined ? 0 : this.data.frames / this.facts.sampleRate;
  }

  get plot(): { readonly left: number; readonly width: number } {
    return { left: GUTTER, width: Math.max(1, this.element('.stack').clientWidth - GUTTER) };
  }

  seek(seconds: number): void {
    this.playback.seek(seconds);
    this.window.reveal(this.playback.position);
    this.draw();
  }

  select(range: readonly [number, number] | undefined): void {
    this.selection = range;
    this.mark = undefined;
    if (this.playback.loop !== undefined) {
      this.playback.change({ loop: this.loopRange() });
    }
    this.update();
  }

  /** Draws once a frame, whatever has changed. */
  draw(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow();
    });
  }

  private element(selector: string): HTMLElement {
    return document.querySelector<HTMLElement>(selector) as HTMLElement;
  }

  private async open(): Promise<void> {
    const turn = ++this.opening;
    this.playback.forget();
    try {
      const { facts, decode } = await this.host.request('open');
      if (turn !== this.opening) {
        return;
      }
      this.set({ facts, problem: undefined, laneProblem: undefined, fileChange: undefined, mark: undefined, selection: undefined });
      this.chosen = Array.from({ length: Math.min(MOST_LANES, facts.channels) }, (_, channel) => channel);
      this.window.reset(facts.frames / facts.sampleRate, facts.sampleRate);
      this.data.open(facts);
      this.update();
      void this.playback.prepare(this.host, facts, decode);
      void this.host.request('transcript').then((transcript) => this.set({ transcript }), () => this.set({ transcript: null }));
    } catch (error) {
      this.set({ facts: undefined, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  private onFileChange(what: 'changed' | 'gone'): void {
    this.set({ fileChange: what });
    if (what === 'changed') {
      void this.open();
    }
  }

  private onProgress(): void {
    const { facts, data } = this;
    if (facts !== undefined && data.progress?.analysis !== undefined) {
      const length = data.frames / facts.sampleRate;
      const wasWhole = this.window.whole;
      if (!facts.framesAreExact && Math.abs(length - facts.frames / facts.sampleRate) > 1e-3 && wasWhole) {
        this.window.reset(length, facts.sampleRate);
      }
      this.playback.setLength(length);
    }
    this.update();
  }

  private set(change: object): void {
    Object.assign(this, change);
    this.update();
  }

  private keep(): void {
    this.host.state.save({ view: this.view, inspecting: this.inspecting, position: this.playback.position, volume: this.playback.volume } satisfies Saved);
  }

  private onKey(event: KeyboardEvent): void {
    const act = keyAction(event, { ...this.actions, playback: this.playback, length: this.length, seek: (to) => this.seek(to), mark: (edge) => this.markEdge(edge), clear: () => this.select(undefined) });
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }

  private markEdge(edge: 'in' | 'out'): void {
    const at = this.playback.now();
    const [from, to] = this.selection ?? [0, this.length];
    this.select(edge === 'in' ? [at, at < to ? to : this.length] : [at > from ? from : 0, at]);
  }

  private loopRange(): readonly [number, number] {
    return this.selection ?? [0, this.length];
  }

  private zoom(factor: number): void {
    const { position } = this.playback;
    const isSeen = position >= this.window.from && position <= this.window.to;
    this.window.zoom(factor, isSeen ? position : (this.window.from + this.window.to) / 2);
    this.update();
  }

  private readonly actions: AudioActions = {
    setView: (view) => {
      this.set({ view });
      this.keep();
    },
    choose: (channel) => this.set({ chosen: this.chosen.includes(channel) ? this.chosen.filter((other) => other !== channel) : [...this.chosen, channel].sort((a, b) => a - b) }),
    zoom: (factor) => this.zoom(factor),
    fit: () => this.zoom(1e-9),
    toggleInspector: () => {
      this.set({ inspecting: !this.inspecting });
      this.keep();
    },
    toggle: () => this.playback.toggle(),
    restart: () => this.seek(0),
    toggleLoop: () => this.playback.change({ loop: this.playback.loop ? undefined : this.loopRange() }),
    hear: (heard) => this.playback.change({ heard }),
    setSpeed: (speed) => this.playback.change({ speed }),
    setVolume: (volume) => {
      this.playback.setVolume(volume);
      this.keep();
    },
    toggleMute: () => this.playback.setVolume(this.playback.volume, !this.playback.muted),
    select: (range) => {
      this.select(range);
      this.seek(range[0]);
    },
    showMark: (mark) => {
      const rate = this.facts?.sampleRate ?? 1;
      const [from, to] = [mark.from / rate, mark.to / rate];
      this.set({ mark, selection: undefined });
      this.window.show(from - this.window.span / 2, this.window.span);
      if (to - from > this.window.span) {
        this.window.show(from - (to - from) * 0.05, (to - from) * 1.1);
      }
      this.seek(from);
    },
    reopen: () => void this.open(),
  };

  private drawNow(): void {
    const { facts, data, window: time, playback } = this;
    if (facts === undefined) {
      return;
    }
    if (playback.playing) {
      playback.now();
      time.reveal(playback.position);
      this.draw();
    }
    const stack = this.element('.stack');
    const canvas = this.element('.stack > .drawn') as HTMLCanvasElement;
    const width = stack.clientWidth;
    fit(canvas, width, lanesHeight(this.lanes));
    const colours = coloursOf(canvas);
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const { plot } = this;
    const wanted = paintLanes(context, width, {
      view: this.view, lanes: this.lanes, window: time, shown: data.shown, tiles: data.tiles, analysis: data.progress?.analysis, transcript: this.transcript,
      rate: facts.sampleRate, channels: facts.channels, selection: this.selection, mark: this.mark,
    }, colours);
    data.tiles.want(wanted);
    data.want({ channels: this.chosen, from: Math.floor(time.from * facts.sampleRate), to: Math.max(1, Math.ceil(time.to * facts.sampleRate)), columns: Math.min(4000, Math.round(plot.width * devicePixelRatio)) });
    this.drawOverview();
    this.drawPlayhead();
    stack.toggleAttribute('data-busy', data.busy);
  }

  private drawOverview(): void {
    const overview = this.element('.overview');
    const canvas = overview.querySelector('canvas') as HTMLCanvasElement;
    fit(canvas, overview.clientWidth, overview.clientHeight);
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    paintOverview(context, overview.clientWidth, overview.clientHeight, this.data.overview, coloursOf(canvas));
    const view = overview.querySelector('.view') as HTMLElement;
    const { plot, length } = this;
    view.hidden = this.window.whole;
    view.style.left = `${plot.left + (this.window.from / length) * plot.width}px`;
    view.style.width = `${Math.max(3, (this.window.span / length) * plot.width)}px`;
  }

  private drawPlayhead(): void {
    const { position } = this.playback;
    const playhead = this.element('.playhead');
    playhead.hidden = position < this.window.from || position > this.window.to;
    playhead.style.translate = `${xOf(position, this.window, this.plot)}px`;
    const chip = playhead.firstElementChild as HTMLElement;
    chip.textContent = formatTime(position);
    // At the edges the time stays on the page.
    chip.style.translate = `${-Math.min(CHIP / 2, Math.max(0, xOf(position, this.window, this.plot)))}px`;
    if (this.playback.playing) {
      this.update();
    }
  }

  private update(): void {
    const { facts, data, playback, view, chosen, transcript } = this;
    const scroll = document.querySelector<HTMLElement>('.scroll');
    const hasTimes = transcript?.rows.some(({ start }) => start !== undefined) === true;
    this.lanes = facts === undefined ? [] : laneLayout(view, chosen, { loudness: typeof facts.host !== 'object', text: hasTimes }, scroll?.clientHeight ?? 0);
    const axis = axisOf(view);
    if (axis !== undefined) {
      data.tiles.setAxis(axis);
    }
    render(
      layout(
        {
          facts, problem: this.problem, laneProblem: this.laneProblem, fileChange: this.fileChange, view, chosen, inspecting: this.inspecting, transcript,
          progress: data.progress, feed: playback.feed, soundProblem: playback.problem, mark: this.mark, position: playback.position, length: this.length, span: this.window.span,
          playing: playback.playing, looping: playback.loop !== undefined, selection: this.selection, heard: playback.heard, speed: playback.speed, volume: playback.volume, muted: playback.muted,
        },
        this.actions,
      ),
      document.body,
    );
    this.element('.stack').style.height = `${lanesHeight(this.lanes)}px`;
    this.draw();
  }
}

/** A canvas in the pixels of the screen. */
function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [w, h] = [Math.max(1, Math.round(width * devicePixelRatio)), Math.max(1, Math.round(height * devicePixelRatio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
}
