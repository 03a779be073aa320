import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { ChoiceOption } from '../../../recipe/option.ts';
import { soundOf } from './sound.ts';

export const downmix = {
  type: 'choice',
  title: 'Mono from',
  description: 'Which channels a mono output is made of. Centre is the third of surround sound; of one or two channels it is their mean.',
  default: 'mean',
  choices: [
    { value: 'mean', title: 'The mean of all channels' },
    { value: 'left', title: 'The left channel' },
    { value: 'right', title: 'The right channel' },
    { value: 'centre', title: 'The centre channel' },
  ],
} as const satisfies ChoiceOption;

export type Downmix = (typeof downmix)['choices'][number]['value'];

/** What becomes of the channels: all kept, mixed to one, or laid out anew. */
export type Channels = 'keep' | { readonly mono: Downmix } | { readonly layout: Layout };

export type Layout = 'stereo' | 'quad' | '5.1' | '7.1';

const LAYOUT_CHANNELS: Readonly<Record<Layout, number>> = { stereo: 2, quad: 4, '5.1': 6, '7.1': 8 };

export function channelCount(wanted: Channels, channels: number): number {
  return wanted === 'keep' ? channels : 'mono' in wanted ? 1 : LAYOUT_CHANNELS[wanted.layout];
}

/** The one channel that is taken, from 0; undefined where it is the mean of all. Four channels are quad: they have no centre. */
function channelTaken(from: Downmix, channels: number): number | undefined {
  switch (from) {
    case 'mean':
      return undefined;
    case 'left':
      return 0;
    case 'right':
      return Math.min(1, channels - 1);
    case 'centre':
      return channels >= 3 && channels !== 4 ? 2 : undefined;
  }
}

/** sox's effect; undefined where sox, which numbers channels and knows no places, cannot do it. */
export function soxChannels(wanted: Channels, channels: number): readonly string[] | undefined {
  if (wanted === 'keep') {
    return [];
  }
  if ('mono' in wanted) {
    const taken = channelTaken(wanted.mono, channels);
    return ['remix', taken === undefined ? '-' : String(taken + 1)];
  }
  if (wanted.layout === 'stereo' && channels <= 2) {
    return channels === 1 ? ['remix', '1', '1'] : [];
  }
  return undefined;
}

/** ffmpeg's filter. Its own way to mono gives the centre more weight and leaves the low frequency channel out: mean is mean here. */
export function ffmpegChannels(wanted: Channels, media: Media): readonly string[] {
  const { channels } = soundOf(media);
  if (wanted === 'keep') {
    // Of AAC the decoder may make two channels where the header tells one.
    return known(media.audio?.codec) === 'aac' && channels <= 2 ? [`aformat=channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`] : [];
  }
  if ('layout' in wanted) {
    return [`aformat=channel_layouts=${wanted.layout}`];
  }
  const taken = channelTaken(wanted.mono, channels);
  const share = Number((1 / channels).toPrecision(12));
  const mixed = taken === undefined ? Array.from({ length: channels }, (_, index) => `${share}*c${index}`).join('+') : `c${taken}`;
  return [`pan=mono|c0=${mixed}`];
}

/** Channels that ffmpeg can lay out anew: of more it does not know the places. */
export const MOST_PLACED = 8;
