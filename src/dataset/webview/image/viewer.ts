import { render } from 'lit/html.js';
import { shownExtent, shownPoint, storedPoint } from '../../../base/orientation.ts';
import type { Orientation } from '../../../base/orientation.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { drawHistogram, drawLoupe } from './charts.ts';
import { layout } from './layout.ts';
import type { ViewerActions } from './layout.ts';
import { paint } from './paint.ts';
import { PixelReader } from './pixelReader.ts';
import type { Pixel } from './pixelReader.ts';
import type { Glance, Histogram, ImageHost, ImagePage, PictureFacts, Shapes, StoredPixels, TagGroup } from './protocol.ts';
import { labelSums, shapeAt, shownShapes } from './shapes.ts';
import type { ShownShape } from './shapes.ts';
import { Tiles } from './tiles.ts';
import { Viewport } from './viewport.ts';

interface Saved {
  readonly page: number;
  readonly upright: boolean;
  readonly shapesShown: boolean;
  readonly inspecting: boolean;
}

const PAN = 64;
/** Milliseconds: a picture of gigapixels takes minutes to decode. */
const PATIENCE = 600_000;
/** CSS pixels up to which the inspector lies over the picture. */
const NARROW = 900;

/** The page of one picture: what the person does and what the host tells end here, and everything is drawn from what is known. */
export class ImageViewer {
  private readonly host = connectHost<ImageHost, ImagePage>({ changed: (what) => this.onFileChange(what as 'changed' | 'gone') }, PATIENCE);
  private readonly viewport = new Viewport();
  private readonly tiles = new Tiles({
    fetch: ({ level, column, row }, signal) => this.host.requestUntil(signal, 'tile', { page: this.page, upright: this.upright, level, column, row }),
    onChange: () => this.draw(),
    onProblem: (message) => this.set({ tileProblem: message }),
  });
  private readonly reader = new PixelReader(
    (part) => this.host.request('pixels', { page: this.page, ...part }),
    (near) => this.set({ near }),
    (error) => this.fail(error),
  );
  private page = 0;
  private upright = true;
  private shapesShown = true;
  private inspecting = true;
  private facts: PictureFacts | undefined;
  private glance: Glance | undefined;
  private problem: string | undefined;
  private tileProblem: string | undefined;
  private fileChange: 'changed' | 'gone' | undefined;
  private shapes: Shapes | null | undefined;
  private shown: readonly ShownShape[] = [];
  private hidden: ReadonlySet<string> = new Set();
  private solidFrom = 0.5;
  private maskOpacity = 0.35;
  private selected: number | undefined;
  private histogram: Histogram | undefined;
  private tags: readonly TagGroup[] | undefined;
  private pixel: Pixel | undefined;
  private near: StoredPixels | undefined;
  private drag: { x: number; y: number; moved: boolean } | undefined;
  private frame = 0;

  constructor() {
    const saved = this.host.state.load() as Partial<Saved> | undefined;
    this.page = saved?.page ?? 0;
    this.upright = saved?.upright ?? true;
    this.shapesShown = saved?.shapesShown ?? true;
    // Where there is little room the picture comes first.
    this.inspecting = saved?.inspecting ?? window.innerWidth > NARROW;
    this.update();
    const stage = document.querySelector<HTMLElement>('.stage');
    if (stage !== null) {
      this.listen(stage);
    }
    document.addEventListener('keydown', (event) => this.onKey(event));
    cycleRegions(document.body);
    new MutationObserver(() => this.draw()).observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.host.ready();
    void this.open();
  }

  private async open(): Promise<void> {
    this.tiles.clear();
    this.set({ tileProblem: undefined, histogram: undefined, near: undefined });
    const { page } = this;
    void this.host.request('glance').then((glance) => this.set({ glance }), (error: unknown) => this.fail(error));
    try {
      const facts = await this.host.request('open', { page });
      this.set({ facts, problem: undefined, fileChange: undefined });
      this.viewport.setPicture(shownExtent(facts, this.orientation));
      this.place();
      this.draw();
    } catch (error) {
      this.set({ facts: undefined, problem: this.fileChange === 'gone' ? 'The file is gone.' : error instanceof Error ? error.message : String(error) });
      return;
    }
    // Each is drawn when it is there; what cannot be had leaves its place empty and says why.
    void this.host.request('shapes').then((shapes) => this.takeShapes(shapes), (error: unknown) => this.fail(error));
    void this.host.request('histogram', { page }).then((histogram) => this.set({ histogram }), (error: unknown) => this.fail(error));
    void this.host.request('tags').then((tags) => this.set({ tags }), (error: unknown) => this.fail(error));
  }

  private takeShapes(shapes: Shapes | null): void {
    this.set({ shapes });
    this.place();
    this.draw();
  }

