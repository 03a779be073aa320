import type { Colours } from './colours.ts';
import type { SeriesThumbnail, WaveThumbnail } from './thumbnail.ts';

const PAD = 8;

/** A waveform about the middle: peaks light, root mean square solid. */
export function drawWave(canvas: HTMLCanvasElement, { levels }: WaveThumbnail, colours: Colours): void {
  const area = prepare(canvas);
  if (!area) {
    return;
  }
  const { context, width, height } = area;
  const steps = levels.length >> 1;
  const step = (width - 2 * PAD) / Math.max(1, steps);
  const half = height / 2 - PAD;
  context.fillStyle = colours.series[0] ?? '';
  for (const [offset, alpha] of [[0, 0.45], [1, 1]] as const) {
    context.globalAlpha = alpha;
    for (let index = 0; index < steps; index++) {
      const level = Math.max(0.5, ((levels[index * 2 + offset] ?? 0) / 255) * half);
      context.fillRect(PAD + index * step, height / 2 - level, Math.max(1, step), level * 2);
    }
  }
  context.globalAlpha = 1;
}

/** Up to three series, each in a lane of its own with its name at the left. Gaps stay gaps. */
export function drawSeries(canvas: HTMLCanvasElement, { series }: SeriesThumbnail, colours: Colours): void {
  const area = prepare(canvas);
  if (!area) {
    return;
  }
  const { context, width, height } = area;
  const lane = (height - 2 * PAD) / Math.max(1, series.length);
  const left = width > 120 ? PAD + 46 : PAD;
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 1.25;
  for (const [index, { name, values }] of series.entries()) {
    const top = PAD + index * lane;
    if (left > PAD) {
      context.fillStyle = colours.dim;
      context.fillText(fitted(context, name, 42), PAD, top + lane / 2);
    }
    context.strokeStyle = colours.series[index] ?? colours.dim;
    context.beginPath();
    let drawing = false;
    for (const [at, value] of values.entries()) {
      if (value === null) {
        drawing = false;
        continue;
      }
      const x = left + (at / Math.max(1, values.length - 1)) * (width - left - PAD);
      const y = top + 3 + (1 - value) * (lane - 6);
      if (drawing) {
        context.lineTo(x, y);
      } else {
        context.moveTo(x, y);
      }
      drawing = true;
    }
    context.stroke();
  }
}

/** Makes the canvas as large as it is shown, in physical pixels, and clears it. */
function prepare(canvas: HTMLCanvasElement): { readonly context: CanvasRenderingContext2D; readonly width: number; readonly height: number } | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0) {
    return undefined;
  }
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  let length = text.length;
  while (length > 1 && context.measureText(text.slice(0, length)).width > width) {
    length--;
  }
  return length < text.length ? `${text.slice(0, Math.max(1, length - 1))}…` : text;
}
