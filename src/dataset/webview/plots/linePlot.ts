import uPlot from 'uplot';
import type { PlotColours } from './plotColours.ts';
import { seriesColour } from './plotColours.ts';

export interface LineData {
  /** Growing. */
  readonly x: Float64Array;
  /** One for each line, as long as `x`; NaN breaks it. */
  readonly lines: readonly Float64Array[];
  readonly from: number;
  readonly to: number;
  /** Where something else begins, growing. */
  readonly borders?: readonly { readonly at: number; readonly label: string }[];
  /** Stretches without data, to be shaded. */
  readonly gaps?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

export interface LinePlotOptions {
  readonly colours: () => PlotColours;
  /** A place was clicked or dragged to. */
  readonly onPlace: (x: number) => void;
  /** The wheel turned over a place: zoom by `factor` around it. */
  readonly onZoom: (x: number, factor: number) => void;
  /** The wheel moved sideways, by this share of the width. */
  readonly onPan: (share: number) => void;
  /** Plots with the same key share the crosshair. */
  readonly sync: string;
  readonly axis?: boolean;
  readonly formatX: (x: number) => string;
}

const AXIS_WIDTH = 52;
const AXIS_HEIGHT = 22;
/** Pixels on either side of a border that no line is drawn in. */
const BORDER = 2;

/** Lines over one axis, with the cursor that the page keeps. */
export class LinePlot {
  private plot: uPlot | undefined;
  private data: LineData = { x: new Float64Array(), lines: [], from: 0, to: 1 };
  private lineCount = -1;
  private place: number | undefined;

  constructor(
    readonly element: HTMLElement,
    private readonly options: LinePlotOptions,
  ) {
    new ResizeObserver(() => this.resize()).observe(element);
    element.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
  }

  show(data: LineData, place: number | undefined): void {
    this.data = data;
    this.place = place;
    if (this.lineCount !== data.lines.length) {
      this.plot?.destroy();
      this.plot = undefined;
      this.lineCount = data.lines.length;
    }
    this.plot ??= this.create();
    this.plot?.setData([data.x, ...data.lines.map((line) => Array.from(line, (value) => (Number.isNaN(value) ? null : value)))] as unknown as uPlot.AlignedData, true);
  }

  /** Draws anew with the theme's colours. */
  repaint(): void {
    this.plot?.destroy();
    this.plot = undefined;
    this.show(this.data, this.place);
  }

  setPlace(place: number | undefined): void {
    this.place = place;
    this.plot?.redraw(false);
  }

  destroy(): void {
    this.plot?.destroy();
    this.plot = undefined;
  }

