import type { Media } from '../../../media/media.ts';
import type { FoundTool } from '../../../process/foundTool.ts';
import { ffmpegChannels, type Channels } from './channels.ts';
import type { Encoding } from './encodings.ts';
import { soundOf } from './sound.ts';

export interface FilterWish {
  readonly channels: Channels;
  /** Hertz. */
  readonly rate: number;
  readonly encoding: Pick<Encoding, 'needsDoubles' | 'ffmpegSamples'>;
  /** Filters on the input's own samples, as floats. */
  readonly before?: readonly string[];
  /** Filters on the finished sound, still in floats, where nothing has been clipped. */
  readonly then?: readonly string[];
}

/**
 * ffmpeg's filters from any input to samples as they are to be stored. They begin with floats: ffmpeg would round 8 bits to 8 bits after
 * each step, and cuts off what integers cannot hold instead of rounding it. The rate is set even where it is the input's: of AAC the
 * decoder may give twice the header's. soxr is taken where the build has it: ffmpeg's own resampler is less steep.
 */
export function filterChain(media: Media, tool: FoundTool, { channels, rate, encoding, before = [], then = [] }: FilterWish): string {
  const isResampled = rate !== soundOf(media).rate || before.length > 0;
  const soxr = tool.features.has('libsoxr') && isResampled ? ':resampler=soxr:precision=28' : '';
  const floats = encoding.needsDoubles ? 'dblp' : 'fltp';
  return [
    `aformat=sample_fmts=${floats}`,
    ...before,
    ...ffmpegChannels(channels, media),
    `aresample=${rate}${soxr}`,
    `aformat=sample_fmts=${floats}`,
    ...then,
    `aformat=sample_fmts=${encoding.ffmpegSamples}`,
  ].join(',');
}

/** Measures the peak of all channels at the end of a chain; in `-af` of a call whose filters speak. */
export const MEASURE_PEAK = 'astats=measure_overall=Peak_level:measure_perchannel=none';

/** What `MEASURE_PEAK` said: dBFS, -Infinity of digital silence. Undefined where it said nothing. */
export function measuredPeak(stderr: string): number | undefined {
  const text = stderr.match(/\] Peak level dB: (-?\d+(?:\.\d+)?|-?inf)\s*$/gm)?.at(-1);
  const value = text?.slice(text.lastIndexOf(' ') + 1).trim();
  return value === undefined ? undefined : value.endsWith('inf') ? -Infinity : Number(value);
}
