import { isAbsent } from '../../../base/absent.ts';
import { axisTicks, heightOf, hertzWords } from './axis.ts';
import { axisOf, channelName, GUTTER } from './lanes.ts';
import type { Lane, View } from './lanes.ts';
import type { AudioAnalysis, AudioMark, AudioPeaks, TileRequest, Transcript } from './protocol.ts';
import type { SpectrogramTiles } from './spectrogramTiles.ts';
import { formatTime } from './time.ts';
import { tickStep } from './timeWindow.ts';
import type { TimeWindow } from './timeWindow.ts';

export interface ShownPeaks {
  readonly peaks: AudioPeaks;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly channels: readonly number[];
}

export interface Scene {
  readonly view: View;
  readonly lanes: readonly Lane[];
  readonly window: TimeWindow;
  readonly shown: ShownPeaks | undefined;
  readonly tiles: SpectrogramTiles;
  readonly analysis: AudioAnalysis | undefined;
  readonly transcript: Transcript | null | undefined;
  readonly rate: number;
  readonly channels: number;
  readonly selection: readonly [number, number] | undefined;
  readonly mark: AudioMark | undefined;
}

export interface Colours {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly fill: string;
  readonly wave: string;
  readonly loudness: string;
  readonly error: string;
  readonly ground: string;
  readonly select: string;
  readonly font: string;
  readonly highContrast: boolean;
}

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const value = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const text = value('--vscode-foreground', style.color);
  return {
    text,
    dim: style.getPropertyValue('--ty-dim').trim().startsWith('color-mix') ? style.color : value('--ty-dim', text),
    line: value('--vscode-panel-border', value('--vscode-contrastBorder', text)),
    fill: text,
    wave: value('--vscode-charts-blue', text),
    loudness: value('--vscode-charts-green', text),
    error: value('--vscode-editorError-foreground', text),
    ground: value('--vscode-editor-background', 'Canvas'),
    select: value('--vscode-focusBorder', text),
    font: value('--vscode-font-family', 'sans-serif'),
    highContrast: document.body.classList.contains('vscode-high-contrast') || document.body.classList.contains('vscode-high-contrast-light'),
  };
}

/** Draws all lanes; gives the pieces of spectrograms that are on screen, the middle ones first. */
export function paintLanes(context: CanvasRenderingContext2D, width: number, scene: Scene, colours: Colours): readonly TileRequest[] {
  const height = context.canvas.height / window.devicePixelRatio;
  context.clearRect(0, 0, width, height);
  const plot = { left: GUTTER, width: width - GUTTER };
  const wanted: TileRequest[] = [];
  context.textBaseline = 'middle';
  for (const lane of scene.lanes) {
    context.save();
    switch (lane.kind) {
      case 'ruler':
        ruler(context, lane, plot, scene, colours);
        break;
      case 'wave':
        wave(context, lane, plot, scene, colours);
        break;
      case 'spectrum':
        wanted.push(...spectrum(context, lane, plot, scene, colours));
        break;
      case 'loudness':
        loudness(context, lane, plot, scene, colours);
        break;
      case 'text':
        words(context, lane, plot, scene, colours);
        break;
    }
    context.restore();
    context.fillStyle = colours.line;
    context.fillRect(0, lane.top + lane.height - 1, width, 1);
  }
  selection(context, plot, scene, colours, height);
  const middle = ((scene.window.from + scene.window.to) / 2) * scene.rate;
  return wanted.sort((a, b) => distance(a, scene.tiles, middle) - distance(b, scene.tiles, middle));
}

interface Plot {
  readonly left: number;
  readonly width: number;
}

export function xOf(time: number, { from, span }: TimeWindow, { left, width }: Plot): number {
  return left + ((time - from) / span) * width;
}

function distance({ level, index }: TileRequest, tiles: SpectrogramTiles, middle: number): number {
  return Math.abs((index + 0.5) * tiles.span(level) - middle);
}

function label(context: CanvasRenderingContext2D, text: string, { top }: Lane, colours: Colours): void {
  context.font = `12px ${colours.font}`;
  context.fillStyle = colours.text;
  context.textAlign = 'left';
  context.fillText(text, 16, top + 12);
}

function tick(context: CanvasRenderingContext2D, text: string, y: number, colours: Colours): void {
  context.font = `10px ${colours.font}`;
  context.fillStyle = colours.dim;
  context.textAlign = 'right';
  context.fillText(text, GUTTER - 6, y);
}

