import type { Media } from '../../../media/media.ts';
import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { definePreset, SkipItem, Unmet, type Outcome, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod } from './calls.ts';
import { expectEncoding, ffmpegArgs, type Encoding } from './encodings.ts';
import { filterChain } from './filters.ts';
import { readLoudnessReport, type LoudnessReport } from './loudnessReport.ts';
import { chosenContainer, refuseFormat, reworkedEncoding, reworkedNotes, soundFormat, type FormatChoice } from './options.ts';
import { refuseSound, soundOf, wholeLength } from './sound.ts';

interface LoudnessOptions {
  readonly target: number;
  readonly peak: number;
  readonly range: number | 'keep';
  readonly tolerance: number;
  readonly format: FormatChoice;
}

/** LU. What loudnorm takes for a range. */
const LEAST_RANGE = 1;
const MOST_RANGE = 50;
/** Seconds: EBU R 128 measures in blocks of 0.4, and loudnorm's dynamic mode works on 3. */
const LEAST_SECONDS = 0.4;
const DYNAMIC_SECONDS = 3;

function encodingOf(media: Media, { format }: LoudnessOptions): Encoding {
  return reworkedEncoding(media, format);
}

function refuse(media: Media, options: LoudnessOptions): string | undefined {
  return refuseSound(media) ?? refuseFormat(media, options.format);
}

/** Kept, the range is no limit: where the peaks allow it, the whole file is turned up or down alike. */
function rangeOf(range: number | 'keep', measured: number): number {
  return range === 'keep' ? Math.min(MOST_RANGE, Math.max(LEAST_RANGE, Math.ceil(measured))) : range;
}

/** loudnorm takes no measured loudness above 0 LUFS, as of float samples beyond full scale: such a file is turned down first. */
function loweringOf({ inputLoudness }: LoudnessReport): number {
  return inputLoudness > -1 ? -Math.ceil(inputLoudness) - 20 : 0;
}

function secondPass({ target, peak, range }: LoudnessOptions, first: LoudnessReport): readonly string[] {
  const lowering = loweringOf(first);
  const measured = (value: number): string => (value + lowering).toFixed(2);
  return [
    ...(lowering === 0 ? [] : [`volume=${lowering}dB:precision=double`]),
    [
      `loudnorm=I=${target}:TP=${peak}:LRA=${rangeOf(range, first.inputRange)}`,
      `measured_I=${measured(first.inputLoudness)}:measured_TP=${measured(first.inputPeak)}`,
      // A range of exactly 0 would be taken for not measured, and the file for one that cannot be turned up as a whole.
      `measured_LRA=${Math.max(0.01, first.inputRange).toFixed(2)}:measured_thresh=${measured(first.inputThreshold)}`,
      `offset=${first.offset.toFixed(2)}:linear=true:print_format=json`,
    ].join(':'),
  ];
}

function* convert(task: Task<LoudnessOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, output } = task;
  const { rate } = soundOf(media);
  const encoding = encodingOf(media, options);
  const measure = `aformat=sample_fmts=dblp,loudnorm=I=${options.target}:TP=${options.peak}:LRA=${MOST_RANGE}:print_format=json`;
  const first = yield ffmpegCall(task, { outputOptions: ['-af', measure], groupable: false, filtersSpeak: true });
  const measured = requireReport(first);
  if (measured.inputLoudness === -Infinity) {
    throw new SkipItem(silenceOf(media));
  }
  const chain = filterChain(media, task.tool, {
    channels: 'keep',
    rate,
    encoding: { ...encoding, needsDoubles: true },
    before: secondPass(options, measured),
  });
  const outputOptions = ['-af', chain, '-ar', String(rate), ...ffmpegArgs(media, encoding)];
  const second = yield ffmpegCall(task, { outputOptions, output, groupable: false, filtersSpeak: true });
  return { notes: [...reworkedNotes(media, options.format), ...judge(media, options, measured, requireReport(second))] };
}

function requireReport({ stderr }: ToolOutput): LoudnessReport {
  const report = readLoudnessReport(stderr);
  if (report === undefined) {
    throw new Unmet('loudnorm did not tell what it measured');
  }
  return report;
}

function silenceOf(media: Media): string {
  const { seconds } = soundOf(media);
  return seconds !== undefined && seconds < LEAST_SECONDS
    ? `shorter than ${LEAST_SECONDS} s: too short for a loudness`
    : 'silent throughout (below -70 LUFS): there is no loudness to change';
}

/** Throws `Unmet` where the second pass missed the target. */
function judge(media: Media, options: LoudnessOptions, measured: LoudnessReport, reached: LoudnessReport): readonly string[] {
  const { target, peak, tolerance } = options;
  const wouldPeak = measured.inputPeak + target - measured.inputLoudness;
  const room = wouldPeak > peak ? `: at ${target} LUFS its peaks would reach ${wouldPeak.toFixed(1)} dBTP` : '';
  if (!(Math.abs(reached.outputLoudness - target) <= tolerance)) {
    const isShort = room !== '' && (soundOf(media).seconds ?? Infinity) < DYNAMIC_SECONDS;
    const short = isShort ? `, and what is shorter than ${DYNAMIC_SECONDS} s is not compressed` : '';
    throw new Unmet(`loudness: expected ${target} LUFS within ${tolerance}, found ${reached.outputLoudness.toFixed(1)}${room}${short}`);
  }
  return reached.mode === 'linear' ? [] : [`loudness: ${reached.mode} mode, which changes the level within the file${room}`];
}

export const audioLoudness = definePreset({
  id: 'audio.loudness',
  title: 'Normalise loudness',
  summary:
    'Every file at the same loudness (EBU R 128): measured, then turned up or down as a whole; a note says where that was impossible.',
  kinds: ['audio'],
  options: {
    target: {
      type: 'number',
      title: 'Target',
      description: 'Integrated loudness. Broadcast is -23, streaming -14, speech corpora around -23.',
      default: -23,
      min: -70,
      max: -5,
      unit: 'LUFS',
    },
    peak: {
      type: 'number',
      title: 'Highest peak',
      description: 'Where true peaks would rise above it, the level is changed within the file (dynamic mode), and a note says so.',
      default: -2,
      min: -9,
      max: 0,
      unit: 'dBTP',
    },
    range: {
      type: 'integerOrKeep',
      title: 'Loudness range',
      description: 'A file with a wider one is compressed to it (dynamic mode); kept, it is not.',
      default: 'keep',
      min: LEAST_RANGE,
      max: MOST_RANGE,
      unit: 'LU',
    },
    tolerance: {
      type: 'number',
      title: 'Tolerance',
      description: 'A file that ends further from the target fails.',
      default: 1,
      min: 0.1,
      max: 10,
      unit: 'LU',
    },
    format: soundFormat,
  },
  revision: 1,
  refuse,
  methods: [soundMethod('ffmpeg', convert)],
  output: (media, options) => ({ kind: 'file', extension: chosenContainer(media, options.format) }),
  expect: (media, options) => {
    const { rate, channels } = soundOf(media);
    return expectEncoding(encodingOf(media, options), wholeLength(media, rate), rate, channels);
  },
});
