import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { Announcer } from '../../webview/announcer.ts';
import { connectHost } from '../../webview/messageClient.ts';
import { cycleRegions } from '../../webview/regions.ts';
import { announcement } from './announcement.ts';
import { Charts } from './charts.ts';
import { eventList } from './eventList.ts';
import { gpuTable } from './gpuTable.ts';
import { headerView } from './headerView.ts';
import { hostStrip } from './hostStrip.ts';
import { NOTHING, applyFrame, seriesOf } from './model.ts';
import type { Moment } from './model.ts';
import { parsePageState } from './pageState.ts';
import { playbackView } from './playbackView.ts';
import { problemNote } from './problemNote.ts';
import { ProcessList } from './processList.ts';
import { PAGE_COMMANDS } from './protocol.ts';
import type { DashboardAction, DashboardHost, DashboardPage, Frame, MachineChoice, PageCommand, ProcessScope } from './protocol.ts';
import { age } from './quantity.ts';
import { RowKeys } from './rowKeys.ts';
import { runsTable } from './runsTable.ts';
import { makeSections } from './sections.ts';
import { linked } from './selection.ts';
import { clock, liveAxis, pastAxis, rangeWords } from './timeWindow.ts';
import { Timeline } from './timeline.ts';
import { troubleView } from './troubleView.ts';

const STALE_AFTER = 15_000;
/** Milliseconds between drawings where motion is not wanted. */
const CALM_INTERVAL = 5000;

export class Dashboard {
  private readonly root = document.createElement('main');
  private readonly sections = makeSections();
  private readonly keys: readonly RowKeys[];
  private readonly announcer: Announcer;
  private readonly host = connectHost<DashboardHost, DashboardPage>({
    frame: (frame) => this.onFrame(frame as Frame),
    machines: (machines) => {
      this.machines = machines as readonly MachineChoice[];
      this.drawHeader();
    },
    command: (command) => this.onCommand(command as PageCommand),
    problem: (message) => this.setProblem(String(message)),
  });
  private readonly saved = parsePageState(this.host.state.load());
  private readonly charts: Charts;
  private readonly time = new Timeline(
    {
      history: (params) => this.host.request('history', params),
      kept: () => this.host.request('kept'),
      at: (time) => this.host.request('at', { time, scope: this.processes.scope }),
      mode: (time) => this.host.request('mode', { time }),
    },
    { changed: () => this.draw(), live: () => this.showLive(), past: (frame) => this.onPast(frame), failed: (error) => this.setProblem(wordsOf(error)) },
    this.saved.span,
  );
  /** Of now, and what is shown: the same while live. */
  private live: Moment = NOTHING;
  private shown: Moment = NOTHING;
  private readonly processes = new ProcessList(this.saved, {
    changed: () => {
      this.save();
      this.draw(false);
    },
    scope: (scope) => void this.setScope(scope),
    select: (key) => this.toggleSelected(key),
  });
  private machines: readonly MachineChoice[] = [];
  /** Milliseconds by which the host's clock is ahead of this machine's. */
  private ahead = 0;
  private selected: string | undefined;
  private open: string | undefined;
  private asTable = false;
  private allEvents = false;
  private problem: string | undefined;
  private hovered: number | undefined;
  private drawnAt = -Infinity;

  constructor() {
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    this.root.append(...Object.values(this.sections));
    document.body.append(this.root, status);
    this.announcer = new Announcer(status);
    this.charts = new Charts(this.root, (name) => this.time.gridOf(name), {
      select: (from, to) => void this.time.select({ from, to }),
      hover: (time) => this.onHover(time),
    });
    this.keys = [this.sections['runs-section'], this.sections['gpu-section'], this.sections['proc-section']].map((element) => new RowKeys(element));
    cycleRegions(this.root);
    document.addEventListener('keydown', (event) => this.onKey(event), true);
    setInterval(() => this.drawHeader(), 1000);
    this.host.ready();
    if (this.saved.machine !== '') {
      void this.attempt(() => this.host.request('machine', { key: this.saved.machine, restored: true }));
    }
    if (this.processes.scope !== 'gpu') {
      void this.host.request('scope', { scope: this.processes.scope });
    }
  }

  private onFrame(frame: Frame): void {
    this.ahead = frame.now - Date.now();
    if (frame.whole && this.live.head !== undefined && frame.head?.key !== this.live.head.key) {
      this.forget();
    }
    const before = this.live;
    this.live = applyFrame(before, frame);
    const words = announcement(before, this.live);
    if (words !== undefined) {
      this.announcer.say(words);
    }
    if (before.head === undefined) {
      this.save();
    }
    if (frame.time > 0) {
      if (before.time === 0) {
        this.time.begin(frame.time);
      }
      this.time.add(frame.time, seriesOf(this.live));
    }
    if (this.time.mode === 'live') {
      this.shown = this.live;
      const calm = document.body.classList.contains('vscode-reduce-motion') || matchMedia('(prefers-reduced-motion: reduce)').matches;
      if (!calm || performance.now() - this.drawnAt >= CALM_INTERVAL) {
        this.draw();
      }
    }
  }

