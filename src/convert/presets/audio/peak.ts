import type { Media } from '../../../media/media.ts';
import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { definePreset, SkipItem, Unmet, type Outcome, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod, soxCall } from './calls.ts';
import { expectEncoding, ffmpegArgs, isFloat, isLargeWav } from './encodings.ts';
import { filterChain, MEASURE_PEAK, measuredPeak } from './filters.ts';
import { chosenContainer, refuseFormat, reworkedEncoding, reworkedNotes, soundFormat, type FormatChoice } from './options.ts';
import { refuseSound, soundOf, wholeLength } from './sound.ts';

interface PeakOptions {
  readonly peak: number;
  readonly floor: number;
  readonly format: FormatChoice;
}

/** dB by which the peak that was reached may be off: both tools tell two decimals or more. */
const TOLERANCE = 0.05;

/** The peaks of all channels together that sox's `stats` told, one for each time it stands among the effects. */
function peaksOf(stderr: string): readonly number[] {
  return [...stderr.matchAll(/^Pk lev dB +(-?\d+(?:\.\d+)?|-inf)/gm)].map(([, text]) => (text === '-inf' ? -Infinity : Number(text)));
}

/** Throws `SkipItem` for silence, which has no peak, and for what is too quiet to be more than noise. */
function refuseQuiet(peak: number | undefined, { floor }: PeakOptions): number {
  if (peak === undefined) {
    throw new Unmet('the peak was not told');
  }
  if (peak === -Infinity) {
    throw new SkipItem('silent throughout: there is no peak to change');
  }
  if (peak < floor) {
    throw new SkipItem(`its peak of ${peak.toFixed(1)} dBFS is below ${floor}`);
  }
  return peak;
}

function requirePeak(reached: number | undefined, { peak }: PeakOptions): void {
  if (reached === undefined || !(Math.abs(reached - peak) <= TOLERANCE)) {
    throw new Unmet(`peak: expected ${peak} dBFS, found ${reached === undefined ? 'none' : reached.toFixed(2)}`);
  }
}

function* bySox(task: Task<PeakOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, output } = task;
  const { stderr } = yield soxCall(task, {
    format: reworkedEncoding(media, options.format).sox,
    effects: ['stats', 'gain', '-n', String(options.peak), 'stats'],
    output,
    groupable: false,
  });
  const [before, after] = peaksOf(stderr);
  refuseQuiet(before, options);
  requirePeak(after, options);
  return { notes: reworkedNotes(media, options.format) };
}

function* byFfmpeg(task: Task<PeakOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, tool, output } = task;
  const encoding = reworkedEncoding(media, options.format);
  const chain = (then: readonly string[]): string =>
    filterChain(media, tool, { channels: 'keep', rate: soundOf(media).rate, encoding: { ...encoding, needsDoubles: true }, then });
  const call = (outputOptions: readonly string[], to?: string): Call =>
    ffmpegCall(task, { outputOptions, ...(to !== undefined && { output: to }), groupable: false, filtersSpeak: true });
  const before = refuseQuiet(measuredPeak((yield call(['-af', chain([MEASURE_PEAK])])).stderr), options);
  const volume = `volume=${(options.peak - before).toFixed(6)}dB:precision=double`;
  const { stderr } = yield call(['-af', chain([volume, MEASURE_PEAK]), ...ffmpegArgs(media, encoding)], output);
  requirePeak(measuredPeak(stderr), options);
  return { notes: reworkedNotes(media, options.format) };
}

function refusedPeak(media: Media, { format }: PeakOptions): string | undefined {
  if (isFloat(media)) {
    return 'sox clips float samples beyond full scale as it reads them';
  }
  return isLargeWav(media, reworkedEncoding(media, format)) ? 'sox writes no WAV above 4 GB' : undefined;
}

export const audioPeak = definePreset({
  id: 'audio.peak',
  title: 'Normalise peak',
  summary: 'Each file turned up or down as a whole until its highest sample reaches a level. Silent files are skipped.',
  kinds: ['audio'],
  options: {
    peak: {
      type: 'number',
      title: 'Peak',
      description: 'Of the highest sample of all channels; loudness, which the ear goes by, is another preset.',
      default: -1,
      min: -60,
      max: 0,
      unit: 'dBFS',
    },
    floor: {
      type: 'number',
      title: 'Skip below',
      description: 'A file whose peak is lower holds little but noise, and is left out.',
      default: -80,
      min: -200,
      max: 0,
      unit: 'dBFS',
    },
    format: soundFormat,
  },
  revision: 1,
  refuse: (media, options) => refuseSound(media) ?? refuseFormat(media, options.format),
  methods: [
    soundMethod('sox', bySox, {
      refuse: (media, options) => refusedPeak(media, options),
    }),
    soundMethod('ffmpeg', byFfmpeg),
  ],
  output: (media, options) => ({ kind: 'file', extension: chosenContainer(media, options.format) }),
  expect: (media, options) => {
    const { rate, channels } = soundOf(media);
    return expectEncoding(reworkedEncoding(media, options.format), wholeLength(media, rate), rate, channels);
  },
});
