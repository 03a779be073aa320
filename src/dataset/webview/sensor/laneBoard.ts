import { html, render } from 'lit/html.js';
import { formatCountOf } from '../../../base/format.ts';
import type { HostConnection } from '../../../webview/messageClient.ts';
import { LinePlot, shortNumber } from '../plots/linePlot.ts';
import { onThemeChange, readPlotColours } from '../plots/plotColours.ts';
import type { Lane } from './lanes.ts';
import { lineName, valuesAt } from './lanes.ts';
import type { SensorHost, SeriesView, TimelineView } from './protocol.ts';
import { axisText, lengthText } from './times.ts';

export interface BoardEvents {
  place(time: number): void;
  zoom(time: number, factor: number): void;
  pan(share: number): void;
}

interface Drawn {
  readonly lane: Lane;
  readonly element: HTMLElement;
  readonly head: HTMLElement;
  readonly plot: LinePlot;
  /** What was asked for last. */
  asked: string;
  finished: boolean;
}

/** The plots, one above the other on one time axis. Times are nanoseconds. */
export class LaneBoard {
  readonly element = document.createElement('div');
  private readonly drawn = new Map<string, Drawn>();
  private colours = readPlotColours();
  private from = 0;
  private to = 1;
  private cursor = 0;
  private timelines: ReadonlyMap<number, TimelineView> = new Map();
  private asking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HostConnection<SensorHost>,
    private readonly events: BoardEvents,
  ) {
    this.element.className = 'lanes';
    new ResizeObserver(() => this.ask()).observe(this.element);
    onThemeChange(() => {
      this.colours = readPlotColours();
      this.drawn.forEach(({ plot }) => plot.repaint());
      this.drawn.forEach((drawn) => this.drawHead(drawn));
    });
  }

  get isBusy(): boolean {
    return this.asking !== undefined || [...this.drawn.values()].some(({ finished }) => !finished);
  }

  setLanes(lanes: readonly Lane[]): void {
    for (const [key, { element, plot }] of this.drawn) {
      if (!lanes.some((lane) => lane.key === key)) {
        plot.destroy();
        element.remove();
        this.drawn.delete(key);
        void this.host.request('stopSeries', { key }).catch(() => undefined);
      }
    }
    for (const [nth, lane] of lanes.entries()) {
      const { element } = this.drawn.get(lane.key) ?? this.create(lane);
      if (this.element.children[nth] !== element) {
        this.element.insertBefore(element, this.element.children[nth] ?? null);
      }
    }
    this.ask();
  }

  setWindow(from: number, to: number): void {
    this.from = from;
    this.to = to;
    this.drawn.forEach((drawn) => this.draw(drawn));
    this.ask();
  }

  setCursor(cursor: number): void {
    this.cursor = cursor;
    this.drawn.forEach((drawn) => {
      drawn.plot.setPlace(cursor);
      this.drawHead(drawn);
    });
  }

  setTimelines(timelines: ReadonlyMap<number, TimelineView>): void {
    this.timelines = timelines;
    this.drawn.forEach((drawn) => this.draw(drawn));
    this.ask();
  }

  take(view: SeriesView): void {
    const drawn = this.drawn.get(view.key);
    if (drawn) {
      drawn.lane.series = view;
      drawn.finished ||= view.done >= 1;
      this.draw(drawn);
    }
  }

  private create(lane: Lane): Drawn {
    const element = document.createElement('div');
    element.className = 'lane';
    const head = document.createElement('div');
    head.className = 'lane-head';
    const canvas = document.createElement('div');
    canvas.className = 'plot';
    canvas.role = 'img';
    element.append(head, canvas);
    const plot = new LinePlot(canvas, {
      colours: () => this.colours,
      sync: 'sensor',
      formatX: (x) => axisText(x, this.to - this.from),
      onPlace: (x) => this.events.place(x),
      onZoom: (x, factor) => this.events.zoom(x, factor),
      onPan: (share) => this.events.pan(share),
    });
    const drawn: Drawn = { lane, element, head, plot, asked: '', finished: false };
    this.drawn.set(lane.key, drawn);
    this.draw(drawn);
    return drawn;
  }

  /** Asks for what is to be seen, when it rests. */
  private ask(): void {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => {
      this.asking = undefined;
      this.drawn.forEach((drawn) => this.request(drawn));
    }, 60);
  }

  private request(drawn: Drawn): void {
    const { lane } = drawn;
    const columns = Math.max(50, Math.min(4000, Math.round((this.element.clientWidth - 60) * devicePixelRatio)));
    const median = this.timelines.get(lane.topic.id)?.median;
    const request = { key: lane.key, topic: lane.topic.id, fields: lane.fields, from: this.from, to: this.to, columns, ...(median !== undefined && { gap: median * 3 }) };
    const asked = JSON.stringify(request);
    if (asked !== drawn.asked && this.element.clientWidth > 0) {
      drawn.asked = asked;
      drawn.finished = false;
      this.host.request('startSeries', request).catch((error: unknown) => {
        drawn.finished = true;
        drawn.head.title = (error as Error).message;
      });
    }
  }

  private draw(drawn: Drawn): void {
    const { lane, plot } = drawn;
    const { series } = lane;
    const gaps = (this.timelines.get(lane.topic.id)?.gaps ?? []).filter(({ from, to }) => to >= this.from && from <= this.to).slice(0, 200);
    const borders = series?.borders ?? [];
    plot.show(
      {
        x: series?.times ?? new Float64Array(),
        lines: series?.values ?? lane.fields.map(() => new Float64Array()),
        from: this.from,
        to: this.to,
        borders: borders.map(({ time, label }) => ({ at: time, label })),
        gaps: gaps.map((gap) => ({ ...gap, label: `gap ${lengthText(gap.to - gap.from)}` })),
      },
      this.cursor,
    );
    plot.element.ariaLabel = `${lane.topic.name} ${lane.title} over time, ${formatCountOf(lane.fields.length, 'line')}, ${formatCountOf(gaps.length, 'gap')} in view${borders.length === 0 ? '' : `, broken where ${borders.length === 1 ? 'an episode begins' : `${borders.length} episodes begin`}`}`;
    this.drawHead(drawn);
  }

  private drawHead({ lane, head }: Drawn): void {
    const values = this.isSilent(lane) ? lane.fields.map(() => undefined) : valuesAt(lane, this.cursor);
    const { done = 0, problem } = lane.series ?? {};
    render(
      html`<span class="mono title" title="${lane.topic.name} ${lane.title}">${lane.topic.name} <b>${lane.title}</b></span>
        ${problem === undefined ? (done < 1 ? html`<span class="dim number">${Math.floor(done * 100)} % read</span>` : '') : html`<span class="warning">${problem}</span>`}
        <span class="legend number">
          ${lane.fields.map(
            (field, nth) =>
              html`<span><i .style=${`background:${this.colours.series[nth] ?? this.colours.foreground}`}></i>${lineName(lane, field)} <b>${values[nth] === undefined ? '–' : shortNumber(Number((values[nth] ?? 0).toPrecision(4)))}</b></span>`,
          )}
        </span>`,
      head,
    );
  }

  /** Whether the cursor stands in a gap. */
  private isSilent({ topic }: Lane): boolean {
    return this.timelines.get(topic.id)?.gaps.some(({ from, to }) => this.cursor > from && this.cursor < to && this.cursor - from > (to - from) * 0.02) === true;
  }
}
