import type { Colours } from '../audio/paint.ts';
import type { AudioFacts, AudioPeaks } from '../audio/protocol.ts';
import type { VideoFacts } from './protocol.ts';

/** A canvas of so many CSS pixels in the pixels of the screen, and its context in CSS pixels. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const [wide, high] = [Math.max(1, Math.round(width * devicePixelRatio)), Math.max(1, Math.round(height * devicePixelRatio))];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  // Pictures are drawn in the screen's own pixels.
  if (canvas.className !== 'picture') {
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  }
  return context;
}

/** The sound's waveform under the pictures of the same time. */
export function paintWave(context: CanvasRenderingContext2D, width: number, height: number, peaks: AudioPeaks | undefined, film: { readonly facts: VideoFacts; readonly sound: AudioFacts | null; readonly length: number }, colours: Colours): void {
  context.clearRect(0, 0, width, height);
  if (peaks === undefined || film.sound === null || film.length <= 0) {
    return;
  }
  const count = peaks.channels[0]?.min.length ?? 0;
  const left = (film.facts.soundAfter / film.length) * width;
  const step = ((film.sound.frames / film.sound.sampleRate / film.length) * width) / Math.max(1, count);
  const middle = height / 2;
  context.fillStyle = colours.wave;
  for (const [alpha, edges] of [
    [0.5, (column: number) => [Math.min(...peaks.channels.map(({ min }) => min[column] ?? 1)), Math.max(...peaks.channels.map(({ max }) => max[column] ?? -1))] as const],
    [1, (column: number) => { const rms = Math.max(...peaks.channels.map((channel) => channel.rms[column] ?? 0)); return [-rms, rms] as const; }],
  ] as const) {
    context.globalAlpha = alpha;
    for (let column = 0; column < count; column++) {
      const [low, high] = edges(column);
      if (high >= low) {
        const y = middle - Math.min(1, high) * (middle - 2);
        context.fillRect(left + column * step, y, Math.max(0.6, step), Math.max(1, middle - Math.max(-1, low) * (middle - 2) - y));
      }
    }
  }
  context.globalAlpha = 1;
}
