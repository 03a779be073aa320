import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCountOf } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { errorIcon, refreshIcon, warningIcon } from '../../../webview/icons.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { RovingRows } from '../../../webview/rovingRows.ts';
import { Latest } from '../plots/latest.ts';
import { LaneBoard } from './laneBoard.ts';
import type { Lane } from './lanes.ts';
import { lanesOf } from './lanes.ts';
import { messagePane } from './messagePane.ts';
import { PicturePane } from './picturePane.ts';
import type { MessageView, SensorFile, SensorHost, SensorPage, SeriesView, TimelineView, TopicRow } from './protocol.ts';
import { clockText, lengthText } from './times.ts';
import { topicDetails, topicList } from './topicList.ts';

/** Topics that are drawn without being asked for. */
const FIRST_TOPICS = 3;
const SHORTEST = 1000;

/** The page of a recording: its topics, plots on one time axis, and what was said at the cursor. */
export class SensorView {
  private file: SensorFile | undefined;
  private failure: { readonly name: string; readonly message: string } | undefined;
  private problems: readonly string[] = [];
  private stale: 'changed' | 'gone' | undefined;
  private timelines: ReadonlyMap<number, TimelineView> = new Map();
  private read = 0;
  private readonly lanes = new Map<number, readonly Lane[]>();
  private readonly notes = new Map<number, string>();
  private chosen: TopicRow | undefined;
  private pictureTopic: TopicRow | undefined;
  private message: MessageView | undefined;
  private window = { from: 0, to: 1 };
  private cursor = 0;
  private pending = 0;
  private readonly latest = new Latest();
  private readonly topicsElement = document.createElement('div');
  private readonly rows: RovingRows;
  private readonly picture: PicturePane;
  private readonly board: LaneBoard;
  private readonly host = connectHost<SensorHost, SensorPage>({
    opened: (file) => void this.onOpened(file as SensorFile),
    failed: (params) => {
      this.failure = params as { name: string; message: string };
      this.file = undefined;
      this.draw();
    },
    timelines: (params) => {
      const { timelines, done } = params as Parameters<SensorPage['timelines']>[0];
      this.timelines = new Map(timelines.map((timeline) => [timeline.topic, timeline]));
      this.read = done;
      this.board.setTimelines(this.timelines);
      this.draw();
    },
    series: (view) => {
      this.board.take(view as SeriesView);
      this.draw();
    },
    problems: (problems) => {
      this.problems = problems as readonly string[];
      this.draw();
    },
    stale: (params) => {
      this.stale = (params as { gone: boolean }).gone ? 'gone' : 'changed';
      this.draw();
    },
  });

  constructor() {
    this.topicsElement.className = 'topics';
    this.topicsElement.role = 'treegrid';
    this.topicsElement.ariaLabel = 'Topics';
    this.rows = new RovingRows(this.topicsElement);
    this.picture = new PicturePane(this.host);
    this.board = new LaneBoard(this.host, {
      place: (time) => this.moveTo(time),
      zoom: (time, factor) => this.zoom(time, factor),
      pan: (share) => this.pan(share),
    });
    this.draw();
    cycleRegions(document.body);
    document.body.addEventListener('keydown', (event) => this.onKey(event));
    this.host.ready();
  }

  private async onOpened(file: SensorFile): Promise<void> {
    this.file = file;
    this.failure = undefined;
    this.stale = undefined;
    this.problems = file.problems;
    this.timelines = new Map();
    this.read = 0;
    this.lanes.clear();
    const kept = this.host.state.load() as { readonly cursor?: number; readonly from?: number; readonly to?: number; readonly shown?: readonly string[] } | undefined;
    const end = Math.max(1, file.duration);
    this.window = kept?.from !== undefined && kept.to !== undefined && kept.to <= end ? { from: kept.from, to: kept.to } : { from: 0, to: end };
    this.cursor = Math.min(end, kept?.cursor ?? end / 2);
    const spoken = file.topics.filter(({ count }) => count !== 0);
    this.pictureTopic = spoken.find(({ isPicture }) => isPicture);
    this.chosen = spoken.find(({ isPicture }) => !isPicture) ?? spoken[0] ?? file.topics[0];
    this.draw();
    let shown = 0;
    for (const topic of spoken) {
      const wanted = kept?.shown ? kept.shown.includes(topic.name) : !topic.isPicture && shown < FIRST_TOPICS;
      if (wanted && (await this.addTopic(topic))) {
        shown++;
        // What is plotted is what a person wants to read first.
        this.chosen = shown === 1 ? topic : this.chosen;
      }
    }
    this.board.setWindow(this.window.from, this.window.to);
    this.moveTo(this.cursor);
  }

  /** Whether there was something to draw. */
  private async addTopic(topic: TopicRow): Promise<boolean> {
    const answer = await this.host.request('fields', { topic: topic.id }).catch((error: unknown) => ({ fields: [], problem: (error as Error).message }));
    const lanes = lanesOf(topic, answer);
    if (answer.problem !== undefined) {
      this.notes.set(topic.id, answer.problem);
    }
    if (lanes.length > 0) {
      this.lanes.set(topic.id, lanes);
      this.showLanes();
    } else {
      this.draw();
    }
    return lanes.length > 0;
  }

