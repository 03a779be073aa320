import { known } from '../../../base/absent.ts';
import { MEDIA_DEMUXERS } from '../../../media/demuxers.ts';
import type { Media } from '../../../media/media.ts';
import type { FfmpegCall } from '../../mediaWork.ts';
import { definePreset, type Expectation, type Task } from '../../preset.ts';
import { copyTarget, ENCODED, WAV, type AudioTarget } from './audioTargets.ts';
import { AAC_LAYOUTS, BITEXACT, IN_STEP, OPUS_LAYOUTS, opusEncoder, STRIP_METADATA } from './filters.ts';
import { sourceOf } from './source.ts';

interface AudioOptions {
  readonly format: 'copy' | keyof typeof ENCODED;
  readonly track: number;
  readonly sampleRate: number | 'keep';
  readonly channels: 'keep' | 'mono' | 'stereo';
  readonly bitDepth: '16' | '24';
  readonly bitrate: number;
  readonly align: boolean;
}

const CHANNELS = { mono: 1, stereo: 2 } as const;
/** The most that AAC has. */
const AAC_RATE = 96_000;
const OPUS_RATE = 48_000;
const LAYOUTS: Readonly<Record<string, string>> = { opus: OPUS_LAYOUTS, aac: AAC_LAYOUTS };

function targetOf(media: Media, { format }: AudioOptions): AudioTarget | undefined {
  return format === 'copy' ? copyTarget(known(media.audio?.codec)) : ENCODED[format];
}

function refuse(media: Media, options: AudioOptions): string | undefined {
  const { format, track, sampleRate } = options;
  if (media.audio === undefined) {
    return media.problems[0] ?? 'it has no audio track';
  }
  if (MEDIA_DEMUXERS[media.container] === undefined) {
    return `${media.container} files are not shown to ffmpeg`;
  }
  if (format === 'copy' && track > 1) {
    return 'the codec of further audio tracks is not known beforehand: choose a format to encode to';
  }
  if (targetOf(media, options) === undefined) {
    return `there is no file to copy ${known(media.audio.codec) ?? 'an unknown codec'} into: choose a format to encode to`;
  }
  if (format === 'opus' && sampleRate !== 'keep' && sampleRate !== OPUS_RATE) {
    return 'Opus is always 48 kHz: leave the sample rate as it is, or choose another format';
  }
  return format === 'aac' && sampleRate !== 'keep' && sampleRate > AAC_RATE ? 'AAC goes up to 96 kHz' : undefined;
}

function encoder({ format, bitDepth, bitrate }: AudioOptions): readonly string[] {
  switch (format) {
    case 'copy':
      return ['-c:a', 'copy'];
    case 'wav':
      return ['-c:a', `pcm_s${bitDepth}le`];
    case 'flac':
      return [
        '-c:a', 'flac', '-compression_level', '5',
        ...(bitDepth === '24' ? ['-sample_fmt', 's32', '-bits_per_raw_sample', '24'] : ['-sample_fmt', 's16']),
      ];
    case 'opus':
      return opusEncoder(bitrate);
    case 'aac':
      return ['-c:a', 'aac', '-b:a', `${bitrate}k`];
  }
}

/** The resampler is soxr where the build has it: its own is audibly less steep. */
function filters({ options, tool }: Task<AudioOptions>): readonly string[] {
  const { format, sampleRate, channels, align } = options;
  const soxr = tool.features.has('libsoxr') ? ':resampler=soxr:precision=28' : '';
  const layout = channels === 'keep' ? LAYOUTS[format] : `aformat=channel_layouts=${channels}`;
  const chain = [
    ...(align ? [IN_STEP] : []),
    ...(sampleRate === 'keep' ? [] : [`aresample=${sampleRate}${soxr}`]),
    ...(layout === undefined ? [] : [layout]),
  ];
  return format === 'copy' || chain.length === 0 ? [] : ['-af', chain.join(',')];
}

/** Bytes of samples beyond which a plain WAVE header would lie. RF64 has 36 bytes more, and is taken nowhere else: many skip 44. */
const LARGEST_WAV = 4e9;
/** Of a sample, at most. */
const WIDEST = 8;

function muxer(media: Media, options: AudioOptions): readonly string[] {
  const target = targetOf(media, options);
  const rate = options.sampleRate === 'keep' ? known(media.audio?.sampleRate) : options.sampleRate;
  const bytes = (known(media.duration) ?? Infinity) * (rate ?? Infinity) * (known(media.audio?.channels) ?? Infinity) * WIDEST;
  return [...(target?.muxer ?? []), ...(target === WAV && bytes > LARGEST_WAV ? ['-rf64', 'auto'] : [])];
}

