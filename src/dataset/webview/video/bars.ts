import type { Colours } from '../audio/paint.ts';
import type { FrameTable } from './frameTable.ts';

const BAR = 8;

export interface BarsView {
  readonly first: number;
  readonly last: number;
  /** Bytes. */
  readonly largest: number;
}

/** Packet sizes around a frame: key frames in red, the one that is shown framed. */
export function paintBars(context: CanvasRenderingContext2D, width: number, height: number, table: FrameTable, index: number, colours: Colours, keyColour: string): BarsView {
  context.clearRect(0, 0, width, height);
  const shown = Math.max(1, Math.floor(width / BAR));
  const first = Math.max(0, Math.min(table.known - shown, index - Math.floor(shown / 2)));
  const last = Math.min(table.known, first + shown);
  let largest = 1;
  for (let at = first; at < last; at++) {
    largest = Math.max(largest, table.sizes[at] as number);
  }
  for (let at = first; at < last; at++) {
    const tall = Math.max(2, ((table.sizes[at] as number) / largest) * (height - 4));
    const x = (at - first) * BAR;
    context.fillStyle = table.keys[at] === 1 ? keyColour : colours.wave;
    context.globalAlpha = at === index ? 1 : 0.75;
    context.fillRect(x + 1, height - tall, BAR - 3, tall);
    if (at === index) {
      context.strokeStyle = colours.text;
      context.strokeRect(x + 0.5, height - tall - 1.5, BAR - 2, tall + 1);
    }
  }
  context.globalAlpha = 1;
  return { first, last, largest };
}