  /** Another machine is shown from now on, live. */
  private forget(): void {
    this.live = NOTHING;
    this.shown = NOTHING;
    this.selected = undefined;
    this.open = undefined;
    this.problem = undefined;
    if (this.time.mode !== 'live') {
      this.time.goLive();
    }
  }

  private onCommand(command: PageCommand): void {
    if (!PAGE_COMMANDS.includes(command)) {
      return;
    }
    if (command === 'pause') {
      this.time.pause();
    } else if (command === 'playback') {
      void this.time.enterPlayback();
    } else {
      this.time.goLive();
    }
  }

  private showLive(): void {
    this.shown = this.live;
    this.draw();
  }

  private onPast(frame: Frame | null): void {
    this.shown = frame === null ? { ...NOTHING, head: this.live.head, time: this.time.playback.playhead } : applyFrame(NOTHING, { ...frame, whole: true });
    this.draw();
  }

  private setSpan(span: number): void {
    this.time.setSpan(span);
    this.save();
  }

  private async act(action: DashboardAction, more: { readonly key?: string; readonly from?: number; readonly to?: number } = {}): Promise<void> {
    await this.attempt(() => this.host.request('act', { action, ...more }));
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.setProblem(wordsOf(error));
    }
  }

  private setProblem(problem: string | undefined): void {
    this.problem = problem;
    this.draw();
  }

  private onHover(time: number | undefined): void {
    if (this.hovered !== time) {
      this.hovered = time;
      this.draw(false);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === 'Escape') {
      this.clear(target);
    } else if (target.closest('input')) {
      return;
    } else if (event.key === ' ' && !target.closest('button:not([role=slider])')) {
      this.time.pause();
    } else if (this.time.mode !== 'playback' || !this.onPlaybackKey(event, target)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private onPlaybackKey({ key, shiftKey }: KeyboardEvent, target: HTMLElement): boolean {
    const inRow = target.closest('.row') !== null;
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const direction = key === 'ArrowLeft' ? -1 : 1;
      if (shiftKey) {
        this.time.playback.jump(direction);
      } else {
        this.time.stepBy(direction);
      }
    } else if (key === 'Home' && !inRow) {
      this.time.playback.move(this.time.playback.kept?.from ?? this.time.range.from);
    } else if (key === 'End' && !inRow) {
      this.time.playback.move(this.time.playback.kept?.to ?? this.time.range.to);
    } else {
      return false;
    }
    return true;
  }

  private clear(target: HTMLElement): void {
    if (target.closest('input') && this.processes.filter !== '') {
      this.processes.filter = '';
    } else if (this.open !== undefined) {
      this.open = undefined;
    } else if (this.time.playback.selection !== undefined) {
      void this.time.select(undefined);
    } else {
      this.selected = undefined;
    }
    this.draw();
  }

  private toggleSelected(key: string): void {
    this.selected = this.selected === key ? undefined : key;
    this.draw();
  }

  private save(): void {
    const { sorting, mineOnly, scope } = this.processes;
    this.host.state.save({ span: this.time.span, sorting, mineOnly, scope, machine: this.live.head?.key ?? '' });
  }

  /** `charts`: whether what they draw may have changed. */
  private draw(charts = true): void {
    this.charts.playhead = this.time.mode === 'playback' ? this.time.playback.playhead : undefined;
    const { head, gpus, host, runs } = this.shown;
    this.drawHeader();
    render(problemNote(this.problem, () => this.setProblem(undefined)), this.sections.problems);
    if (head === undefined) {
      render(html`<p class="none dim">Waiting for the first sample.</p>`, this.sections['gpu-section']);
      return;
    }
    const selected = linked(this.shown, this.selected);
    render(this.time.mode === 'playback' ? this.playbackView() : nothing, this.sections.pb);
    render(this.shown === this.live || this.time.mode === 'playback' ? head.troubles.map((trouble) => troubleView(trouble, { copy: () => void this.act('copyDetails'), way: (way) => void this.act(way) })) : nothing, this.sections.troubles);
    render(runs.length > 0 ? runsTable({ runs, selected }, (key) => this.toggleSelected(key)) : nothing, this.sections['runs-section']);
    render(gpus.length > 0 ? this.gpuTable(selected) : nothing, this.sections['gpu-section']);
    render(this.time.mode === 'playback' ? this.eventList() : nothing, this.sections['events-section']);
    render(hostStrip(host, head.machine, head.grouped), this.sections['host-section']);
    render(this.shown.time === 0 ? nothing : this.processes.view(this.shown, selected, this.time.mode === 'playback' ? `as of ${clock(this.shown.time)}` : undefined), this.sections['proc-section']);
    for (const [name, element] of Object.entries(this.sections)) {
      element.hidden = element.childElementCount === 0 || (name === 'problems' && this.problem === undefined);
    }
    this.root.classList.toggle('stale', this.isStale);
    this.keys.forEach((keys) => keys.update());
    if (charts) {
      this.drawnAt = performance.now();
      this.charts.draw();
    }
  }

  private get sampleAge(): number {
    return Date.now() + this.ahead - this.live.time;
  }

  private get isStale(): boolean {
    return this.time.mode === 'live' && this.live.time > 0 && (this.sampleAge > STALE_AFTER || this.live.head?.state === 'stale');
  }

  private drawHeader(): void {
    const { head } = this.shown;
    if (head === undefined) {
      return;
    }
    const old = age(this.sampleAge);
    const state = this.isStale && (head.state === 'ok' || head.state === 'trouble') ? { ...head, state: 'stale' as const } : head;
    this.root.classList.toggle('stale', this.isStale);
    render(
      headerView(
        { head: state, mode: this.time.mode, span: this.time.span, machines: this.machines, sampled: this.live.time === 0 ? '' : this.isStale ? `Stale: last sample ${clock(this.live.time)}, ${old} ago` : this.time.mode === 'paused' ? `paused at ${clock(this.shown.time)}` : `sampled ${old} ago` },
        {
          machine: (key) => void this.attempt(() => this.host.request('machine', { key, restored: false })),
          fleet: () => void this.act('fleet'),
          addBox: () => void this.act('addBox'),
          pause: () => this.time.pause(),
          playback: () => void this.time.enterPlayback(),
          live: () => this.time.goLive(),
          span: (span) => this.setSpan(span),
          export: () => void this.act('export', { from: Math.round(this.live.time - this.time.span), to: this.live.time }),
        },
      ),
      this.sections.hd,
    );
  }

  private playbackView(): TemplateResult {
    return playbackView(
      { playback: this.time.playback, range: this.time.range, now: this.time.now, step: this.time.grid.step },
      {
        move: (time) => this.time.playback.move(time),
        stepBy: (direction) => this.time.stepBy(direction),
        jump: (direction) => this.time.playback.jump(direction),
        toggle: () => this.time.playback.toggle(),
        speed: (speed) => {
          this.time.playback.speed = speed;
          this.draw(false);
        },
        page: (direction) => this.time.page(direction),
        clearSelection: () => {
          void this.time.select(undefined);
        },
        export: (range) => void this.act('export', { from: Math.round(range.from), to: Math.round(range.to) }),
      },
    );
  }

  private eventList(): TemplateResult | undefined {
    const { playback, window, now } = this.time;
    return eventList(
      { events: playback.events, range: window, selected: playback.selection !== undefined, now, all: this.allEvents },
      (time) => playback.move(time),
      () => {
        this.allEvents = !this.allEvents;
        this.draw(false);
      },
    );
  }

  private gpuTable(selected: ReadonlySet<string>): TemplateResult {
    const { gpus, head } = this.shown;
    const { window } = this.time;
    const axis = this.time.mode === 'live' ? liveAxis(this.time.span) : pastAxis(window);
    return gpuTable(
      {
        rows: gpus,
        head: this.time.mode === 'playback' && head ? { ...head, counts: `as of ${clock(this.shown.time)}: ${head.counts}` } : (head as NonNullable<typeof head>),
        grid: this.time.grid,
        axis: this.hovered === undefined ? axis : [axis[0] ?? '', `at ${clock(this.hovered)}`, '', axis[3] ?? ''],
        windowWords: rangeWords(window),
        selected,
        open: this.open,
        asTable: this.asTable,
      },
      {
        toggleTable: () => {
          this.asTable = !this.asTable;
          this.draw(false);
        },
        toggle: (key) => {
          this.open = this.open === key ? undefined : key;
          this.selected = this.open;
          this.draw();
        },
        copy: (key) => void this.act('copyCudaDevices', { key }),
      },
    );
  }

  private async setScope(scope: ProcessScope): Promise<void> {
    await this.attempt(() => this.host.request('scope', { scope }));
    if (this.time.mode === 'playback') {
      this.time.playback.move(this.time.playback.playhead);
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