function ruler(context: CanvasRenderingContext2D, { top, height }: Lane, plot: Plot, { window, lanes }: Scene, colours: Colours): void {
  const step = tickStep(window.span, plot.width);
  const digits = step >= 1 ? 0 : Math.min(4, Math.ceil(-Math.log10(step)));
  context.font = `10px ${colours.font}`;
  context.textAlign = 'left';
  const bottom = lanes.reduce((lowest, lane) => Math.max(lowest, lane.kind === 'spectrum' ? lowest : lane.top + lane.height), 0);
  for (let at = Math.ceil(window.from / step) * step; at <= window.to; at += step) {
    const x = Math.round(xOf(at, window, plot));
    context.globalAlpha = 0.4;
    context.fillStyle = colours.line;
    context.fillRect(x, top + 6, 1, bottom);
    context.globalAlpha = 1;
    context.fillStyle = colours.dim;
    context.fillText(formatTime(at, digits), x + 4, top + height / 2);
  }
}

function wave(context: CanvasRenderingContext2D, lane: Lane, plot: Plot, scene: Scene, colours: Colours): void {
  const { top, height, channel } = lane;
  label(context, channelName(channel, scene.channels) || 'Wave', lane, colours);
  const middle = top + height / 2;
  const half = height / 2 - 3;
  if (height >= 60) {
    tick(context, '0', top + 8, colours);
    tick(context, '−6', middle - half / 2, colours);
    tick(context, 'dB', top + height - 9, colours);
  }
  context.beginPath();
  context.rect(plot.left, top, plot.width, height);
  context.clip();
  context.fillStyle = colours.wave;
  context.globalAlpha = 0.5;
  context.fillRect(plot.left, Math.round(middle), plot.width, 1);
  const { shown } = scene;
  const at = shown?.channels.indexOf(channel) ?? -1;
  const columns = shown?.peaks.channels[at];
  if (shown !== undefined && columns !== undefined) {
    const left = xOf(shown.from, scene.window, plot);
    const step = (xOf(shown.to, scene.window, plot) - left) / columns.min.length;
    const bars = (alpha: number, low: (column: number) => number, high: (column: number) => number): void => {
      context.globalAlpha = alpha;
      for (let column = 0; column < columns.min.length; column++) {
        const [from, to] = [low(column), high(column)];
        if (to >= from) {
          const y = middle - Math.min(1, to) * half;
          context.fillRect(left + column * step, y, Math.max(step, 0.6), Math.max(1, middle - Math.max(-1, from) * half - y));
        }
      }
    };
    bars(colours.highContrast ? 0.65 : 0.5, (column) => columns.min[column] as number, (column) => columns.max[column] as number);
    const rms = (column: number) => ((columns.max[column] as number) < (columns.min[column] as number) ? -1 : (columns.rms[column] as number));
    if (step < 6) {
      bars(1, (column) => Math.max(-rms(column), columns.min[column] as number), (column) => Math.min(rms(column), columns.max[column] as number));
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.error;
  for (const mark of scene.analysis?.marks ?? []) {
    if (mark.kind === 'clipping' && mark.channel === channel) {
      const x = xOf(mark.from / scene.rate, scene.window, plot);
      const end = xOf(mark.to / scene.rate, scene.window, plot);
      context.fillRect(x - 1, top, Math.max(3, end - x), mark === scene.mark ? height : 9);
    }
  }
}

function spectrum(context: CanvasRenderingContext2D, lane: Lane, plot: Plot, scene: Scene, colours: Colours): readonly TileRequest[] {
  const { top, height, channel } = lane;
  const { tiles, window: time, rate } = scene;
  const axis = axisOf(scene.view) ?? 'mel';
  const title = { linear: 'Linear', log: 'Log', mel: 'Mel' }[axis];
  label(context, `${title} ${channelName(channel, scene.channels)}`, lane, colours);
  for (const hertz of axisTicks(axis, rate, height)) {
    const y = height - heightOf(hertz, axis, rate) * height;
    if (y > 24) {
      tick(context, hertzWords(hertz), top + y, colours);
    }
  }
  context.beginPath();
  context.rect(plot.left, top, plot.width, height - 1);
  context.clip();
  context.globalAlpha = 0.06;
  context.fillStyle = colours.fill;
  context.fillRect(plot.left, top, plot.width, height);
  context.globalAlpha = 1;
  if (tiles.scale === undefined) {
    return [];
  }
  const best = tiles.levelFor((time.span * rate) / (plot.width * window.devicePixelRatio));
  const wanted: TileRequest[] = [];
  // Coarser pieces that are there lie under those that are still to come.
  for (let level = best + 4; level >= best; level--) {
    const span = tiles.span(level) / rate;
    for (let index = Math.floor(time.from / span); index <= Math.floor(Math.max(0, time.to - 1e-9) / span); index++) {
      const request = { channel, level, index };
      const picture = tiles.picture(request);
      if (picture !== undefined) {
        const x = xOf(index * span, time, plot);
        context.drawImage(picture, x, top, xOf((index + 1) * span, time, plot) - x, height);
      }
      if (level === best) {
        wanted.push(request);
      }
    }
  }
  return wanted;
}

const LOUDNESS = { low: -60, high: 0 };

function loudness(context: CanvasRenderingContext2D, lane: Lane, plot: Plot, { analysis, window }: Scene, colours: Colours): void {
  const { top, height } = lane;
  const y = (value: number) => top + 4 + ((LOUDNESS.high - Math.max(LOUDNESS.low, value)) / (LOUDNESS.high - LOUDNESS.low)) * (height - 8);
  label(context, 'LUFS', { ...lane, top: top + 2 }, colours);
  tick(context, '−25', y(-25), colours);
  tick(context, '−50', y(-50), colours);
  context.beginPath();
  context.rect(plot.left, top, plot.width, height);
  context.clip();
  if (analysis === undefined) {
    return;
  }
  if (!isAbsent(analysis.integrated)) {
    context.strokeStyle = colours.dim;
    context.setLineDash([2, 3]);
    context.globalAlpha = 0.6;
    context.beginPath();
    context.moveTo(plot.left, Math.round(y(analysis.integrated)) + 0.5);
    context.lineTo(plot.left + plot.width, Math.round(y(analysis.integrated)) + 0.5);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.strokeStyle = colours.loudness;
  context.beginPath();
  const { momentary, momentaryStep } = analysis;
  const first = Math.max(0, Math.floor(window.from / momentaryStep) - 1);
  const last = Math.min(momentary.length, Math.ceil(window.to / momentaryStep) + 1);
  const every = Math.max(1, Math.floor((last - first) / (plot.width * 2)));
  for (let index = first; index < last; index += every) {
    context.lineTo(xOf((index + 1) * momentaryStep, window, plot), y(momentary[index] as number));
  }
  context.stroke();
}

function words(context: CanvasRenderingContext2D, lane: Lane, plot: Plot, { transcript, window }: Scene, colours: Colours): void {
  const { top, height } = lane;
  label(context, 'Text', { ...lane, top: top + 4 }, colours);
  context.beginPath();
  context.rect(plot.left, top, plot.width, height);
  context.clip();
  context.font = `11px ${colours.font}`;
  for (const { start, end, who, text } of transcript?.rows ?? []) {
    if (start === undefined || end === undefined || end < window.from || start > window.to) {
      continue;
    }
    const x = xOf(start, window, plot);
    const width = Math.max(2, xOf(end, window, plot) - x - 1);
    context.globalAlpha = 0.1;
    context.fillStyle = colours.fill;
    context.fillRect(x, top + 5, width, height - 11);
    context.globalAlpha = 1;
    if (colours.highContrast) {
      context.strokeStyle = colours.line;
      context.strokeRect(x + 0.5, top + 5.5, width, height - 12);
    }
    context.save();
    context.beginPath();
    context.rect(x, top, width - 4, height);
    context.clip();
    context.fillStyle = colours.text;
    context.textAlign = 'left';
    context.fillText(who === undefined ? text : `${who}  ${text}`, Math.max(x, plot.left) + 6, top + height / 2);
    context.restore();
  }
}

function selection(context: CanvasRenderingContext2D, plot: Plot, { selection: range, window, mark, rate }: Scene, colours: Colours, height: number): void {
  const chosen = range ?? (mark && ([mark.from / rate, mark.to / rate] as const));
  if (chosen === undefined) {
    return;
  }
  const x = Math.max(plot.left, xOf(chosen[0], window, plot));
  const end = Math.min(plot.left + plot.width, xOf(chosen[1], window, plot));
  if (end >= plot.left && x <= plot.left + plot.width) {
    context.fillStyle = colours.select;
    context.globalAlpha = 0.18;
    context.fillRect(x, 0, Math.max(1, end - x), height);
    context.globalAlpha = 1;
    context.fillRect(x, 0, 1, height);
    context.fillRect(end - 1, 0, 1, height);
  }
}

/** The whole in small, with what is on screen marked by the caller. */
export function paintOverview(context: CanvasRenderingContext2D, width: number, height: number, peaks: AudioPeaks | undefined, colours: Colours): void {
  context.clearRect(0, 0, width, height);
  label(context, 'All', { kind: 'wave', channel: 0, top: 0, height }, colours);
  if (peaks === undefined) {
    return;
  }
  const middle = height / 2;
  const count = peaks.channels[0]?.min.length ?? 0;
  const step = (width - GUTTER) / Math.max(1, count);
  context.fillStyle = colours.text;
  context.globalAlpha = 0.45;
  for (let column = 0; column < count; column++) {
    let [low, high] = [1, -1];
    for (const { min, max } of peaks.channels) {
      low = Math.min(low, min[column] as number);
      high = Math.max(high, max[column] as number);
    }
    if (high >= low) {
      const y = middle - Math.min(1, high) * (middle - 3);
      context.fillRect(GUTTER + column * step, y, Math.max(0.6, step), Math.max(1, middle - Math.max(-1, low) * (middle - 3) - y));
    }
  }
  context.globalAlpha = 1;
}
