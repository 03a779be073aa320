import { TILE } from './protocol.ts';
import type { Tile } from './protocol.ts';

export interface TileAddress {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

export interface TilesOptions {
  readonly fetch: (address: TileAddress, signal: AbortSignal) => Promise<Tile>;
  /** A tile is there that was not before. */
  readonly onChange: () => void;
  readonly onProblem: (message: string) => void;
}

/** Tiles kept, of about a megabyte each once they are decoded. */
const KEPT = 160;
const AT_ONCE = 4;

/**
 * The picture's tiles, fetched as they are looked at: coarse before fine, the nearest to the middle first. What is no longer
 * wanted before it came is given up.
 */
export class Tiles {
  /** In order of use, the latest last. */
  private readonly there = new Map<string, ImageBitmap>();
  private readonly coming = new Map<string, AbortController>();
  private readonly failed = new Set<string>();
  private wanted: readonly TileAddress[] = [];
  private generation = 0;

  constructor(private readonly options: TilesOptions) {}

  at(address: TileAddress): ImageBitmap | undefined {
    const key = keyOf(address);
    const tile = this.there.get(key);
    if (tile !== undefined) {
      this.there.delete(key);
      this.there.set(key, tile);
    }
    return tile;
  }

  /** Says what is looked at now, the most urgent first. */
  want(addresses: readonly TileAddress[]): void {
    this.wanted = addresses.filter((address) => !this.there.has(keyOf(address)) && !this.failed.has(keyOf(address)));
    const keys = new Set(this.wanted.map(keyOf));
    for (const [key, controller] of this.coming) {
      if (!keys.has(key)) {
        controller.abort();
        this.coming.delete(key);
      }
    }
    this.pump();
  }

  /** Forgets everything: another picture, or another side of it. */
  clear(): void {
    this.generation++;
    this.coming.forEach((controller) => controller.abort());
    this.coming.clear();
    this.failed.clear();
    this.there.forEach((tile) => tile.close());
    this.there.clear();
    this.wanted = [];
  }

  /** Whether something that is looked at is still to come. */
  get busy(): boolean {
    return this.coming.size > 0;
  }

  private pump(): void {
    for (const address of this.wanted) {
      if (this.coming.size >= AT_ONCE) {
        return;
      }
      const key = keyOf(address);
      if (!this.coming.has(key) && !this.there.has(key) && !this.failed.has(key)) {
        void this.load(address, key);
      }
    }
  }

  private async load(address: TileAddress, key: string): Promise<void> {
    const { generation } = this;
    const controller = new AbortController();
    this.coming.set(key, controller);
    try {
      const { type, bytes } = await this.options.fetch(address, controller.signal);
      const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
      if (generation === this.generation) {
        this.keep(key, bitmap);
      }
    } catch (error) {
      if (!controller.signal.aborted && generation === this.generation) {
        this.failed.add(key);
        this.options.onProblem(error instanceof Error ? error.message : String(error));
      }
    }
    if (this.coming.get(key) === controller) {
      this.coming.delete(key);
    }
    if (generation === this.generation) {
      this.pump();
      this.options.onChange();
    }
  }

  private keep(key: string, bitmap: ImageBitmap): void {
    this.there.set(key, bitmap);
    for (const [oldest, tile] of this.there) {
      if (this.there.size <= KEPT) {
        return;
      }
      this.there.delete(oldest);
      tile.close();
    }
  }
}

/** Which tiles a part of the picture needs at a level, the nearest to its middle first; `part` in full-size pixels. */
export function tilesOver(part: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }, level: number, extent: { readonly width: number; readonly height: number }): readonly TileAddress[] {
  const side = TILE * 2 ** level;
  const last = { column: Math.ceil(extent.width / side) - 1, row: Math.ceil(extent.height / side) - 1 };
  const from = { column: Math.max(0, Math.floor(part.left / side)), row: Math.max(0, Math.floor(part.top / side)) };
  const to = { column: Math.min(last.column, Math.floor(part.right / side)), row: Math.min(last.row, Math.floor(part.bottom / side)) };
  const addresses: TileAddress[] = [];
  for (let row = from.row; row <= to.row; row++) {
    for (let column = from.column; column <= to.column; column++) {
      addresses.push({ level, column, row });
    }
  }
  const middle = { x: (part.left + part.right) / 2 / side - 0.5, y: (part.top + part.bottom) / 2 / side - 0.5 };
  const distance = ({ column, row }: TileAddress) => (column - middle.x) ** 2 + (row - middle.y) ** 2;
  return addresses.sort((a, b) => distance(a) - distance(b));
}

function keyOf({ level, column, row }: TileAddress): string {
  return `${level}/${column}/${row}`;
}
