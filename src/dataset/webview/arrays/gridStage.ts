import { formatCount } from '../../../base/format.ts';
import type { HostConnection } from '../../../webview/messageClient.ts';
import { shortNumber } from '../plots/linePlot.ts';
import { viridis } from '../plots/viridis.ts';
import type { Drawing, Target } from './drawing.ts';
import { gridPixels, scaleOf } from './gridPicture.ts';
import type { GridScale } from './gridPicture.ts';
import { Latest } from '../plots/latest.ts';
import type { ArraysHost, GridView } from './protocol.ts';

interface Window {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const MAX_SCALE = 40;

/** Two dimensions as a heat map, or as the picture that they are; finer as one zooms in. */
export class GridStage implements Drawing {
  readonly element = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly words = document.createElement('p');
  private readonly key = document.createElement('div');
  private target: Target | undefined;
  private window: Window = { top: 0, bottom: 1, left: 0, right: 1 };
  private view: GridView | undefined;
  private shown: Window | undefined;
  private scale: GridScale = { low: 0, high: 0 };
  /** Row and column under the cursor. */
  private place: readonly [row: number, column: number] | undefined;
  private readonly latest = new Latest();

  constructor(private readonly host: HostConnection<ArraysHost>) {
    this.element.className = 'grid-stage';
    this.canvas.tabIndex = 0;
    this.canvas.role = 'img';
    const area = document.createElement('div');
    area.className = 'area';
    area.append(this.canvas);
    this.key.className = 'key number';
    this.words.className = 'readout number';
    this.words.role = 'status';
    this.element.append(area, this.key, this.words);
    this.canvas.addEventListener('mousemove', (event) => this.point(event));
    this.canvas.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    this.canvas.addEventListener('mousedown', (event) => this.onPress(event));
    this.canvas.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(area);
  }

  show(target: Target): void {
    const { aim } = target;
    const before = this.target;
    const isOther = before === undefined || target.path !== before.path || aim.rowDimension !== before.aim.rowDimension || aim.columnDimension !== before.aim.columnDimension;
    this.target = target;
    if (isOther) {
      this.window = { top: 0, bottom: this.rows, left: 0, right: this.columns };
      this.place = undefined;
      this.view = undefined;
    }
    void this.load();
  }

  destroy(): void {
    this.latest.start();
  }

  private get rows(): number {
    return this.target?.facts.shape[this.target.aim.rowDimension] ?? 1;
  }

  private get columns(): number {
    const dimension = this.target?.aim.columnDimension;
    return dimension === undefined ? 1 : (this.target?.facts.shape[dimension] ?? 1);
  }

  private async load(): Promise<void> {
    const { target } = this;
    if (target === undefined) {
      return;
    }
    const signal = this.latest.start();
    const { path, reading, aim } = target;
    const { top, bottom, left, right } = this.window;
    const shown = { top: Math.floor(top), bottom: Math.min(this.rows, Math.ceil(bottom)), left: Math.floor(left), right: Math.min(this.columns, Math.ceil(right)) };
    try {
      this.view = await this.host.requestUntil(signal, 'grid', {
        path,
        at: aim.at,
        rowDimension: aim.rowDimension,
        columnDimension: aim.columnDimension ?? aim.rowDimension,
        rows: { start: shown.top, stop: shown.bottom },
        columns: { start: shown.left, stop: shown.right },
        ...(aim.colours !== undefined && { colours: aim.colours }),
        ...(reading !== undefined && { reading }),
      });
      this.shown = shown;
      this.scale = this.view.values ? scaleOf(this.view.values) : { low: 0, high: 255 };
      this.draw();
    } catch (error) {
      if (!signal.aborted) {
        this.words.textContent = (error as Error).message;
      }
    }
  }

