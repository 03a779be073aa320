import type { Media } from '../../../media/media.ts';
import { definePreset } from '../../preset.ts';
import { downmix, type Downmix } from './channels.ts';
import { clipping, type Clipping } from './clipping.ts';
import { wavEncoding } from './encodings.ts';
import { expectRemix, remixMethods, type Remix } from './remix.ts';
import { refuseSound } from './sound.ts';

interface Wav16kMonoOptions {
  readonly downmix: Downmix;
  readonly clipping: Clipping;
}

const ENCODING = wavEncoding('s16');

function wish(_media: Media, options: Wav16kMonoOptions): Remix {
  return { rate: 16_000, channels: { mono: options.downmix }, encoding: ENCODING, clipping: options.clipping, notes: [] };
}

export const audioWav16kMono = definePreset({
  id: 'audio.wav-16k-mono',
  title: '16 kHz mono WAV',
  summary:
    'What speech models take: 16-bit PCM at 16 kHz, one channel, no tags, the same bytes on every run. ' +
    'The level stays: what would pass full scale is clipped and counted in a note.',
  kinds: ['audio'],
  options: { downmix, clipping },
  revision: 1,
  refuse: refuseSound,
  methods: remixMethods(wish),
  output: () => ({ kind: 'file', extension: 'wav' }),
  expect: expectRemix(wish),
});
