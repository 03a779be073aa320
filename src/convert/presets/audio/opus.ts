import type { Media } from '../../../media/media.ts';
import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { definePreset, type Outcome, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod } from './calls.ts';
import { channelCount, downmix, type Channels, type Downmix } from './channels.ts';
import { BITEXACT } from './encodings.ts';
import { filterChain } from './filters.ts';
import { tagArgs, tags, type Tags } from './options.ts';
import { refuseSound, soundOf, wholeLength } from './sound.ts';

interface OpusOptions {
  readonly bitrate: number;
  readonly channels: 'keep' | 'mono' | 'stereo';
  readonly downmix: Downmix;
  readonly content: 'audio' | 'voip';
  readonly tags: Tags;
}

/** Hertz. Whatever went in, a decoder gives this back. (RFC 7845, section 5.1) */
const RATE = 48_000;
/** kbit/s of one channel. */
const MOST_PER_CHANNEL = 256;

/**
 * Places that the coder knows, by the number of channels. (RFC 7845, section 5.1.1.2) Three are renamed and not mixed: WAVE's third is
 * the low frequency channel.
 */
const PLACED: Readonly<Record<number, string>> = {
  1: 'aformat=channel_layouts=mono',
  2: 'aformat=channel_layouts=stereo',
  3: 'channelmap=map=0|1|2:channel_layout=3.0',
  4: 'aformat=channel_layouts=quad',
  5: 'aformat=channel_layouts=5.0',
  6: 'aformat=channel_layouts=5.1',
  7: 'aformat=channel_layouts=6.1',
  8: 'aformat=channel_layouts=7.1',
};

function channelsOf(options: OpusOptions): Channels {
  return options.channels === 'keep' ? 'keep' : options.channels === 'mono' ? { mono: options.downmix } : { layout: 'stereo' };
}

function countOf(media: Media, options: OpusOptions): number {
  return channelCount(channelsOf(options), soundOf(media).channels);
}

function refuse(media: Media, options: OpusOptions): string | undefined {
  const refused = refuseSound(media);
  if (refused !== undefined) {
    return refused;
  }
  const channels = countOf(media, options);
  if (PLACED[channels] === undefined || (options.channels === 'stereo' && PLACED[soundOf(media).channels] === undefined)) {
    return `the places of ${soundOf(media).channels} channels are not known: choose mono`;
  }
  const most = MOST_PER_CHANNEL * channels;
  const words = channels === 1 ? '1 channel' : `${channels} channels`;
  return options.bitrate > most ? `Opus takes at most ${most} kbit/s for ${words}` : undefined;
}

function* convert(task: Task<OpusOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, tool, output } = task;
  const channels = countOf(media, options);
  const place = PLACED[channels];
  const chain = filterChain(media, tool, {
    channels: channelsOf(options),
    rate: RATE,
    encoding: { needsDoubles: false, ffmpegSamples: 'flt' },
    then: place === undefined ? [] : [place],
  });
  yield ffmpegCall(task, {
    outputOptions: [
      '-af', chain, '-c:a', 'libopus', '-b:a', `${options.bitrate}k`, '-vbr', 'on', '-application', options.content,
      // Left to itself ffmpeg 5.1 writes five and seven channels in the wrong order.
      ...(channels > 2 ? ['-mapping_family', '1'] : []),
      ...tagArgs(media, options.tags), '-map_chapters', '-1', ...BITEXACT, '-f', 'ogg',
    ],
    output,
    groupable: true,
  });
  return {};
}

export const audioOpus = definePreset({
  id: 'audio.opus',
  title: 'Convert to Opus',
  summary: 'Small lossy files for listening and storage. Whatever the input’s rate, Opus is always read back as 48 kHz.',
  kinds: ['audio'],
  options: {
    bitrate: {
      type: 'integer',
      title: 'Bit rate',
      description: 'Of all channels together, on average. Speech is clear from 24, music hard to tell from the original from 128.',
      default: 64,
      min: 6,
      max: 1024,
      unit: 'kbit/s',
    },
    channels: {
      type: 'choice',
      title: 'Channels',
      description: 'How many are coded.',
      default: 'keep',
      choices: [
        { value: 'keep', title: 'As the input' },
        { value: 'mono', title: 'Mono' },
        { value: 'stereo', title: 'Stereo' },
      ],
    },
    downmix,
    content: {
      type: 'choice',
      title: 'Content',
      description: 'What the coder is tuned for.',
      default: 'audio',
      choices: [
        { value: 'audio', title: 'Anything, true to the original' },
        { value: 'voip', title: 'Speech, easy to understand' },
      ],
    },
    tags,
  },
  revision: 1,
  refuse,
  methods: [soundMethod('ffmpeg', convert, { needs: () => ['libopus'] })],
  output: () => ({ kind: 'file', extension: 'opus' }),
  expect: (media, options) => ({
    container: ['ogg'],
    duration: wholeLength(media, RATE),
    audio: { codec: 'opus', sampleRate: RATE, channels: countOf(media, options) },
  }),
});