  private create(): uPlot | undefined {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width < AXIS_WIDTH + 20 || height < 20) {
      return undefined;
    }
    const colours = this.options.colours();
    const axis = { stroke: colours.dim, font: colours.font, grid: { stroke: colours.grid, width: 1 / devicePixelRatio }, ticks: { show: false } };
    return new uPlot(
      {
        width,
        height,
        padding: [6, 8, this.options.axis === false ? 6 : 0, 0],
        legend: { show: false },
        ms: 1,
        scales: { x: { time: false, range: () => [this.data.from, this.data.to] }, y: { range: (_plot, low, high) => rangeOf(low, high) } },
        axes: [
          { ...axis, show: this.options.axis !== false, size: AXIS_HEIGHT, space: 80, values: (_plot, values) => values.map(this.options.formatX) },
          { ...axis, size: AXIS_WIDTH, space: 26, values: (_plot, values) => values.map(shortNumber) },
        ],
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: this.options.sync }, bind: { mousedown: (plot, _element, handler) => this.onPress(plot, handler), dblclick: () => null } },
        series: [{}, ...this.data.lines.map((_, nth) => ({ stroke: seriesColour(colours, nth), width: 1.25, spanGaps: false, gaps: (plot: uPlot, _nth: number, _from: number, _to: number, gaps: uPlot.Series.Gaps) => this.withBorders(plot, gaps), points: { show: () => this.isSparse(), size: 4 } }))],
        hooks: { drawClear: [(plot) => this.drawGaps(plot, colours), (plot) => this.drawBorders(plot, colours)], draw: [(plot) => this.drawPlace(plot, colours)] },
      },
      [[]],
      this.element,
    );
  }

  /** A break that is narrower than a pixel is drawn all the same where something else begins. */
  private withBorders(plot: uPlot, gaps: uPlot.Series.Gaps): uPlot.Series.Gaps {
    const borders = (this.data.borders ?? []).map(({ at }): uPlot.Series.Gap => {
      const x = plot.valToPos(at, 'x', true);
      return [x - BORDER * devicePixelRatio, x + BORDER * devicePixelRatio];
    });
    const merged: uPlot.Series.Gap[] = [];
    for (const [from, to] of [...gaps, ...borders].sort((one, other) => one[0] - other[0])) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last[1]) {
        last[1] = Math.max(last[1], to);
      } else {
        merged.push([from, to]);
      }
    }
    return merged;
  }

  /** So few that each is seen by itself. */
  private isSparse(): boolean {
    return this.data.x.length <= 60;
  }

  private onPress(plot: uPlot, handler: (event: MouseEvent) => null): (event: MouseEvent) => null {
    return (event) => {
      const put = (move: MouseEvent) => this.options.onPlace(plot.posToVal(Math.max(0, Math.min(plot.over.clientWidth, move.clientX - plot.over.getBoundingClientRect().left)), 'x'));
      put(event);
      window.addEventListener('mousemove', put);
      window.addEventListener('mouseup', () => window.removeEventListener('mousemove', put), { once: true });
      return handler(event);
    };
  }

  private onWheel(event: WheelEvent): void {
    const { plot } = this;
    if (plot === undefined) {
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.options.onZoom(plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x'), Math.exp(event.deltaY / 300));
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault();
      this.options.onPan((event.deltaX || event.deltaY) / Math.max(1, plot.over.clientWidth));
    }
  }

  private drawGaps(plot: uPlot, colours: PlotColours): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const { from, to, label } of this.data.gaps ?? []) {
      const [left, right] = [plot.valToPos(from, 'x', true), plot.valToPos(to, 'x', true)];
      if (right < bbox.left || left > bbox.left + bbox.width) {
        continue;
      }
      ctx.fillStyle = colours.gap;
      ctx.fillRect(left, bbox.top, Math.max(devicePixelRatio, right - left), bbox.height);
      if (right - left > 2 * devicePixelRatio) {
        writeAt(ctx, label, colours.warning, colours, right, bbox.top);
      }
    }
    ctx.restore();
  }

  private drawBorders(plot: uPlot, colours: PlotColours): void {
    const { ctx, bbox } = plot;
    let written = -Infinity;
    for (const { at, label } of this.data.borders ?? []) {
      const x = Math.round(plot.valToPos(at, 'x', true));
      if (x < bbox.left || x > bbox.left + bbox.width) {
        continue;
      }
      ctx.fillStyle = colours.dim;
      ctx.font = canvasFont(colours);
      for (let y = bbox.top; y < bbox.top + bbox.height; y += 6 * devicePixelRatio) {
        ctx.fillRect(x, y, Math.max(1, Math.round(devicePixelRatio)), Math.min(3 * devicePixelRatio, bbox.top + bbox.height - y));
      }
      if (x > written && x + ctx.measureText(label).width < bbox.left + bbox.width) {
        written = x + writeAt(ctx, label, colours.dim, colours, x, bbox.top) + 8 * devicePixelRatio;
      }
    }
  }

  private drawPlace(plot: uPlot, colours: PlotColours): void {
    const { ctx, bbox } = plot;
    const x = this.place === undefined ? NaN : plot.valToPos(this.place, 'x', true);
    if (x >= bbox.left && x <= bbox.left + bbox.width) {
      ctx.fillStyle = colours.foreground;
      ctx.fillRect(Math.round(x), bbox.top, Math.max(1, Math.round(devicePixelRatio)), bbox.height);
    }
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (this.plot && width > 0 && height > 0) {
      this.plot.setSize({ width, height });
    } else if (this.lineCount >= 0) {
      this.show(this.data, this.place);
    }
  }
}

function canvasFont({ font }: PlotColours): string {
  return font.replace(/^\d+/, (size) => String(Number(size) * devicePixelRatio));
}

/** At the top, right of a place. Answers the width that it takes. */
function writeAt(ctx: CanvasRenderingContext2D, label: string, colour: string, colours: PlotColours, x: number, top: number): number {
  ctx.fillStyle = colour;
  ctx.font = canvasFont(colours);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.fillText(label, x + 4 * devicePixelRatio, top + 12 * devicePixelRatio);
  return ctx.measureText(label).width + 4 * devicePixelRatio;
}

/** A little room above and below; a line that does not move lies in the middle. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) {
    return [0, 1];
  }
  const room = high > low ? (high - low) * 0.08 : Math.max(1e-9, Math.abs(high) * 0.1 || 1);
  return [low - room, high + room];
}

/** Of an axis: `−0.25`, `1.2e9`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e6 || size < 1e-4) ? value.toExponential(1).replace('e+', 'e') : String(Number(value.toPrecision(6)));
  return text.replace(/-/g, '\u2212');
}

/** Smallest and largest values of columns as one line that visits both. */
export function lineOfColumns(edges: Float64Array, min: Float64Array, max: Float64Array): { readonly x: Float64Array; readonly line: Float64Array } {
  const single = min.every((value, column) => value === max[column] || Number.isNaN(value));
  if (single) {
    return { x: edges.slice(0, min.length), line: min };
  }
  const x = new Float64Array(min.length * 2);
  const line = new Float64Array(min.length * 2);
  for (let column = 0; column < min.length; column++) {
    const [start, end] = [edges[column] ?? 0, edges[column + 1] ?? 0];
    x[column * 2] = start;
    x[column * 2 + 1] = start + (end - start) / 2;
    line[column * 2] = min[column] ?? NaN;
    line[column * 2 + 1] = max[column] ?? NaN;
  }
  return { x, line };
}
