import type { Media } from '../../../media/media.ts';
import { definePreset } from '../../preset.ts';
import { channelCount, downmix, type Channels, type Downmix, type Layout } from './channels.ts';
import { clipping, type Clipping } from './clipping.ts';
import { flacBits, flacEncoding, flacLoss, refusedByFlac, sampleTypeOf, wavEncoding, type SampleType } from './encodings.ts';
import { chosenContainer, soundFormat, type FormatChoice } from './options.ts';
import { expectRemix, remixMethods, type Remix } from './remix.ts';
import { refuseSound, soundOf } from './sound.ts';

interface ResampleOptions {
  readonly rate: number | 'keep';
  readonly channels: 'keep' | 'mono' | Layout;
  readonly downmix: Downmix;
  readonly bitDepth: 'keep' | '8' | '16' | '24' | '32' | 'float32';
  readonly format: FormatChoice;
  readonly clipping: Clipping;
}

const SAMPLE_TYPES = { '8': 'u8', '16': 's16', '24': 's24', '32': 's32', float32: 'f32' } as const satisfies Record<string, SampleType>;

function channelsOf(options: ResampleOptions): Channels {
  switch (options.channels) {
    case 'keep':
      return 'keep';
    case 'mono':
      return { mono: options.downmix };
    default:
      return { layout: options.channels };
  }
}

function wish(media: Media, options: ResampleOptions): Remix {
  const sample = options.bitDepth === 'keep' ? sampleTypeOf(media) : SAMPLE_TYPES[options.bitDepth];
  const isFlac = chosenContainer(media, options.format) === 'flac';
  return {
    rate: options.rate === 'keep' ? soundOf(media).rate : options.rate,
    channels: channelsOf(options),
    encoding: isFlac ? flacEncoding(flacBits(sample)) : wavEncoding(sample),
    clipping: options.clipping,
    notes: isFlac ? flacLoss(sample) : [],
  };
}

function refuse(media: Media, options: ResampleOptions): string | undefined {
  const refused = refuseSound(media);
  if (refused !== undefined || chosenContainer(media, options.format) === 'wav') {
    return refused;
  }
  if (options.bitDepth === 'float32' || options.bitDepth === '32' || options.bitDepth === '8') {
    return 'FLAC is written with 16 or 24 bits: choose another bit depth, or WAV';
  }
  const { rate, channels } = wish(media, options);
  return refusedByFlac(rate, channelCount(channels, soundOf(media).channels));
}

export const audioResample = definePreset({
  id: 'audio.resample',
  title: 'Resample and remix',
  summary: 'Any sample rate, channels and bit depth as WAV or FLAC, without dither or tags; what is not set stays as in the input.',
  kinds: ['audio'],
  options: {
    rate: {
      type: 'integerOrKeep',
      title: 'Sample rate',
      description: 'Samples a second of each channel.',
      default: 48_000,
      min: 1000,
      max: 768_000,
      unit: 'Hz',
    },
    channels: {
      type: 'choice',
      title: 'Channels',
      description: 'More channels than there are get what belongs at their place, or silence.',
      default: 'keep',
      choices: [
        { value: 'keep', title: 'As the input' },
        { value: 'mono', title: 'Mono' },
        { value: 'stereo', title: 'Stereo' },
        { value: 'quad', title: 'Quad' },
        { value: '5.1', title: '5.1' },
        { value: '7.1', title: '7.1' },
      ],
    },
    downmix,
    bitDepth: {
      type: 'choice',
      title: 'Bit depth',
      description: 'Of the samples as stored. Kept, lossy inputs become 16 bits.',
      default: 'keep',
      choices: [
        { value: 'keep', title: 'As the input' },
        { value: '8', title: '8 bits' },
        { value: '16', title: '16 bits' },
        { value: '24', title: '24 bits' },
        { value: '32', title: '32 bits' },
        { value: 'float32', title: '32-bit float' },
      ],
    },
    format: soundFormat,
    clipping,
  },
  revision: 1,
  refuse,
  methods: remixMethods(wish),
  output: (media, options) => ({ kind: 'file', extension: chosenContainer(media, options.format) }),
  expect: expectRemix(wish),
});
