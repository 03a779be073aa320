import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { clippedSamples } from '../../engines/soxSays.ts';
import { definePreset, Unmet, type Outcome, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod, soxCall } from './calls.ts';
import { clippedNote } from './clipping.ts';
import { expectEncoding, flacBits, flacEncoding, flacLoss, isLossy, refusedByFlac, sampleTypeOf, type Encoding } from './encodings.ts';
import { filterChain } from './filters.ts';
import { tags, tagArgs, type Tags } from './options.ts';
import { refuseSound, soundOf, wholeLength } from './sound.ts';

interface FlacOptions {
  readonly level: number;
  readonly tags: Tags;
}

function encodingOf(media: Media, { level }: FlacOptions): Encoding {
  return flacEncoding(flacBits(sampleTypeOf(media)), level);
}

function refuse(media: Media): string | undefined {
  const refused = refuseSound(media);
  if (refused !== undefined) {
    return refused;
  }
  const { rate, channels } = soundOf(media);
  return refusedByFlac(rate, channels);
}

function notesOf(media: Media): readonly string[] {
  return [
    ...flacLoss(sampleTypeOf(media)),
    ...(isLossy(media) ? [`the input is ${known(media.audio?.codec) ?? 'lossy'}: what that lost stays lost`] : []),
  ];
}

function* bySox(task: Task<FlacOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, input, output, salvage } = task;
  const ran = yield soxCall(task, { format: encodingOf(media, options).sox, effects: [], output, groupable: true });
  const clipped = clippedSamples(ran.stderr, input);
  if (clipped === 0) {
    return { notes: notesOf(media) };
  }
  if (!salvage) {
    throw new Unmet(`${clippedNote(clipped, undefined)}: FLAC holds none beyond it`);
  }
  return { notes: [...notesOf(media), clippedNote(clipped, undefined)] };
}

function* byFfmpeg(task: Task<FlacOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, tool, output } = task;
  const encoding = encodingOf(media, options);
  const chain = filterChain(media, tool, { channels: 'keep', rate: soundOf(media).rate, encoding });
  yield ffmpegCall(task, { outputOptions: ['-af', chain, ...encoding.ffmpeg, ...tagArgs(media, options.tags)], output, groupable: true });
  return { notes: notesOf(media) };
}

export const audioFlac = definePreset({
  id: 'audio.flac',
  title: 'Convert to FLAC',
  summary: 'Lossless and about half the size of WAV: same rate and channels, up to 24 bits. Float samples beyond full scale fail the file.',
  kinds: ['audio'],
  options: {
    level: {
      type: 'integer',
      title: 'Compression',
      description: 'Higher is a little smaller and takes longer; the sound is the same.',
      default: 5,
      min: 0,
      max: 8,
    },
    tags,
  },
  revision: 1,
  refuse,
  methods: [
    soundMethod('sox', bySox, {
      refuse: (_, options) => (options.tags === 'keep' ? 'sox does not carry all tags over' : undefined),
    }),
    soundMethod('ffmpeg', byFfmpeg),
  ],
  output: () => ({ kind: 'file', extension: 'flac' }),
  expect: (media, options) => {
    const { rate, channels } = soundOf(media);
    return expectEncoding(encodingOf(media, options), wholeLength(media, rate), rate, channels);
  },
});
