import { LOUPE } from './inspector.ts';
import type { Histogram, PictureFacts, StoredPixels } from './protocol.ts';
import { valuesAt } from './inspector.ts';

/** Data: the same in all themes. */
const CHANNEL_COLOURS: Readonly<Record<string, string>> = { R: '#e5484d', G: '#30a46c', B: '#3e8eeb', Gray: '#8f8f8f', C: '#00a7c4', M: '#d6409f', Y: '#c9a400', K: '#8f8f8f' };

/** Neighbours of a pixel, each as a square, the one in the middle framed. */
export function drawLoupe(canvas: HTMLCanvasElement, facts: PictureFacts, pixel: { readonly x: number; readonly y: number } | undefined, near: StoredPixels | undefined): void {
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (pixel === undefined || near === undefined) {
    return;
  }
  const side = canvas.width / LOUPE.columns;
  const left = pixel.x - Math.floor(LOUPE.columns / 2);
  const top = pixel.y - Math.floor(LOUPE.rows / 2);
  for (let row = 0; row < LOUPE.rows; row++) {
    for (let column = 0; column < LOUPE.columns; column++) {
      const values = valuesAt(near, facts.channels.length, left + column, top + row);
      if (values !== undefined) {
        context.fillStyle = colourOf(values, facts);
        context.fillRect(Math.floor(column * side), Math.floor(row * side), Math.ceil(side), Math.ceil(side));
      }
    }
  }
  const x = Math.floor(LOUPE.columns / 2) * side;
  const y = Math.floor(LOUPE.rows / 2) * side;
  context.lineWidth = 3;
  context.strokeStyle = 'black';
  context.strokeRect(x, y, side, side);
  context.lineWidth = 1;
  context.strokeStyle = 'white';
  context.strokeRect(x, y, side, side);
}

/** Counts of each colour channel as overlaid areas, by the square root, so that what is rare is seen beside what is frequent. */
export function drawHistogram(canvas: HTMLCanvasElement, { counts }: Histogram, facts: PictureFacts): void {
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  context.clearRect(0, 0, canvas.width, canvas.height);
  const colours = facts.channels.filter((channel) => channel !== 'A');
  // The ends hold what is clipped and would flatten the rest.
  const tallest = Math.max(1, ...counts.slice(0, colours.length).flatMap((bins) => bins.slice(1, -1)));
  colours.forEach((channel, index) => {
    const bins = counts[index] ?? [];
    context.beginPath();
    context.moveTo(0, canvas.height);
    bins.forEach((count, bin) => {
      const height = Math.min(1, Math.sqrt(count / tallest)) * canvas.height;
      context.lineTo((bin / bins.length) * canvas.width, canvas.height - height);
      context.lineTo(((bin + 1) / bins.length) * canvas.width, canvas.height - height);
    });
    context.lineTo(canvas.width, canvas.height);
    context.closePath();
    context.globalAlpha = 0.6;
    context.fillStyle = CHANNEL_COLOURS[channel] ?? '#8f8f8f';
    context.fill();
  });
  context.globalAlpha = 1;
}

/** A colour for the eye; the numbers beside it are what counts. */
function colourOf(values: readonly number[], { channels, ceiling }: PictureFacts): string {
  const [a = 0, b = 0, c = 0, d = 0] = values.map((value) => (value / ceiling) * 255);
  if (channels[0] === 'C') {
    return `rgb(${(255 - a) * (1 - d / 255)} ${(255 - b) * (1 - d / 255)} ${(255 - c) * (1 - d / 255)})`;
  }
  return channels[0] === 'Gray' ? `rgb(${a} ${a} ${a})` : `rgb(${a} ${b} ${c})`;
}
