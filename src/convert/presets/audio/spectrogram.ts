import type { Media } from '../../../media/media.ts';
import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call, EngineId } from '../../engine.ts';
import { clippedSamples } from '../../engines/soxSays.ts';
import { definePreset, exactly, type Expectation, type Outcome, type Range, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod, soxCall } from './calls.ts';
import { downmix, ffmpegChannels, soxChannels, type Downmix } from './channels.ts';
import { clippedNote } from './clipping.ts';
import { BITEXACT } from './encodings.ts';
import { refuseSound, soundOf } from './sound.ts';
import { spectrogramColumns } from './spectrogramColumns.ts';

interface SpectrogramOptions {
  readonly width: number;
  readonly height: number;
  readonly range: number;
  readonly axes: boolean;
  readonly downmix: Downmix;
}

/** Pixels that sox draws around the spectrogram: axes, labels and the scale. */
const SOX_MARGIN = { width: 144, height: 78 };
/** ffmpeg's, which depend on the version and on the width of a text: bounds. */
const FFMPEG_MARGIN = { width: { min: 160, max: 400 }, height: { min: 64, max: 200 } };

const FFMPEG_NOTE = 'drawn by ffmpeg, whose levels are not those of full scale: compare with its own pictures only';

/** Where sox is quickest, with 1 + 2^n rows, ffmpeg takes thirty times as long as with one row less. */
function ffmpegRows(height: number): number {
  return Number.isInteger(Math.log2(height - 1)) ? height - 1 : height;
}

function columnsOf(media: Media, { width, height }: SpectrogramOptions): ReturnType<typeof spectrogramColumns> {
  const { rate, seconds } = soundOf(media);
  return spectrogramColumns({ samples: Math.round((seconds ?? 0) * rate), rate, width, height });
}

function* bySox(task: Task<SpectrogramOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, input, output } = task;
  const { span, columns } = columnsOf(media, options);
  const { stderr } = yield soxCall(task, {
    format: [],
    effects: [
      ...(soxChannels({ mono: options.downmix }, soundOf(media).channels) ?? []),
      'spectrogram', '-x', String(options.width), '-d', `${span}s`, '-y', String(options.height), '-z', String(options.range),
      ...(options.axes ? [] : ['-r']), '-o', output,
    ],
    groupable: true,
  });
  const clipped = clippedSamples(stderr, input);
  return {
    notes: [
      ...(columns < options.width * 0.99 ? [`${columns} columns: there is not more to draw`] : []),
      ...(clipped > 0 ? [clippedNote(clipped, undefined)] : []),
    ],
  };
}

function* byFfmpeg(task: Task<SpectrogramOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, output } = task;
  const { width, height, range, axes } = options;
  const draw = [
    'aformat=sample_fmts=fltp', ...ffmpegChannels({ mono: options.downmix }, media),
    `showspectrumpic=s=${width}x${ffmpegRows(height)}:legend=${axes ? 1 : 0}:scale=log:drange=${range}`,
  ];
  yield {
    ...ffmpegCall(task, {
      outputOptions: [
        '-filter_complex', `[0:a:0]${draw.join(',')}[picture]`, '-map', '[picture]',
        '-frames:v', '1', '-c:v', 'png', ...BITEXACT, '-f', 'image2pipe',
      ],
      output,
      groupable: false,
    }),
    map: [],
  } as Call;
  return { notes: [FFMPEG_NOTE] };
}

function expect(media: Media, options: SpectrogramOptions, engine: EngineId): Expectation {
  const { width, height } = sizeOf(media, options, engine);
  return { container: ['png'], image: { width, height, frames: exactly(1) } };
}

function sizeOf(media: Media, options: SpectrogramOptions, engine: EngineId): { readonly width: Range; readonly height: Range } {
  const plus = (range: Range, more: Range): Range => (options.axes ? { min: range.min + more.min, max: range.max + more.max } : range);
  if (engine === 'ffmpeg') {
    return {
      width: plus(exactly(options.width), FFMPEG_MARGIN.width),
      height: plus(exactly(ffmpegRows(options.height)), FFMPEG_MARGIN.height),
    };
  }
  const { columns } = columnsOf(media, options);
  return {
    width: plus({ min: Math.max(1, columns - 1), max: Math.min(options.width, columns + 1) }, exactly(SOX_MARGIN.width)),
    height: plus(exactly(options.height), exactly(SOX_MARGIN.height)),
  };
}

export const audioSpectrogram = definePreset({
  id: 'audio.spectrogram',
  title: 'Spectrogram',
  summary: 'A PNG of how strong each frequency is over time, in dB below full scale, with or without axes.',
  kinds: ['audio'],
  options: {
    width: {
      type: 'integer',
      title: 'Width',
      description: 'Columns of the spectrogram itself; axes add to it. All of the sound is in it, so that short sounds may have fewer.',
      default: 1000,
      min: 100,
      max: 20_000,
      unit: 'px',
    },
    height: {
      type: 'integer',
      title: 'Height',
      description: 'Rows, from 0 Hz to half the sample rate; axes add to it. Quickest: a power of two and one (ffmpeg draws one less).',
      default: 257,
      min: 64,
      max: 4097,
      unit: 'px',
    },
    range: {
      type: 'integer',
      title: 'Range',
      description: 'How far below full scale the scale goes.',
      default: 90,
      min: 20,
      max: 180,
      unit: 'dB',
    },
    axes: {
      type: 'switch',
      title: 'Axes',
      description: 'Time, frequency and the scale around the picture; without them every pixel is data.',
      default: true,
    },
    downmix,
  },
  revision: 1,
  refuse: refuseSound,
  methods: [
    soundMethod('sox', bySox, {
      needs: () => ['effect-spectrogram'],
      refuse: (media, options) => {
        if (soundOf(media).seconds === undefined) {
          return 'its length is not known';
        }
        // Without a column sox writes a broken picture.
        return columnsOf(media, options).columns < 2 ? 'it is too short for sox to draw' : undefined;
      },
    }),
    soundMethod('ffmpeg', byFfmpeg),
  ],
  output: () => ({ kind: 'file', extension: 'png' }),
  expect,
});
