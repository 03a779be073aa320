import { render } from 'lit/html.js';
import { isAbsent, known } from '../../../base/absent.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { keyAction } from '../audio/keys.ts';
import { coloursOf } from '../audio/paint.ts';
import { Playback } from '../audio/playback.ts';
import type { AudioFacts, AudioPeaks } from '../audio/protocol.ts';
import { paintBars } from './bars.ts';
import type { BarsView } from './bars.ts';
import { FilmClock } from './filmClock.ts';
import { FrameTable } from './frameTable.ts';
import { layout } from './layout.ts';
import type { VideoActions } from './layout.ts';
import { findPictures } from './pictures.ts';
import type { FilmPictures, Picture } from './pictures.ts';
import type { VideoFacts, VideoHost, VideoPage } from './protocol.ts';
import { Strip, STRIP_HEIGHT } from './strip.ts';
import { fitCanvas, paintWave } from './timeline.ts';
import { wordsOf } from './words.ts';

const NARROW = 900;
const BARS = 72;
const WAVE = 44;
const WAVE_COLUMNS = 600;

/** The page of one film: what the person does and what the host tells end here, and everything is drawn from what is known. */
export class VideoViewer {
  private readonly host = connectHost<VideoHost, VideoPage>({ changed: (what) => this.onFileChange(what as 'changed' | 'gone') });
  private readonly sound = new Playback(() => this.update());
  private readonly clock = new FilmClock(this.sound, () => (this.facts?.start ?? 0) + (this.facts?.soundAfter ?? 0));
  private readonly table = new FrameTable();
  private readonly strip = new Strip(() => this.draw());
  private facts: VideoFacts | undefined;
  private soundFacts: AudioFacts | null = null;
  private soundProblem: string | undefined;
  private problem: string | undefined;
  private pictureProblem: string | undefined;
  private packetProblem: string | undefined;
  private fileChange: 'changed' | 'gone' | undefined;
  private pictures: FilmPictures | undefined;
  private peaks: AudioPeaks | undefined;
  private bars: BarsView | undefined;
  private inspecting: boolean;
  private looping = false;
  private selection: readonly [number, number] | undefined;
  /** Seconds on the file's own clock of what is shown, or is to be shown. */
  private time = 0;
  private shown: Picture | undefined;
  private run: AbortController | undefined;
  private seeking: AbortController | undefined;
  private frame = 0;
  private opening = 0;

