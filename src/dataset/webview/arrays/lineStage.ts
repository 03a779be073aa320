import { formatCount } from '../../../base/format.ts';
import type { HostConnection } from '../../../webview/messageClient.ts';
import { LinePlot, lineOfColumns, shortNumber } from '../plots/linePlot.ts';
import { onThemeChange, readPlotColours } from '../plots/plotColours.ts';
import type { Drawing, Target } from './drawing.ts';
import { Latest } from '../plots/latest.ts';
import type { ArraysHost, LineView } from './protocol.ts';

/** Along one dimension: the smallest and largest value of each pixel column, finer as one zooms in. */
export class LineStage implements Drawing {
  readonly element = document.createElement('div');
  private readonly plot: LinePlot;
  private readonly words = document.createElement('p');
  private colours = readPlotColours();
  private target: Target | undefined;
  private view: LineView | undefined;
  private from = 0;
  private to = 1;
  private place: number | undefined;
  private readonly latest = new Latest();

  constructor(private readonly host: HostConnection<ArraysHost>) {
    this.element.className = 'line-stage';
    const canvas = document.createElement('div');
    canvas.className = 'canvas';
    canvas.tabIndex = 0;
    canvas.role = 'img';
    this.words.className = 'readout number';
    this.words.role = 'status';
    this.element.append(canvas, this.words);
    this.plot = new LinePlot(canvas, {
      colours: () => this.colours,
      sync: 'arrays',
      formatX: (x) => formatCount(x),
      onPlace: (x) => this.put(Math.round(x)),
      onZoom: (x, factor) => this.zoom(x, factor),
      onPan: (share) => this.pan(share * (this.to - this.from)),
    });
    canvas.addEventListener('keydown', (event) => this.onKey(event));
    onThemeChange(() => {
      this.colours = readPlotColours();
      this.plot.repaint();
    });
  }

  show(target: Target): void {
    const isOther = target.path !== this.target?.path || target.aim.rowDimension !== this.target.aim.rowDimension;
    this.target = target;
    if (isOther) {
      [this.from, this.to] = [0, this.length];
      this.place = undefined;
    }
    void this.load();
  }

  destroy(): void {
    this.latest.start();
    this.plot.destroy();
  }

  private get length(): number {
    const { facts, aim } = this.target ?? {};
    return facts?.shape[aim?.rowDimension ?? 0] ?? 1;
  }

  private async load(): Promise<void> {
    const { target } = this;
    if (target === undefined) {
      return;
    }
    const signal = this.latest.start();
    const { path, reading, aim } = target;
    try {
      this.view = await this.host.requestUntil(signal, 'line', {
        path,
        at: aim.at,
        dimension: aim.rowDimension,
        range: { start: Math.floor(this.from), stop: Math.ceil(this.to) },
        columns: Math.max(50, Math.min(4000, this.element.clientWidth)),
        ...(reading !== undefined && { reading }),
      });
      this.draw();
    } catch (error) {
      if (!signal.aborted) {
        this.words.textContent = (error as Error).message;
      }
    }
  }

  private draw(): void {
    const { view } = this;
    if (view) {
      const { x, line } = lineOfColumns(view.edges, view.min, view.max);
      // A single last element lies at the edge.
      this.plot.show({ x, lines: [line], from: this.from, to: Math.max(this.from + 1, this.to - (this.to - this.from > view.min.length ? 0 : 1)) }, this.place);
    }
    this.say();
  }

  private say(): void {
    const { view, place } = this;
    if (view === undefined) {
      return;
    }
    const count = formatCount(this.to - this.from);
    const range = `${formatCount(this.from)} – ${formatCount(this.to - 1)}`;
    const how = view.exact ? '' : ' · of each column a part was read';
    const column = place === undefined ? -1 : view.edges.findLastIndex((edge) => edge <= place);
    const [low, high] = [view.min[column], view.max[column]];
    const value = low === undefined || high === undefined ? '' : low === high || Number.isNaN(low) ? `[${formatCount(place ?? 0)}] = ${exactNumber(low)}` : `[${formatCount(place ?? 0)}] lies in ${exactNumber(low)} … ${exactNumber(high)}`;
    this.words.textContent = [value, `${count} elements, ${range}${how}`].filter(Boolean).join(' · ');
    this.plot.element.ariaLabel = `Line of ${count} elements from ${range}. Arrows move the cursor, plus and minus zoom.`;
  }

  private put(place: number): void {
    this.place = Math.max(0, Math.min(this.length - 1, place));
    this.plot.setPlace(this.place);
    this.say();
  }

  private zoom(around: number, factor: number): void {
    const width = Math.max(8, Math.min(this.length, (this.to - this.from) * factor));
    const share = (around - this.from) / Math.max(1, this.to - this.from);
    this.from = Math.max(0, Math.min(this.length - width, around - width * share));
    this.to = this.from + width;
    [this.from, this.to] = [Math.floor(this.from), Math.min(this.length, Math.ceil(this.to))];
    void this.load();
  }

  private pan(by: number): void {
    const width = this.to - this.from;
    this.from = Math.round(Math.max(0, Math.min(this.length - width, this.from + by)));
    this.to = this.from + width;
    void this.load();
  }

  private onKey(event: KeyboardEvent): void {
    const step = Math.max(1, Math.round(((this.to - this.from) / 100) * (event.shiftKey ? 10 : 1)));
    const middle = this.place ?? (this.from + this.to) / 2;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.put(middle - step),
      ArrowRight: () => this.put(middle + step),
      Home: () => this.put(0),
      End: () => this.put(this.length - 1),
      '+': () => this.zoom(middle, 0.5),
      '=': () => this.zoom(middle, 0.5),
      '-': () => this.zoom(middle, 2),
      PageUp: () => this.pan(-(this.to - this.from) / 2),
      PageDown: () => this.pan((this.to - this.from) / 2),
      '0': () => this.zoom(middle, Infinity),
    };
    const action = actions[event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      action();
    }
  }
}

function exactNumber(value: number): string {
  return Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? shortNumber(Number(value.toPrecision(9))) : value > 0 ? 'Inf' : '\u2212Inf';
}
