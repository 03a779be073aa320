import { rowBins } from './axis.ts';
import type { Axis } from './axis.ts';
import { magma } from './magma.ts';
import type { SpectrogramScale, SpectrogramTile, TileRequest } from './protocol.ts';

const ROWS = 256;
const MOST_TILES = 240;
const AT_ONCE = 3;

interface Kept {
  readonly tile: SpectrogramTile;
  readonly picture: HTMLCanvasElement;
  readonly axis: Axis;
  /** Columns are still to come. */
  readonly isPart: boolean;
}

export interface TileSource {
  fetch(request: TileRequest, signal: AbortSignal): Promise<SpectrogramTile>;
  onChange(): void;
  onProblem(message: string): void;
}

/** Pieces of spectrograms as pictures, those wanted now fetched nearest first and the others forgotten. */
export class SpectrogramTiles {
  scale: SpectrogramScale | undefined;
  private readonly kept = new Map<string, Kept>();
  private readonly asked = new Map<string, AbortController>();
  private readonly failed = new Set<string>();
  private wanted: readonly TileRequest[] = [];
  private rows: readonly (readonly [number, number])[] = [];
  private axis: Axis = 'mel';
  private readonly colours = magma();

  constructor(
    private readonly source: TileSource,
    /** Hertz, and frames of the whole, as they are when asked. */
    private readonly sound: () => { readonly rate: number; readonly frames: number },
  ) {}

  get busy(): boolean {
    return this.asked.size > 0;
  }

  clear(): void {
    this.asked.forEach((controller) => controller.abort());
    this.asked.clear();
    this.kept.clear();
    this.failed.clear();
    this.scale = undefined;
    this.wanted = [];
  }

  /** What was not whole, or failed, is worth another try: more of the file has been read. */
  retry(): void {
    this.failed.clear();
    [...this.kept].filter(([, { isPart }]) => isPart).forEach(([key]) => this.kept.delete(key));
    this.next();
  }

  setAxis(axis: Axis): void {
    this.axis = axis;
    this.rows = [];
  }

  /** The level whose columns are about as wide as a pixel. */
  levelFor(framesPerPixel: number): number {
    return Math.max(0, Math.min(24, Math.floor(Math.log2(framesPerPixel / (this.scale?.hop ?? 1)))));
  }

  /** Frames that a tile covers. */
  span(level: number): number {
    const { hop = 1, tileColumns = 1 } = this.scale ?? {};
    return hop * 2 ** level * tileColumns;
  }

  /** Says what is on screen, the nearest first. */
  want(requests: readonly TileRequest[]): void {
    this.wanted = requests;
    const keys = new Set(requests.map(keyOf));
    for (const [key, controller] of this.asked) {
      if (!keys.has(key)) {
        controller.abort();
        this.asked.delete(key);
      }
    }
    this.next();
  }

  picture(request: TileRequest): HTMLCanvasElement | undefined {
    const key = keyOf(request);
    const found = this.kept.get(key);
    if (found === undefined) {
      return undefined;
    }
    this.kept.delete(key);
    const current = found.axis === this.axis ? found : { ...found, axis: this.axis, picture: this.paint(found.tile) };
    this.kept.set(key, current);
    return current.picture;
  }

  private next(): void {
    for (const request of this.wanted) {
      const key = keyOf(request);
      if (this.asked.size >= AT_ONCE) {
        return;
      }
      if (!this.kept.has(key) && !this.asked.has(key) && !this.failed.has(key)) {
        void this.fetch(key, request);
      }
    }
  }

  private async fetch(key: string, request: TileRequest): Promise<void> {
    const controller = new AbortController();
    this.asked.set(key, controller);
    try {
      const tile = await this.source.fetch(request, controller.signal);
      if (!controller.signal.aborted) {
        const { hop = 1, tileColumns = 0 } = this.scale ?? {};
        const expected = Math.min(tileColumns, Math.ceil(this.sound().frames / (hop * 2 ** request.level)) - request.index * tileColumns);
        this.kept.set(key, { tile, picture: this.paint(tile), axis: this.axis, isPart: tile.columns < expected });
        this.forget();
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        this.failed.add(key);
        this.source.onProblem(error instanceof Error ? error.message : String(error));
      }
    }
    if (this.asked.get(key) === controller) {
      this.asked.delete(key);
    }
    this.next();
    this.source.onChange();
  }

  private forget(): void {
    for (const key of this.kept.keys()) {
      if (this.kept.size <= MOST_TILES) {
        return;
      }
      this.kept.delete(key);
    }
  }

  private paint({ columns, bins, levels }: SpectrogramTile): HTMLCanvasElement {
    const picture = document.createElement('canvas');
    picture.width = Math.max(1, this.scale?.tileColumns ?? columns);
    picture.height = ROWS;
    if (columns === 0) {
      return picture;
    }
    if (this.rows.length === 0) {
      this.rows = rowBins(ROWS, this.axis, this.sound().rate, bins);
    }
    const image = new ImageData(columns, ROWS);
    const { data } = image;
    this.rows.forEach(([first, last], row) => {
      for (let column = 0; column < columns; column++) {
        let level = 0;
        for (let bin = first; bin <= last; bin++) {
          level = Math.max(level, levels[column * bins + bin] as number);
        }
        const at = (row * columns + column) * 4;
        data[at] = this.colours[level * 4] as number;
        data[at + 1] = this.colours[level * 4 + 1] as number;
        data[at + 2] = this.colours[level * 4 + 2] as number;
        data[at + 3] = 255;
      }
    });
    picture.getContext('2d')?.putImageData(image, 0, 0);
    return picture;
  }
}

function keyOf({ channel, level, index }: TileRequest): string {
  return `${channel} ${level} ${index}`;
}