  private fail(error: unknown): void {
    this.set({ tileProblem: error instanceof Error ? error.message : String(error) });
  }

  private onFileChange(what: 'changed' | 'gone'): void {
    this.set({ fileChange: what });
    if (what === 'changed') {
      void this.open();
    }
  }

  private get orientation(): Orientation {
    return this.upright ? (this.facts?.orientation ?? 1) : 1;
  }

  /** Puts the shapes where they are shown. */
  private place(): void {
    this.shown = this.facts && this.shapes ? shownShapes(this.shapes.items, this.facts, this.orientation) : [];
  }

  private set(change: object): void {
    Object.assign(this, change);
    this.update();
  }

  private keep(): void {
    const { page, upright, shapesShown, inspecting } = this;
    this.host.state.save({ page, upright, shapesShown, inspecting } satisfies Saved);
  }

  private listen(stage: HTMLElement): void {
    new ResizeObserver(() => {
      const canvas = this.canvas;
      const { width, height } = stage.getBoundingClientRect();
      canvas.width = Math.max(1, Math.round(width * window.devicePixelRatio));
      canvas.height = Math.max(1, Math.round(height * window.devicePixelRatio));
      this.viewport.setView({ width, height });
      this.draw();
      this.update();
    }).observe(stage);
    stage.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    stage.addEventListener('pointerdown', (event) => {
      stage.setPointerCapture(event.pointerId);
      this.drag = { x: event.clientX, y: event.clientY, moved: false };
    });
    stage.addEventListener('pointermove', (event) => this.onMove(event));
    stage.addEventListener('pointerup', (event) => {
      if (this.drag?.moved === false) {
        const { x, y } = this.pointOf(event);
        this.select(this.shapesShown ? shapeAt(this.visible(), x, y)?.index : undefined);
      }
      this.drag = undefined;
    });
    stage.addEventListener('dblclick', (event) => {
      const { left, top } = stage.getBoundingClientRect();
      this.zoom(() => (this.viewport.fits ? this.viewport.zoomTo(1, { x: event.clientX - left, y: event.clientY - top }) : this.viewport.fit()));
    });
  }

  private get canvas(): HTMLCanvasElement {
    return document.querySelector<HTMLCanvasElement>('.stage canvas') as HTMLCanvasElement;
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (event.ctrlKey) {
      this.zoom(() => this.viewport.zoomTo(this.viewport.zoom * Math.exp(-event.deltaY / 250), { x: event.clientX - left, y: event.clientY - top }));
    } else {
      this.viewport.pan(event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY);
      this.draw();
    }
  }

  private onMove(event: PointerEvent): void {
    if (this.drag && event.buttons === 1) {
      const [dx, dy] = [event.clientX - this.drag.x, event.clientY - this.drag.y];
      if (this.drag.moved || Math.hypot(dx, dy) > 3) {
        this.drag = { x: event.clientX, y: event.clientY, moved: true };
        this.viewport.pan(dx, dy);
        this.draw();
      }
      return;
    }
    const { x, y } = this.pointOf(event);
    this.point(Math.floor(x), Math.floor(y));
  }

  private pointOf(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.canvas.getBoundingClientRect();
    return this.viewport.pointAt(event.clientX - left, event.clientY - top);
  }

  /** The pixel of the picture as it is shown that is read from now on. */
  private point(x: number, y: number): void {
    const { facts } = this;
    if (facts === undefined) {
      return;
    }
    const extent = shownExtent(facts, this.orientation);
    if (x < 0 || y < 0 || x >= extent.width || y >= extent.height) {
      return;
    }
    const [storedX, storedY] = storedPoint(x + 0.5, y + 0.5, facts, this.orientation);
    const pixel = { x: storedX - 0.5, y: storedY - 0.5 };
    this.set({ pixel });
    this.draw();
    this.reader.want(pixel);
  }

