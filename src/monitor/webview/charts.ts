import uPlot from 'uplot';
import { rateQuantity, whole } from './quantity.ts';
import { LIMIT_VALUES } from './protocol.ts';
import type { HistoryGrid } from './historyGrid.ts';
import { readPaint } from './paint.ts';
import type { Paint } from './paint.ts';

export interface ChartEvents {
  /** A range of time was dragged over. */
  select(from: number, to: number): void;
  /** The crosshair is at a time, or gone. */
  hover(time: number | undefined): void;
}

interface Chart {
  readonly plot: uPlot;
  readonly readout: HTMLElement;
}

/**
 * Draws the history into every element with `data-series`: its line, what is not known as hatching, what limited a GPU as a lane
 * below. All share the crosshair. The elements belong to the page's templates; what is in them belongs to here.
 *
 * `data-top`: the scale's upper end, where it is not the largest in view. `data-lane`: the series of limits. `data-fallback`: a
 * series drawn dashed over the hatching where the first has nothing. `data-unit`: `%` or `rate`. `data-tone`: whose it is.
 */
export class Charts {
  private readonly charts = new Map<HTMLElement, Chart>();
  private readonly sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => this.resize(target as HTMLElement)));
  private paint: Paint;
  /** Where the playhead is; what is after it is faint. */
  playhead: number | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly gridOf: (name: string) => HistoryGrid,
    private readonly events: ChartEvents,
  ) {
    this.paint = readPaint();
    const repaint = new MutationObserver(() => {
      this.paint = readPaint();
      this.draw();
    });
    // A theme changes the body's class, or only the variables that stand at the root.
    repaint.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    repaint.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  }

  /** Brings all charts up to date; to be called after the page was rendered. */
  draw(): void {
    for (const [element, { plot }] of this.charts) {
      if (!element.isConnected) {
        plot.destroy();
        this.sizes.unobserve(element);
        this.charts.delete(element);
      }
    }
    for (const element of this.root.querySelectorAll<HTMLElement>('[data-series]')) {
      const chart = this.charts.get(element) ?? this.create(element);
      if (chart !== undefined) {
        this.update(element, chart);
      }
    }
  }

  private create(element: HTMLElement): Chart | undefined {
    if (element.clientWidth === 0) {
      this.sizes.observe(element);
      return undefined;
    }
    const plot = new uPlot(this.options(element), [[], []], element);
    const readout = document.createElement('span');
    readout.className = 'readout';
    readout.hidden = true;
    plot.over.append(readout);
    const chart = { plot, readout };
    this.charts.set(element, chart);
    this.sizes.observe(element);
    return chart;
  }

  private options(element: HTMLElement): uPlot.Options {
    return {
      width: element.clientWidth,
      height: element.clientHeight,
      padding: [2, 0, 1, 0],
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      ms: 1,
      scales: {
        x: { time: false, range: () => this.window(element) },
        y: { range: (_, __, most) => [0, this.top(element, most)] },
      },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false }, sync: { key: 'system' }, bind: { dblclick: () => null } },
      series: [
        {},
        {
          width: 1.25,
          points: { show: false },
          stroke: () => this.lineOf(element),
          fill: () => (this.paint.highContrast ? 'transparent' : element.dataset['tone'] === 'mine' ? this.paint.mineFill : this.paint.fill),
        },
        { width: 1.25, points: { show: false }, dash: [4, 3], stroke: () => this.paint.foreground },
      ],
      hooks: {
        drawClear: [(plot) => this.hatch(plot, element)],
        draw: [(plot) => this.lanes(plot, element)],
        setCursor: [(plot) => this.readOut(plot, element)],
        setSelect: [(plot) => this.select(plot)],
      },
    };
  }

  private update(element: HTMLElement, { plot }: Chart): void {
    const name = element.dataset['series'] ?? '';
    const grid = this.gridOf(name);
    const { fallback } = element.dataset;
    const dashed = fallback === undefined || grid.extent(name) !== undefined ? grid.times().map(() => null) : scaled(grid.values(fallback), Number(element.dataset['fallbackTop']));
    plot.setData([grid.times(), grid.values(name), dashed] as uPlot.AlignedData, true);
  }

  private window(element: HTMLElement): [number, number] {
    const grid = this.gridOf(element.dataset['series'] ?? '');
    return [grid.from, Math.max(grid.from + 1, grid.to - grid.step)];
  }

  private top(element: HTMLElement, most: number | null): number {
    const told = Number(element.dataset['top']);
    return told > 0 ? told : Math.max(most ?? 0, 1) * 1.05;
  }

  private lineOf(element: HTMLElement): string {
    const { tone } = element.dataset;
    return tone === 'mine' ? this.paint.mine : tone === 'others' ? this.paint.dim : this.paint.foreground;
  }

  private resize(element: HTMLElement): void {
    const chart = this.charts.get(element);
    if (chart === undefined) {
      this.draw();
    } else if (element.clientWidth > 0 && (chart.plot.width !== element.clientWidth || chart.plot.height !== element.clientHeight)) {
      chart.plot.setSize({ width: element.clientWidth, height: element.clientHeight });
    }
  }

  private hatch(plot: uPlot, element: HTMLElement): void {
    const { ctx } = plot;
    const { top, height } = plot.bbox;
    const name = element.dataset['series'] ?? '';
    ctx.save();
    ctx.fillStyle = this.paint.hatch(ctx);
    for (const [from, to] of this.gridOf(name).gaps(name)) {
      const left = clampX(plot, from);
      ctx.fillRect(left, top, clampX(plot, to) - left, height);
    }
    ctx.restore();
  }

  private lanes(plot: uPlot, element: HTMLElement): void {
    const { ctx } = plot;
    const { top, height, left, width } = plot.bbox;
    const name = element.dataset['series'] ?? '';
    const thick = Math.round(3 * devicePixelRatio);
    ctx.save();
    for (const { from, to, value } of element.dataset['lane'] === undefined ? [] : this.gridOf(name).spans(element.dataset['lane'])) {
      ctx.fillStyle = value >= LIMIT_VALUES.slowdown ? this.paint.red : this.paint.yellow;
      const x = clampX(plot, from);
      ctx.fillRect(x, top + height - thick, Math.max(devicePixelRatio, clampX(plot, to) - x), thick);
    }
    if (this.playhead !== undefined) {
      const x = clampX(plot, this.playhead);
      ctx.fillStyle = this.paint.veil;
      ctx.fillRect(x, 0, left + width - x, plot.ctx.canvas.height);
      ctx.fillStyle = this.paint.foreground;
      ctx.fillRect(Math.min(x, left + width - devicePixelRatio), 0, devicePixelRatio, plot.ctx.canvas.height);
    }
    ctx.restore();
  }

  private readOut(plot: uPlot, element: HTMLElement): void {
    const chart = this.charts.get(element);
    const { idx, left } = plot.cursor;
    if (chart === undefined) {
      return;
    }
    const at = (left ?? -1) < 0 ? undefined : idx;
    const value = at === undefined || at === null ? undefined : nearest(plot.data[1] ?? [], at);
    chart.readout.hidden = at === undefined;
    chart.readout.textContent = value === undefined ? '–' : element.dataset['unit'] === 'rate' ? inRate(value) : `${whole(value)}%`;
    if (plot.over.matches(':hover')) {
      this.events.hover(at === undefined || at === null ? undefined : plot.data[0][at]);
    } else if (at === undefined && ![...this.charts.values()].some(({ plot: other }) => other.over.matches(':hover'))) {
      this.events.hover(undefined);
    }
  }

  private select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width > 2) {
      this.events.select(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
      plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    }
  }
}

/** In percent of a limit, as the chart's own scale is in percent. */
function scaled(values: (number | null | undefined)[], top: number): (number | null | undefined)[] {
  return top > 0 ? values.map((value) => (typeof value === 'number' ? Math.min(100, (100 * value) / top) : value)) : values.map(() => null);
}

function clampX(plot: uPlot, time: number): number {
  const { left, width } = plot.bbox;
  return Math.min(left + width, Math.max(left, plot.valToPos(time, 'x', true)));
}

/** At a column, or in the stretch that a line bridges. */
function nearest(values: ArrayLike<number | null | undefined>, at: number): number | undefined {
  for (let index = at; index >= 0 && values[index] !== null; index--) {
    if (typeof values[index] === 'number') {
      return values[index] as number;
    }
  }
  return undefined;
}

function inRate(value: number): string {
  const { digits, unit } = rateQuantity(value);
  return `${digits} ${unit}`;
}