function call(task: Task<AudioOptions>): FfmpegCall {
  const { media, options, output, threads } = task;
  const seconds = known(media.duration);
  return {
    engine: 'ffmpeg',
    groupable: true,
    ...(seconds !== undefined && { seconds }),
    source: sourceOf(media),
    map: [`a:${options.track - 1}`],
    outputOptions: [
      ...filters(task), ...encoder(options), ...STRIP_METADATA, ...BITEXACT, ...muxer(media, options),
    ],
    output,
    threads,
  };
}

/** At most as long as the video; the track may be shorter, and by how much the headers do not tell. */
function expect(media: Media, options: AudioOptions): Expectation {
  const { format, track, sampleRate, channels, bitDepth } = options;
  const target = targetOf(media, options);
  const seconds = known(media.duration);
  const first = track === 1 ? media.audio : undefined;
  // Of what AAC does not have, the encoder takes the nearest.
  const own = format === 'aac' ? undefined : known(first?.sampleRate);
  const rate = format === 'opus' ? OPUS_RATE : sampleRate === 'keep' ? own : sampleRate;
  const count = channels === 'keep' ? known(first?.channels) : CHANNELS[channels];
  const codec = { copy: known(first?.codec), wav: `pcm_s${bitDepth}le`, flac: 'flac', opus: 'opus', aac: 'aac' }[format];
  // Headers of one container tell AAC's core, those of another what SBR and parametric stereo make of it.
  const isVague = format === 'copy' && codec === 'aac';
  return {
    ...(target && { container: [target.container] }),
    duration: { min: 0.001, max: seconds === undefined ? Infinity : seconds + 0.5 },
    audio: {
      ...(codec !== undefined && { codec }),
      ...(rate !== undefined && !isVague && { sampleRate: rate }),
      ...(count !== undefined && !isVague && { channels: count }),
      ...((format === 'wav' || format === 'flac') && { bitDepth: Number(bitDepth) }),
    },
  };
}

export const videoAudio = definePreset({
  id: 'video.audio',
  title: 'Extract audio',
  summary: 'The audio track as it is, in the file that fits its codec, or encoded to WAV, FLAC, Opus or AAC.',
  kinds: ['video'],
  options: {
    format: {
      type: 'choice',
      title: 'Format',
      description: 'A copy loses nothing and takes no time; its extension goes by the codec.',
      default: 'copy',
      choices: [
        { value: 'copy', title: 'Copy the track as it is' },
        { value: 'wav', title: 'WAV' },
        { value: 'flac', title: 'FLAC' },
        { value: 'opus', title: 'Opus' },
        { value: 'aac', title: 'AAC in M4A' },
      ],
    },
    track: { type: 'integer', title: 'Track', description: 'Which of several audio tracks, from 1.', default: 1, min: 1, max: 32 },
    sampleRate: {
      type: 'integerOrKeep',
      title: 'Sample rate',
      description: 'Where audio is encoded.',
      default: 'keep',
      min: 8000,
      max: 192_000,
      unit: 'Hz',
    },
    channels: {
      type: 'choice',
      title: 'Channels',
      description: "Where audio is encoded. Surround is mixed down by ffmpeg's weights, the centre in full.",
      default: 'keep',
      choices: [
        { value: 'keep', title: 'As the input' },
        { value: 'mono', title: 'Mono' },
        { value: 'stereo', title: 'Stereo' },
      ],
    },
    bitDepth: {
      type: 'choice',
      title: 'Bit depth',
      description: 'Of WAV and FLAC.',
      default: '16',
      choices: [
        { value: '16', title: '16 bits' },
        { value: '24', title: '24 bits' },
      ],
    },
    bitrate: { type: 'integer', title: 'Bit rate', description: 'Of Opus and AAC.', default: 96, min: 12, max: 512, unit: 'kbit/s' },
    align: {
      type: 'switch',
      title: 'In step with the video',
      description: 'Where audio is encoded: silence where it begins late or has gaps, so that its times are those of the video.',
      default: true,
    },
  },
  revision: 1,
  refuse,
  methods: [
    {
      engine: 'ffmpeg',
      needs: (options) => (options.format === 'opus' ? ['libopus'] : []),
      *convert(task) {
        yield call(task);
        return {};
      },
    },
  ],
  output: (media, options) => ({ kind: 'file', extension: targetOf(media, options)?.extension ?? 'mka' }),
  expect,
});