  private onKey(event: KeyboardEvent): void {
    if ((event.target as HTMLElement).matches('input, select') || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const act = this.keyAction(event);
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }

  private keyAction({ key, shiftKey, target }: KeyboardEvent): (() => void) | undefined {
    const moves: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[key];
    if (move !== undefined && (target as HTMLElement).matches('.stage')) {
      return shiftKey ? () => this.movePixel(move[0], move[1]) : () => this.zoom(() => this.viewport.pan(-move[0] * PAN, -move[1] * PAN));
    }
    const actions: Readonly<Record<string, () => void>> = {
      '+': () => this.zoom(() => this.viewport.step(1)),
      '=': () => this.zoom(() => this.viewport.step(1)),
      '-': () => this.zoom(() => this.viewport.step(-1)),
      0: () => this.zoom(() => this.viewport.fit()),
      1: () => this.zoom(() => this.viewport.zoomTo(1)),
      a: () => this.toggleShapes(),
      o: () => this.toggleUpright(),
      i: () => this.toggleInspector(),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
      Escape: () => this.select(undefined),
    };
    return Object.hasOwn(actions, key) ? actions[key] : undefined;
  }

  private movePixel(dx: number, dy: number): void {
    const { facts, pixel } = this;
    if (facts !== undefined) {
      const at = pixel ?? { x: Math.floor(facts.width / 2), y: Math.floor(facts.height / 2) };
      const [x, y] = shownPoint(at.x + 0.5, at.y + 0.5, facts, this.orientation);
      this.point(Math.floor(x) + dx, Math.floor(y) + dy);
    }
  }

  private zoom(change: () => void): void {
    change();
    this.draw();
    this.update();
  }

  private toggleShapes(): void {
    this.set({ shapesShown: !this.shapesShown });
    this.keep();
    this.draw();
  }

  private toggleInspector(): void {
    this.set({ inspecting: !this.inspecting });
    this.keep();
  }

  private toggleUpright(): void {
    if (this.facts !== undefined && this.facts.orientation !== 1) {
      this.set({ upright: !this.upright });
      this.keep();
      this.tiles.clear();
      this.viewport.setPicture(shownExtent(this.facts, this.orientation));
      this.place();
      this.draw();
    }
  }

  private turn(by: number): void {
    const page = this.page + by;
    if (this.facts !== undefined && page >= 0 && page < this.facts.pages) {
      this.set({ page });
      this.keep();
      void this.open();
    }
  }

  private select(selected: number | undefined): void {
    this.set({ selected });
    this.draw();
  }

  private visible(): readonly ShownShape[] {
    return this.shown.filter(({ label }) => !this.hidden.has(label));
  }

  /** Draws once a frame, whatever has changed. */
  private draw(): void {
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.drawNow();
      });
    }
  }

  private drawNow(): void {
    const { facts } = this;
    if (facts === undefined) {
      return;
    }
    const colours = new Map(labelSums(this.shapes?.items ?? []).map(({ label, colour }) => [label, colour]));
    const [x, y] = this.pixel ? shownPoint(this.pixel.x + 0.5, this.pixel.y + 0.5, facts, this.orientation) : [0, 0];
    const wanted = paint(this.canvas, this.viewport, this.tiles, {
      extent: shownExtent(facts, this.orientation),
      levels: facts.levels,
      look: {
        shapes: this.shapesShown ? this.visible().map((shape) => ({ shape, colour: colours.get(shape.label) ?? 0 })) : [],
        selected: this.selected,
        solidFrom: this.solidFrom,
        maskOpacity: this.maskOpacity,
      },
      pixel: this.pixel && { x: x - 0.5, y: y - 0.5 },
    });
    this.tiles.want(wanted);
    document.querySelector('.stage')?.toggleAttribute('data-busy', this.tiles.busy);
  }

  private readonly actions: ViewerActions = {
    zoomIn: () => this.zoom(() => this.viewport.step(1)),
    zoomOut: () => this.zoom(() => this.viewport.step(-1)),
    zoomTo: (zoom) => this.zoom(() => (zoom === 'fit' ? this.viewport.fit() : this.viewport.zoomTo(zoom))),
    toggleShapes: () => this.toggleShapes(),
    toggleUpright: () => this.toggleUpright(),
    toggleInspector: () => this.toggleInspector(),
    turn: (by) => this.turn(by),
    reopen: () => void this.open(),
    toggleLabel: (label) => {
      const hidden = new Set(this.hidden);
      if (!hidden.delete(label)) {
        hidden.add(label);
      }
      this.set({ hidden });
      this.draw();
    },
    setSolidFrom: (solidFrom) => {
      this.set({ solidFrom });
      this.draw();
    },
    setMaskOpacity: (maskOpacity) => {
      this.set({ maskOpacity });
      this.draw();
    },
    openSource: () => void this.host.request('openSource').catch((error: unknown) => this.fail(error)),
  };

  private update(): void {
    const { facts, glance, problem, tileProblem, fileChange, page, upright, shapesShown, inspecting, pixel, near, shapes, hidden, solidFrom, maskOpacity, histogram, tags } = this;
    const selected = this.shown.find(({ index }) => index === this.selected);
    const { zoom, fits } = this.viewport;
    render(
      layout({ facts, glance, problem, tileProblem, fileChange, page, upright, shapesShown, inspecting, pixel, near, shapes, hidden, solidFrom, maskOpacity, histogram, tags, selected, zoom, fits }, this.actions),
      document.body,
    );
    const loupe = document.querySelector<HTMLCanvasElement>('canvas.loupe');
    const chart = document.querySelector<HTMLCanvasElement>('canvas.histogram');
    if (facts && loupe) {
      drawLoupe(loupe, facts, pixel, near);
    }
    if (facts && histogram && chart) {
      drawHistogram(chart, histogram, facts);
    }
  }
}
