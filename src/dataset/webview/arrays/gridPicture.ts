import type { GridView } from './protocol.ts';
import { viridis } from '../plots/viridis.ts';

/** Shown values of a grid: those of the map's ends. */
export interface GridScale {
  readonly low: number;
  readonly high: number;
}

const MAP = viridis();

/** From the smallest to the largest finite value. */
export function scaleOf(values: Float32Array): GridScale {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (Number.isFinite(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** A grid as pixels, one to a value; what is no number is a chequered grey, infinities are the map's ends. */
export function gridPixels({ values, pixels, width, height }: GridView, { low, high }: GridScale): ImageData {
  const image = new ImageData(Math.max(1, width), Math.max(1, height));
  if (pixels) {
    image.data.set(pixels);
    return image;
  }
  const factor = high > low ? 255 / (high - low) : 0;
  for (let index = 0; index < width * height; index++) {
    const value = values?.[index] ?? NaN;
    const to = index * 4;
    if (Number.isNaN(value)) {
      const grey = (Math.floor(index / width) + (index % width)) % 2 === 0 ? 96 : 160;
      image.data.set([grey, grey, grey, 255], to);
    } else {
      const at = factor === 0 ? 128 : Math.max(0, Math.min(255, Math.round((value - low) * factor)));
      image.data[to] = MAP[at * 3] ?? 0;
      image.data[to + 1] = MAP[at * 3 + 1] ?? 0;
      image.data[to + 2] = MAP[at * 3 + 2] ?? 0;
      image.data[to + 3] = 255;
    }
  }
  return image;
}