  private showLanes(): void {
    const order = this.file?.topics ?? [];
    this.board.setLanes(order.flatMap(({ id }) => this.lanes.get(id) ?? []));
    this.save();
    this.draw();
  }

  private async show(topic: TopicRow, shown: boolean): Promise<void> {
    if (!shown) {
      this.lanes.delete(topic.id);
      this.showLanes();
    } else if (topic.isPicture) {
      this.pictureTopic = topic;
      this.moveTo(this.cursor);
    } else if (!(await this.addTopic(topic))) {
      this.choose(topic);
    }
  }

  private choose(topic: TopicRow): void {
    this.chosen = topic;
    this.pictureTopic = topic.isPicture ? topic : this.pictureTopic;
    this.moveTo(this.cursor);
  }

  private moveTo(time: number): void {
    this.cursor = Math.max(0, Math.min(this.file?.duration ?? 0, Math.round(time)));
    const { from, to } = this.window;
    if (this.cursor < from || this.cursor > to) {
      this.setWindow(this.cursor - (to - from) / 2, to - from);
    }
    this.board.setCursor(this.cursor);
    this.save();
    void this.ask();
    this.draw();
  }

  private async ask(): Promise<void> {
    const { chosen, pictureTopic, cursor } = this;
    const signal = this.latest.start();
    this.pending++;
    try {
      const [message] = await Promise.all([
        chosen && this.host.requestUntil(signal, 'message', { topic: chosen.id, time: cursor, side: 'before' }),
        pictureTopic && this.picture.show(pictureTopic.id, pictureTopic.name, cursor),
      ]);
      this.message = signal.aborted ? this.message : message;
    } catch (error) {
      if (!signal.aborted) {
        this.message = { bytes: 0, nodes: [], problem: (error as Error).message };
      }
    }
    this.pending--;
    this.draw();
  }

  /** To the message before or after the one at the cursor. */
  private async step(side: 'before' | 'after'): Promise<void> {
    const { chosen, message } = this;
    if (side === 'after') {
      if (message?.next !== undefined) {
        this.moveTo(message.next);
      }
      return;
    }
    const at = message?.time ?? this.cursor;
    const found = chosen && (await this.host.request('message', { topic: chosen.id, time: this.cursor > at ? at : at - 1, side: 'before' }).catch(() => undefined));
    if (found?.time !== undefined) {
      this.moveTo(found.time);
    }
  }

  private nextGap(): void {
    const gaps = this.chosen ? (this.timelines.get(this.chosen.id)?.gaps ?? []) : [];
    const gap = gaps.find(({ from }) => from > this.cursor) ?? gaps[0];
    if (gap) {
      this.moveTo((gap.from + gap.to) / 2);
    }
  }

  private zoom(around: number, factor: number): void {
    const { from, to } = this.window;
    const width = Math.max(SHORTEST, Math.min(this.file?.duration ?? 1, (to - from) * factor));
    this.setWindow(around - ((around - from) / (to - from)) * width, width);
  }

  private pan(share: number): void {
    const { from, to } = this.window;
    this.setWindow(from + share * (to - from), to - from);
  }

  private setWindow(from: number, width: number): void {
    const end = Math.max(1, this.file?.duration ?? 1);
    const start = Math.max(0, Math.min(end - width, from));
    this.window = { from: start, to: Math.min(end, start + width) };
    this.board.setWindow(this.window.from, this.window.to);
    this.save();
    this.draw();
  }

  private save(): void {
    this.host.state.save({ cursor: this.cursor, ...this.window, shown: [...this.lanes.values()].map(([lane]) => lane?.topic.name) });
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (this.file === undefined || event.ctrlKey || event.metaKey || event.altKey || target.closest('[role=treegrid], input, select') !== null) {
      return;
    }
    const { from, to } = this.window;
    const stride = ((to - from) / 100) * (event.shiftKey ? 10 : 1);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.moveTo(this.cursor - stride),
      ArrowRight: () => this.moveTo(this.cursor + stride),
      Home: () => this.moveTo(0),
      End: () => this.moveTo(this.file?.duration ?? 0),
      '+': () => this.zoom(this.cursor, 0.5),
      '=': () => this.zoom(this.cursor, 0.5),
      '-': () => this.zoom(this.cursor, 2),
      '0': () => this.setWindow(0, this.file?.duration ?? 1),
      PageUp: () => this.pan(-0.5),
      PageDown: () => this.pan(0.5),
      ',': () => void this.step('before'),
      '.': () => void this.step('after'),
      g: () => this.nextGap(),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }

  private draw(): void {
    const { file } = this;
    if (file) {
      render(
        topicList(
          { topics: file.topics, timelines: this.timelines, duration: file.duration, chosen: this.chosen?.id, shown: new Set([...this.lanes.keys(), ...(this.pictureTopic ? [this.pictureTopic.id] : [])]) },
          { choose: (topic) => this.choose(topic), show: (topic, shown) => void this.show(topic, shown) },
        ),
        this.topicsElement,
      );
    }
    render(this.template(), document.body);
    this.rows.update();
  }

