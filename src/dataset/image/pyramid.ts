import type { SharpLibrary } from '../../media/sharpLibrary.ts';
import { halved } from './decodePicture.ts';
import type { DecodedPicture } from './decodePicture.ts';
import { TILE } from '../webview/image/protocol.ts';
import type { Tile } from '../webview/image/protocol.ts';
import type { Raster } from './raster.ts';
import { turned } from './raster.ts';
import { storedPoint } from '../../base/orientation.ts';
import type { Extent, Orientation } from '../../base/orientation.ts';

const JPEG_QUALITY = 90;

/** Halvings after which a picture fits into one tile. */
export function levelsOf({ width, height }: Extent): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / TILE)));
}

/** Tiles of one picture in one orientation, from its pixels halved again and again; a level is made when it is asked for. */
export class Pyramid {
  private readonly levels = new Map<number, Promise<Raster<Uint8Array>>>();

  constructor(
    private readonly sharp: SharpLibrary,
    private readonly picture: DecodedPicture,
    private readonly orientation: Orientation,
    /** Of the picture as it is shown. */
    private readonly shown: Extent,
  ) {}

  /** Rejects with a `RangeError` where there is no such tile. */
  async tile(level: number, column: number, row: number): Promise<Tile> {
    const extent = halved(this.shown.width, this.shown.height, level);
    const left = column * TILE;
    const top = row * TILE;
    const width = Math.min(TILE, extent.width - left);
    const height = Math.min(TILE, extent.height - top);
    if (level > levelsOf(this.shown) || width <= 0 || height <= 0) {
      throw new RangeError(`There is no tile ${column}, ${row} of level ${level}.`);
    }
    const quick = level >= this.picture.display.level;
    const raster = quick ? await this.level(level) : await this.decode(level, { left, top, width, height });
    const image = this.sharp(raster.pixels, { raw: { width: raster.width, height: raster.height, channels: raster.channels as 1 | 2 | 3 | 4 } });
    if (quick) {
      image.extract({ left, top, width, height });
    }
    // Full size stays exact; what is made smaller anyway may lose a little. JPEG has no alpha.
    const exact = level === 0 || raster.channels === 2 || raster.channels === 4;
    const bytes = await (exact ? image.png({ compressionLevel: 3 }) : image.jpeg({ quality: JPEG_QUALITY })).toBuffer();
    return { type: exact ? 'image/png' : 'image/jpeg', bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  }

  private level(level: number): Promise<Raster<Uint8Array>> {
    let made = this.levels.get(level);
    if (made === undefined) {
      const { display } = this.picture;
      made = level <= display.level ? Promise.resolve(turned(display.raster, this.orientation)) : this.level(level - 1).then((raster) => this.halve(raster));
      this.levels.set(level, made);
    }
    return made;
  }

  private async halve({ width, height, channels, pixels }: Raster<Uint8Array>): Promise<Raster<Uint8Array>> {
    const { data, info } = await this.sharp(pixels, { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 } })
      .resize({ ...halved(width, height, 1), fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: info.channels, pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  }

  /** A tile of a picture that is too large to be kept, from the file. */
  private async decode(level: number, tile: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }): Promise<Raster<Uint8Array>> {
    const scale = 2 ** level;
    const corner = (x: number, y: number) =>
      storedPoint(Math.min(this.shown.width, x * scale), Math.min(this.shown.height, y * scale), { width: this.picture.width, height: this.picture.height }, this.orientation);
    const [fromX, fromY] = corner(tile.left, tile.top);
    const [toX, toY] = corner(tile.left + tile.width, tile.top + tile.height);
    const region = { left: Math.min(fromX, toX), top: Math.min(fromY, toY), width: Math.abs(toX - fromX), height: Math.abs(toY - fromY) };
    const [wide, high] = this.orientation >= 5 ? [tile.height, tile.width] : [tile.width, tile.height];
    return turned(await this.picture.part(region, wide, high), this.orientation);
  }
}
