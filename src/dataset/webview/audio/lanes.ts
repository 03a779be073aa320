import type { Axis } from './axis.ts';

export type View = 'wave' | `wave-${Axis}` | Axis;

export interface Lane {
  readonly kind: 'ruler' | 'wave' | 'spectrum' | 'loudness' | 'text';
  readonly channel: number;
  readonly top: number;
  readonly height: number;
}

export const GUTTER = 62;
export const RULER = 24;
/** Channels that are shown at once where nobody has chosen. */
export const MOST_LANES = 8;
const LEAST = { wave: 44, spectrum: 72 };
const LOUDNESS = 56;
const TEXT = 34;

export function axisOf(view: View): Axis | undefined {
  return view === 'wave' ? undefined : (view.replace('wave-', '') as Axis);
}

/** Lanes from above, filling a height where their least heights leave room. */
export function laneLayout(view: View, channels: readonly number[], has: { readonly loudness: boolean; readonly text: boolean }, height: number): readonly Lane[] {
  const hasWave = view.startsWith('wave');
  const hasSpectrum = view !== 'wave';
  const fixed = RULER + (has.loudness ? LOUDNESS : 0) + (has.text ? TEXT : 0);
  const weight = (hasWave ? 1 : 0) + (hasSpectrum ? 1.3 : 0);
  const share = Math.max(0, height - fixed) / Math.max(1, channels.length * weight);
  const lanes: Lane[] = [];
  let top = 0;
  const add = (kind: Lane['kind'], channel: number, laneHeight: number): void => {
    lanes.push({ kind, channel, top, height: laneHeight });
    top += laneHeight;
  };
  add('ruler', 0, RULER);
  if (hasWave) {
    channels.forEach((channel) => add('wave', channel, Math.floor(Math.max(LEAST.wave, share))));
  }
  if (hasSpectrum) {
    channels.forEach((channel) => add('spectrum', channel, Math.floor(Math.max(LEAST.spectrum, share * 1.3))));
  }
  if (has.loudness) {
    add('loudness', 0, LOUDNESS);
  }
  if (has.text) {
    add('text', 0, TEXT);
  }
  return lanes;
}

export function lanesHeight(lanes: readonly Lane[]): number {
  const last = lanes.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

/** `L`, `R` of two; `1` to `64` of more; nothing of one. */
export function channelName(channel: number, channels: number): string {
  return channels === 1 ? '' : channels === 2 ? (channel === 0 ? 'L' : 'R') : String(channel + 1);
}
