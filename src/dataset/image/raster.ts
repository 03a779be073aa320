import type { Orientation } from '../../base/orientation.ts';
import { isSideways, shownExtent, storedPoint } from '../../base/orientation.ts';

/** Pixels in memory, row by row, channels side by side. */
export interface Raster<Pixels extends Uint8Array | Uint16Array = Uint8Array | Uint16Array> {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: Pixels;
}

/** The picture turned to be shown. */
export function turned(raster: Raster<Uint8Array>, orientation: Orientation): Raster<Uint8Array> {
  if (orientation === 1) {
    return raster;
  }
  const { channels, pixels } = raster;
  const { width, height } = shownExtent(raster, orientation);
  const out = new Uint8Array(pixels.length);
  // The stored place moves by the same step from one pixel of a row to the next.
  const stepOf = ([fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number]) => (toY - fromY) * raster.width + (toX - fromX);
  const at = (x: number, y: number): readonly [number, number] => {
    const [storedX, storedY] = storedPoint(x + 0.5, y + 0.5, raster, orientation);
    return [storedX - 0.5, storedY - 0.5];
  };
  const step = width > 1 ? stepOf(at(0, 0), at(1, 0)) * channels : isSideways(orientation) ? raster.width * channels : channels;
  let to = 0;
  for (let y = 0; y < height; y++) {
    const [storedX, storedY] = at(0, y);
    let from = (storedY * raster.width + storedX) * channels;
    for (let x = 0; x < width; x++, from += step) {
      for (let channel = 0; channel < channels; channel++) {
        out[to++] = pixels[from + channel] ?? 0;
      }
    }
  }
  return { width, height, channels, pixels: out };
}

/** A part of it, cut at the picture's edges; values row by row. */
export function cut(raster: Raster, x: number, y: number, width: number, height: number) {
  const left = Math.max(0, Math.min(raster.width, x));
  const top = Math.max(0, Math.min(raster.height, y));
  const right = Math.max(left, Math.min(raster.width, x + width));
  const bottom = Math.max(top, Math.min(raster.height, y + height));
  const values: number[] = [];
  for (let row = top; row < bottom; row++) {
    const from = (row * raster.width + left) * raster.channels;
    values.push(...raster.pixels.subarray(from, from + (right - left) * raster.channels));
  }
  return { x: left, y: top, width: right - left, height: bottom - top, values };
}