  constructor() {
    const saved = this.host.state.load() as { readonly inspecting?: boolean; readonly time?: number } | undefined;
    this.inspecting = saved?.inspecting ?? innerWidth > NARROW;
    this.time = saved?.time ?? 0;
    this.update();
    document.addEventListener('keydown', (event) => this.onKey(event));
    cycleRegions(document.body);
    this.listen(this.element('.timeline'));
    new ResizeObserver(() => this.draw()).observe(this.element('.film'));
    new MutationObserver(() => this.draw()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.host.ready();
    void this.open();
  }

  private element<T extends HTMLElement = HTMLElement>(selector: string): T {
    return document.querySelector<T>(selector) as T;
  }

  private get start(): number {
    return this.facts?.start ?? 0;
  }

  private get length(): number {
    const byTable = this.table.known > 0 && this.table.known === this.table.count ? this.table.timeOf(this.table.count - 1) - this.start + this.frameLength : 0;
    return Math.max(byTable, this.facts && !isAbsent(this.facts.duration) ? this.facts.duration : 0);
  }

  private get frameLength(): number {
    return 1 / ((this.facts && known(this.facts.frameRate)) || 25);
  }

  private async open(): Promise<void> {
    const turn = ++this.opening;
    const isWanted = () => turn === this.opening;
    this.stop();
    this.sound.forget();
    this.pictures?.dispose();
    this.strip.close();
    this.set({ pictures: undefined, peaks: undefined, bars: undefined, pictureProblem: undefined, packetProblem: undefined, soundProblem: undefined });
    try {
      const { facts, sound, soundProblem, decode } = await this.host.request('open');
      if (!isWanted()) {
        return;
      }
      this.set({ facts, soundFacts: sound, soundProblem: sound === null ? (facts.streams.some(({ kind }) => kind === 'audio') ? soundProblem : 'there is none in the file') : undefined, problem: undefined, fileChange: undefined });
      this.time = Math.max(facts.start, this.time);
      this.table.load(this.host, facts.start, isWanted, () => this.update()).catch((error: unknown) => isWanted() && this.set({ packetProblem: wordsOf(error) }));
      if (sound !== null) {
        void this.sound.prepare(this.host, sound, decode);
        void this.followSound(isWanted, sound);
      }
      const found = await findPictures(this.host, facts, decode);
      if (!isWanted()) {
        return;
      }
      if ('problem' in found) {
        this.set({ pictureProblem: found.problem });
        return;
      }
      this.set({ pictures: found.pictures });
      this.strip.open(found.pictures, { start: facts.start, length: this.length, aspect: facts.shownWidth / facts.shownHeight });
      await this.seek(this.time);
    } catch (error) {
      if (isWanted()) {
        this.set({ facts: undefined, problem: wordsOf(error) });
      }
    }
  }

  /** Peaks of compressed sound are there once it was walked through. */
  private async followSound(isWanted: () => boolean, sound: AudioFacts): Promise<void> {
    const look = async (frames: number) => {
      const peaks = await this.host.request('peaks', { channels: sound.channels > 1 ? [0, 1] : [0], from: 0, to: Math.max(1, frames), columns: WAVE_COLUMNS });
      if (isWanted()) {
        this.set({ peaks });
      }
    };
    try {
      await look(sound.frames);
      while (isWanted() && this.peaks?.quality !== 'whole') {
        const { done, problem, analysis } = await this.host.request('progress');
        if (problem !== undefined) {
          return;
        }
        if (done === 1) {
          const frames = analysis?.frames ?? sound.frames;
          this.sound.setLength(frames / sound.sampleRate);
          await look(frames);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    } catch {
      // Without peaks the film plays as well.
    }
  }

  private onFileChange(what: 'changed' | 'gone'): void {
    this.set({ fileChange: what });
    if (what === 'changed') {
      void this.open();
    }
  }

  private set(change: object): void {
    Object.assign(this, change);
    this.update();
  }

  private onKey(event: KeyboardEvent): void {
    const act = keyAction(event, {
      ...this.actions,
      playback: { now: () => this.time - this.start, stepSpeed: (by) => this.sound.stepSpeed(by) },
      length: this.length,
      seek: (to) => this.jump(to),
      step: (by) => this.actions.step(by),
      mark: (edge) => this.markEdge(edge),
      clear: () => this.set({ selection: undefined }),
      zoom: () => undefined,
      fit: () => undefined,
    });
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }

  private markEdge(edge: 'in' | 'out'): void {
    const at = this.time - this.start;
    const [from, to] = this.selection ?? [0, this.length];
    this.set({ selection: edge === 'in' ? [at, at < to ? to : this.length] : [at > from ? from : 0, at] });
  }

  /** Press and drag on the strip go to the time under the pointer. */
  private listen(timeline: HTMLElement): void {
    const go = (event: PointerEvent) => {
      const { left, width } = timeline.getBoundingClientRect();
      this.jump(((event.clientX - left) / width) * this.length);
    };
    timeline.addEventListener('pointerdown', (event) => {
      timeline.setPointerCapture(event.pointerId);
      go(event);
    });
    timeline.addEventListener('pointermove', (event) => event.buttons === 1 && go(event));
  }

  /** To a time since the first picture; a film that plays plays on from there. */
  private jump(seconds: number): void {
    const time = this.start + Math.max(0, Math.min(this.length - this.frameLength / 2, seconds));
    if (this.run !== undefined) {
      this.play(time);
    } else {
      void this.seek(time);
    }
  }

  /** Shows the picture of a time; an older wish is given up. */
  private async seek(time: number): Promise<void> {
    this.time = time;
    this.sound.position = Math.max(0, time - this.start - (this.facts?.soundAfter ?? 0));
    this.update();
    const { pictures } = this;
    if (pictures === undefined) {
      return;
    }
    this.seeking?.abort();
    const seeking = (this.seeking = new AbortController());
    try {
      // Packets' times are rounded on their way: what is asked for is inside the frame, not at its border.
      const at = this.table.known > 0 ? this.table.timeOf(this.table.indexAt(time)) : time;
      const picture = await pictures.at(pictures.way === 'page' ? at + 1e-4 : at, this.stageWidth, seeking.signal);
      if (seeking.signal.aborted) {
        picture.close();
        return;
      }
      this.show(picture);
      this.set({ pictureProblem: undefined });
    } catch (error) {
      if (!seeking.signal.aborted) {
        this.set({ pictureProblem: wordsOf(error) });
      }
    }
  }

  private get stageWidth(): number {
    return Math.max(16, Math.min(1920, Math.round(this.element('.stage').clientWidth * devicePixelRatio)));
  }

  private show(picture: Picture): void {
    this.shown?.close();
    this.shown = picture;
    const { facts } = this;
    const stage = this.element('.stage');
    const canvas = this.element<HTMLCanvasElement>('.picture');
    if (facts === undefined) {
      return;
    }
    const scale = Math.min(stage.clientWidth / facts.shownWidth, stage.clientHeight / facts.shownHeight, 4);
    fitCanvas(canvas, Math.max(1, facts.shownWidth * scale), Math.max(1, facts.shownHeight * scale));
    picture.draw(canvas.getContext('2d') as CanvasRenderingContext2D, canvas.width, canvas.height);
    canvas.dataset.time = String(picture.time);
  }

  private play(from: number): void {
    this.stop();
    const run = (this.run = new AbortController());
    this.clock.start(from);
    this.playOn(from, run).catch((error: unknown) => {
      if (!run.signal.aborted) {
        this.stop();
        this.set({ pictureProblem: wordsOf(error) });
      }
    });
    this.update();
  }

  private async playOn(from: number, run: AbortController): Promise<void> {
    const end = this.start + (this.looping && this.selection ? this.selection[1] : this.length);
    const { signal } = run;
    for await (const picture of this.pictures?.from(from, this.stageWidth, signal) ?? []) {
      let now = this.clock.now();
      while (!signal.aborted && picture.time > now && now < end) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        this.time = now = Math.min(end, this.clock.now());
        this.update();
      }
      if (signal.aborted || now >= end) {
        picture.close();
        break;
      }
      // The sound does not wait.
      if (this.clock.leavesOut(picture.time, this.frameLength)) {
        picture.close();
      } else {
        this.show(picture);
      }
    }
    while (!signal.aborted && this.clock.now() < end) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      this.time = Math.min(end, this.clock.now());
      this.update();
    }
    if (!signal.aborted) {
      if (this.looping) {
        this.play(this.start + (this.selection?.[0] ?? 0));
      } else {
        this.stop();
        this.update();
      }
    }
  }

  private stop(): void {
    this.run?.abort();
    this.run = undefined;
    this.clock.stop();
  }

  private readonly actions: VideoActions = {
    toggle: () => {
      if (this.run !== undefined) {
        this.stop();
        this.update();
      } else if (this.pictures !== undefined) {
        this.play(this.time >= this.start + this.length - this.frameLength * 1.5 ? this.start : this.time);
      }
    },
    restart: () => this.jump(0),
    step: (by) => {
      const { table } = this;
      this.stop();
      const index = table.indexAt(this.time) + by;
      void this.seek(table.known > 0 ? table.timeOf(Math.max(0, Math.min(table.known - 1, index))) : Math.max(this.start, this.time + by * this.frameLength));
    },
    toggleLoop: () => this.set({ looping: !this.looping }),
    toggleInspector: () => {
      this.set({ inspecting: !this.inspecting });
      this.host.state.save({ inspecting: this.inspecting, time: this.time });
    },
    setSpeed: (speed) => {
      this.sound.speed = speed;
      this.jump(this.time - this.start);
    },
    setVolume: (volume) => this.sound.setVolume(volume),
    toggleMute: () => this.sound.setVolume(this.sound.volume, !this.sound.muted),
    reopen: () => void this.open(),
  };

  /** Draws once a frame, whatever has changed. */
  private draw(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow();
    });
  }

  private drawNow(): void {
    if (this.facts === undefined) {
      return;
    }
    const timeline = this.element('.timeline');
    const width = timeline.clientWidth;
    const part = this.length > 0 ? (this.time - this.start) / this.length : 0;
    const strip = this.element<HTMLCanvasElement>('.timeline > .strip');
    const wave = this.element<HTMLCanvasElement>('.timeline > .wave');
    const colours = coloursOf(wave);
    this.strip.paint(fitCanvas(strip, width, STRIP_HEIGHT), width, part, colours.fill);
    paintWave(fitCanvas(wave, width, WAVE), width, WAVE, this.peaks, { facts: this.facts, sound: this.soundFacts, length: this.length }, colours);
    this.element('.timeline > .playhead').style.translate = `${Math.max(0, Math.min(1, part)) * width - 1}px`;
    if (this.table.known > 0) {
      const canvas = this.element<HTMLCanvasElement>('.bars');
      const barsWidth = this.element('.packets').clientWidth - 32;
      const red = getComputedStyle(canvas).getPropertyValue('--vscode-charts-red').trim() || colours.error;
      const bars = paintBars(fitCanvas(canvas, barsWidth, BARS), barsWidth, BARS, this.table, this.table.indexAt(this.time), colours, red);
      if (bars.first !== this.bars?.first || bars.last !== this.bars.last) {
        this.set({ bars });
      }
    }
    if (this.shown !== undefined && this.run === undefined) {
      // The stage may have another size now.
      const { shown } = this;
      this.shown = undefined;
      this.show(shown);
    }
    timeline.toggleAttribute('data-busy', this.strip.busy);
  }

  private update(): void {
    const { facts, table, sound, pictures } = this;
    const index = table.indexAt(this.time);
    render(
      layout(
        {
          facts, problem: this.problem, pictureProblem: this.pictureProblem, packetProblem: this.packetProblem, fileChange: this.fileChange, inspecting: this.inspecting,
          playing: this.run !== undefined, looping: this.looping, position: this.time - this.start, length: this.length, selection: this.selection, bars: this.bars, dtsNote: table.dtsNote,
          frame: index < 0 ? undefined : { index, count: table.count, pts: table.pts[index] ?? NaN, dts: table.dts[index] ?? NaN, ticks: table.ticks, isKey: table.keys[index] === 1 },
          speed: sound.speed, volume: sound.volume, muted: sound.muted, pictureWords: pictures?.words, soundWords: sound.feed?.words, silentBecause: this.soundProblem ?? sound.problem,
          wait: pictures === undefined || (this.soundFacts !== null && sound.feed === undefined && sound.problem === undefined),
        },
        this.actions,
      ),
      document.body,
    );
    this.draw();
  }
}
