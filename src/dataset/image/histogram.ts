import type { Histogram } from '../webview/image/protocol.ts';
import type { Raster } from './raster.ts';

/** Pixels that are counted at most: beyond, every nth. */
const MOST = 4_000_000;
const BINS = 256;

/** `colours`: how many of the channels are colours, the rest being alpha. */
export function histogramOf({ width, height, channels, pixels }: Raster, colours: number, ceiling: number): Histogram {
  const total = width * height;
  // An odd step does not fall in with columns.
  const step = total <= MOST ? 1 : Math.ceil(total / MOST) | 1;
  const shift = ceiling > 255 ? 8 : 0;
  const counts = Array.from({ length: channels }, () => new Array<number>(BINS).fill(0));
  let low = 0;
  let high = 0;
  let counted = 0;
  for (let pixel = 0; pixel < total; pixel += step) {
    counted++;
    let isLow = false;
    let isHigh = false;
    for (let channel = 0; channel < channels; channel++) {
      const value = pixels[pixel * channels + channel] ?? 0;
      const bins = counts[channel];
      if (bins !== undefined) {
        bins[value >> shift] = (bins[value >> shift] ?? 0) + 1;
      }
      if (channel < colours) {
        isLow ||= value === 0;
        isHigh ||= value === ceiling;
      }
    }
    low += isLow ? 1 : 0;
    high += isHigh ? 1 : 0;
  }
  return { counts, clippedLow: counted === 0 ? 0 : low / counted, clippedHigh: counted === 0 ? 0 : high / counted, part: total === 0 ? 1 : counted / total };
}