  private draw(): void {
    const { view, shown, canvas } = this;
    const area = canvas.parentElement;
    if (view === undefined || shown === undefined || area === null || area.clientWidth < 10) {
      return;
    }
    const [height, width] = [this.window.bottom - this.window.top, this.window.right - this.window.left];
    const isPicture = view.pixels !== undefined;
    // Pictures, and grids that are nearly square, keep their shape; others fill the room.
    const ratio = width / height;
    const keeps = isPicture || (ratio > 0.2 && ratio < 5);
    const fit = Math.min(area.clientWidth / width, area.clientHeight / height, MAX_SCALE);
    const [wide, high] = keeps ? [width * fit, height * fit] : [Math.min(area.clientWidth, width * MAX_SCALE), Math.min(area.clientHeight, height * MAX_SCALE)];
    canvas.style.width = `${Math.max(1, wide)}px`;
    canvas.style.height = `${Math.max(1, high)}px`;
    canvas.width = Math.max(1, Math.round(wide * devicePixelRatio));
    canvas.height = Math.max(1, Math.round(high * devicePixelRatio));
    const image = gridPixels(view, this.scale);
    const buffer = new OffscreenCanvas(image.width, image.height);
    buffer.getContext('2d')?.putImageData(image, 0, 0);
    const context = canvas.getContext('2d');
    if (context) {
      // Large grids are averaged by the browser where they are drawn smaller; a value drawn large keeps its edges.
      context.imageSmoothingEnabled = image.width > canvas.width;
      context.drawImage(buffer, ((shown.left - this.window.left) / width) * canvas.width, ((shown.top - this.window.top) / height) * canvas.height, ((image.width * view.columnStep) / width) * canvas.width, ((image.height * view.rowStep) / height) * canvas.height);
      this.drawPlace(context);
    }
    this.drawKey(isPicture);
    this.say();
  }

  private drawPlace(context: CanvasRenderingContext2D): void {
    const { place, window, canvas, view } = this;
    if (place === undefined || view === undefined) {
      return;
    }
    const [row, column] = place;
    const [width, height] = [canvas.width / (window.right - window.left), canvas.height / (window.bottom - window.top)];
    const size = Math.max(6, Math.min(width * view.columnStep, height * view.rowStep));
    const [x, y] = [(column + 0.5 - window.left) * width, (row + 0.5 - window.top) * height];
    for (const [colour, more] of [['black', 2], ['white', 0]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = devicePixelRatio * (1 + more / 2);
      context.strokeRect(x - size / 2 - more / 2, y - size / 2 - more / 2, size + more, size + more);
    }
  }

  private drawKey(isPicture: boolean): void {
    this.key.hidden = isPicture;
    if (!isPicture) {
      const map = viridis();
      const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((at) => `rgb(${map[at * 3]} ${map[at * 3 + 1]} ${map[at * 3 + 2]})`);
      const bar = document.createElement('i');
      bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
      const [low, high] = [document.createElement('span'), document.createElement('span')];
      low.textContent = shortNumber(Number(this.scale.low.toPrecision(5)));
      high.textContent = shortNumber(Number(this.scale.high.toPrecision(5)));
      this.key.replaceChildren(low, bar, high);
    }
  }

  private say(): void {
    const { view, window, place } = this;
    if (view === undefined) {
      return;
    }
    const steps = view.rowStep === 1 && view.columnStep === 1 ? 'every value' : `every ${view.rowStep === 1 ? '' : `${formatCount(view.rowStep)}th `}row, every ${view.columnStep === 1 ? '' : `${formatCount(view.columnStep)}th `}column`;
    const range = `rows ${formatCount(window.top)} – ${formatCount(Math.ceil(window.bottom) - 1)}, columns ${formatCount(window.left)} – ${formatCount(Math.ceil(window.right) - 1)}`;
    this.words.textContent = [place && this.valueAt(place), range, steps].filter(Boolean).join(' · ');
    this.canvas.ariaLabel = `${view.pixels ? 'Picture' : 'Heat map'}: ${range}. Arrows move the cursor, plus and minus zoom.`;
  }

  private valueAt([row, column]: readonly [number, number]): string {
    const { view, shown } = this;
    if (view === undefined || shown === undefined) {
      return '';
    }
    const y = Math.floor((row - shown.top) / view.rowStep);
    const x = Math.floor((column - shown.left) / view.columnStep);
    const index = y * view.width + x;
    if (y < 0 || x < 0 || y >= view.height || x >= view.width) {
      return '';
    }
    const at = `[${formatCount(shown.top + y * view.rowStep)}, ${formatCount(shown.left + x * view.columnStep)}]`;
    if (view.pixels) {
      return `${at} = ${[0, 1, 2].map((channel) => view.pixels?.[index * 4 + channel]).join(', ')}`;
    }
    const value = view.values?.[index] ?? NaN;
    return `${at} = ${Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? shortNumber(Number(value.toPrecision(7))) : value > 0 ? 'Inf' : '\u2212Inf'}`;
  }

  private placeOf(event: MouseEvent): readonly [number, number] {
    const box = this.canvas.getBoundingClientRect();
    const { top, bottom, left, right } = this.window;
    const row = Math.floor(top + ((event.clientY - box.top) / box.height) * (bottom - top));
    const column = Math.floor(left + ((event.clientX - box.left) / box.width) * (right - left));
    return [Math.max(0, Math.min(this.rows - 1, row)), Math.max(0, Math.min(this.columns - 1, column))];
  }

  private point(event: MouseEvent): void {
    this.place = this.placeOf(event);
    this.draw();
  }

  private onPress(event: MouseEvent): void {
    const start = this.window;
    const box = this.canvas.getBoundingClientRect();
    const move = (moved: MouseEvent) => this.moveTo(start, ((event.clientY - moved.clientY) / box.height) * (start.bottom - start.top), ((event.clientX - moved.clientX) / box.width) * (start.right - start.left));
    window.addEventListener('mousemove', move);
    window.addEventListener('mouseup', () => window.removeEventListener('mousemove', move), { once: true });
  }

  private onWheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const [row, column] = this.placeOf(event);
      this.zoom(row, column, Math.exp(event.deltaY / 300));
    }
  }