  private template(): TemplateResult {
    const { file, failure } = this;
    if (file === undefined) {
      return failure === undefined
        ? html`<main class="waiting"><p class="dim">Reading the index…</p></main>`
        : html`<main class="waiting">
            <div class="note bad" role="alert">${icon(errorIcon, 'error')}<span class="words"><b>${failure.name} cannot be shown.</b> ${failure.message}</span>${this.reloadButton()}</div>
          </main>`;
    }
    const { from, to } = this.window;
    const compression = file.facts.find(({ name }) => name === 'Compression')?.value;
    const summary = [formatCountOf(file.topics.length, 'topic'), file.messages === undefined ? undefined : formatCountOf(file.messages, 'message'), clockText(file.duration, 1), formatBytes(file.bytes), file.format, compression];
    return html`<main class="sensor" ?data-busy=${this.board.isBusy || this.pending > 0 || this.read < 1}>
      <header class="bar" data-region>
        <h1>${file.name}</h1>
        <span class="dim number meta">${summary.filter((part) => part !== undefined && part !== 'none').join(' · ')}</span>
        <span class="room"></span>
        ${this.stale === undefined ? nothing : html`<span class="warning">${this.stale === 'gone' ? 'The file is gone: what was read stays.' : 'The file has changed.'}</span>`}
        ${this.read < 1 ? html`<span class="dim number" role="status">${Math.floor(this.read * 100)} % of times read</span>` : nothing}
        <span class="dim number">${lengthText(to - from)} of ${lengthText(file.duration)}</span>
        <button class="button small" title="Zoom out (−)" aria-label="Zoom out" @click=${() => this.zoom(this.cursor, 2)}>−</button>
        <button class="button small" title="Zoom in (+)" aria-label="Zoom in" @click=${() => this.zoom(this.cursor, 0.5)}>+</button>
        <button class="button small" title="All of it (0)" @click=${() => this.setWindow(0, file.duration)}>All</button>
        ${this.reloadButton()}
      </header>
      <div class="body">
        <div class="side" data-region>
          ${this.problems.length === 0 ? nothing : html`<section class="problems">${this.problems.slice(0, 5).map((problem) => html`<div class="note">${icon(warningIcon, 'warning')}<span class="words">${problem}</span></div>`)}</section>`}
          ${this.topicsElement} ${this.chosen ? topicDetails(this.chosen, this.timelines.get(this.chosen.id)) : nothing}
          ${this.chosen && this.notes.has(this.chosen.id) ? html`<section><p class="unknown">${this.notes.get(this.chosen.id)}</p></section>` : nothing}
          <section class="details">
            <h2>File</h2>
            <dl>${file.facts.map(({ name, value }) => html`<dt>${name}</dt><dd class="number">${value}</dd>`)}</dl>
          </section>
        </div>
        <div class="plots" data-region tabindex="0" aria-label="Plots. Arrows move the cursor, plus and minus zoom, comma and full stop go from message to message, G to the next gap.">
          <div class="cursor-time number"><span>${clockText(this.cursor)}</span></div>
          ${this.lanes.size === 0 ? html`<p class="dim none">${file.topics.length === 0 ? 'It has no topics.' : 'Tick a topic to draw its numbers.'}</p>` : nothing} ${this.board.element} ${this.overview(file)}
        </div>
        <aside class="pane" aria-label="At the cursor" data-region tabindex="0">
          ${this.pictureTopic ? this.picture.element : nothing}
          ${messagePane(
            { topic: this.chosen, timeline: this.chosen && this.timelines.get(this.chosen.id), message: this.message, cursor: this.cursor, start: file.start },
            { previous: () => void this.step('before'), next: () => void this.step('after'), nextGap: () => this.nextGap() },
          )}
        </aside>
      </div>
    </main>`;
  }

  private overview({ duration }: SensorFile): TemplateResult {
    const end = Math.max(1, duration);
    const { from, to } = this.window;
    const put = (event: PointerEvent) => {
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      this.setWindow(((event.clientX - box.left) / box.width) * end - (to - from) / 2, to - from);
    };
    return html`<div
        class="overview"
        role="img"
        aria-label="In view: ${clockText(from)} to ${clockText(to)} of ${clockText(end)}"
        @pointerdown=${(event: PointerEvent) => {
          (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
          put(event);
        }}
        @pointermove=${(event: PointerEvent) => event.buttons === 1 && put(event)}
      >
        <i class="view" .style=${`left:${(from / end) * 100}%;width:${Math.max(0.5, ((to - from) / end) * 100)}%`}></i>
        <i class="mark" .style=${`left:${(this.cursor / end) * 100}%`}></i>
      </div>
      <div class="ends number"><span>${clockText(0, 0)}</span><span>${clockText(end, 1)}</span></div>`;
  }

  private reloadButton(): TemplateResult {
    return html`<button class="icon-button" title="Read the file again" aria-label="Read the file again" @click=${() => void this.host.request('reload').catch(() => undefined)}>${icon(refreshIcon)}</button>`;
  }
}