  private zoom(row: number, column: number, factor: number): void {
    const { top, bottom, left, right } = this.window;
    const size = (span: number, most: number) => Math.max(Math.min(8, most), Math.min(most, span * factor));
    const [height, width] = [size(bottom - top, this.rows), size(right - left, this.columns)];
    const up = row - ((row - top) / (bottom - top)) * height;
    const across = column - ((column - left) / (right - left)) * width;
    this.moveTo({ top: 0, bottom: height, left: 0, right: width }, up, across);
  }

  private moveTo({ top, bottom, left, right }: Window, down: number, across: number): void {
    const [height, width] = [bottom - top, right - left];
    const [y, x] = [Math.max(0, Math.min(this.rows - height, top + down)), Math.max(0, Math.min(this.columns - width, left + across))];
    this.window = { top: y, bottom: y + height, left: x, right: x + width };
    this.draw();
    void this.load();
  }

  private onKey(event: KeyboardEvent): void {
    const { top, bottom, left, right } = this.window;
    const [row, column] = this.place ?? [Math.floor((top + bottom) / 2), Math.floor((left + right) / 2)];
    const step = event.shiftKey ? 10 : 1;
    const [down, across] = [step * (this.view?.rowStep ?? 1), step * (this.view?.columnStep ?? 1)];
    const put = (nextRow: number, nextColumn: number) => {
      this.place = [Math.max(0, Math.min(this.rows - 1, nextRow)), Math.max(0, Math.min(this.columns - 1, nextColumn))];
      this.draw();
    };
    const actions: Readonly<Record<string, () => void>> = {
      ArrowUp: () => put(row - down, column),
      ArrowDown: () => put(row + down, column),
      ArrowLeft: () => put(row, column - across),
      ArrowRight: () => put(row, column + across),
      Home: () => put(0, 0),
      End: () => put(this.rows - 1, this.columns - 1),
      '+': () => this.zoom(row, column, 0.5),
      '=': () => this.zoom(row, column, 0.5),
      '-': () => this.zoom(row, column, 2),
      '0': () => this.zoom(row, column, Infinity),
    };
    const action = actions[event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      action();
    }
  }
}
