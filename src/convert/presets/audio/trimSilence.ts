import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { definePreset, SkipItem, Unmet, type Outcome, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod, soxCall } from './calls.ts';
import { expectEncoding, ffmpegArgs, isFloat, isLargeWav } from './encodings.ts';
import { filterChain } from './filters.ts';
import { chosenContainer, keptEncoding, keptNotes, refuseFormat, soundFormat, type FormatChoice } from './options.ts';
import { samplesIn } from './samplesIn.ts';
import { refuseSound, soundOf, wholeLength } from './sound.ts';
import { findSilences, soundEnds } from './soundEnds.ts';

interface TrimOptions {
  readonly threshold: number;
  readonly sound: number;
  readonly margin: number;
  readonly format: FormatChoice;
}

function silent({ sound, threshold }: TrimOptions): SkipItem {
  return new SkipItem(`nothing would be left: no sound of ${sound} s or more is above ${threshold} dBFS`);
}

/** Samples of all channels that sox's `stat` counted, one for each time it stands among the effects. */
function countsOf(stderr: string): readonly number[] {
  return [...stderr.matchAll(/^Samples read: +(\d+)$/gm)].map(([, count]) => Number(count));
}

/** Finds the first and the last sound in one run, from both ends, then copies the samples between them in another. */
function* bySox(task: Task<TrimOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, output } = task;
  const { rate, channels } = soundOf(media);
  const silence = ['silence', '1', String(options.sound), `${options.threshold}d`];
  const effects = ['stat', ...silence, 'stat', 'reverse', ...silence, 'stat'];
  const { stderr } = yield soxCall(task, { format: [], effects, groupable: false });
  const [all, fromFirst, between] = countsOf(stderr).map((count) => count / channels);
  if (all === undefined || fromFirst === undefined || between === undefined) {
    throw new Unmet('sox did not tell how long the sound is');
  }
  if (between === 0) {
    throw silent(options);
  }
  const margin = Math.round(options.margin * rate);
  const start = Math.max(0, all - fromFirst - margin);
  const end = Math.min(all, all - fromFirst + between + margin);
  const { sox } = keptEncoding(media, options.format);
  yield soxCall(task, { format: sox, effects: ['trim', `${start}s`, `=${end}s`], output, groupable: false });
  requireSamples(output, end - start, end - start);
  return { notes: keptNotes(media, options.format) };
}

/** The same in two runs. Its own `silenceremove`, run over both ends, is left with nothing where there is no silence. */
function* byFfmpeg(task: Task<TrimOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, tool, output } = task;
  const { rate } = soundOf(media);
  const encoding = keptEncoding(media, options.format);
  const chain = (then: readonly string[]): string => filterChain(media, tool, { channels: 'keep', rate, encoding, then });
  const looking = ['-af', chain(findSilences(options.threshold))];
  const { stderr } = yield ffmpegCall(task, { outputOptions: looking, groupable: false, filtersSpeak: true });
  const ends = soundEnds(stderr, rate, options.sound);
  if (ends === undefined) {
    throw new Unmet('ffmpeg did not tell how long the sound is');
  }
  if (ends === 'none') {
    throw silent(options);
  }
  const margin = Math.round(options.margin * rate);
  const start = Math.max(0, ends.from - margin);
  const end = ends.to + margin;
  const cut = [`atrim=start_sample=${start}:end_sample=${end}`, 'asetpts=N/SR/TB'];
  const outputOptions = ['-af', chain(cut), ...ffmpegArgs(media, encoding)];
  yield ffmpegCall(task, { outputOptions, output, groupable: false });
  requireSamples(output, ends.to - start, end - start);
  return { notes: keptNotes(media, options.format) };
}

/** Throws `Unmet` where the file holds fewer samples than from the first sound to the last, or more than with the margins. */
function requireSamples(output: string, least: number, most: number): void {
  const written = samplesIn(output);
  if (written === undefined || written < least || written > most) {
    throw new Unmet(`samples: expected ${least === most ? least : `${least} to ${most}`}, found ${written ?? 'none'}`);
  }
}

export const audioTrimSilence = definePreset({
  id: 'audio.trim-silence',
  title: 'Trim silence',
  summary: 'Without the silence before the first and after the last sound; the samples between stay as they are. Silent files are skipped.',
  kinds: ['audio'],
  options: {
    threshold: {
      type: 'number',
      title: 'Threshold',
      description: 'What stays below it for 20 ms counts as silence: in the mean (RMS) where sox does it, in every sample by ffmpeg.',
      default: -50,
      min: -120,
      max: -1,
      unit: 'dBFS',
    },
    sound: {
      type: 'number',
      title: 'Shortest sound',
      description: 'A click that is shorter does not end the silence.',
      default: 0.05,
      min: 0,
      max: 10,
      unit: 's',
    },
    margin: {
      type: 'number',
      title: 'Margin',
      description: 'Silence that is left at both ends, where there is any.',
      default: 0.05,
      min: 0,
      max: 60,
      unit: 's',
    },
    format: soundFormat,
  },
  revision: 1,
  refuse: (media, options) => refuseSound(media) ?? refuseFormat(media, options.format),
  methods: [
    soundMethod('sox', bySox, {
      refuse: (media, options) => {
        if (isFloat(media)) {
          return 'sox would make other samples of floats';
        }
        return isLargeWav(media, keptEncoding(media, options.format)) ? 'sox writes no WAV above 4 GB' : undefined;
      },
    }),
    soundMethod('ffmpeg', byFfmpeg),
  ],
  output: (media, options) => ({ kind: 'file', extension: chosenContainer(media, options.format) }),
  expect: (media, options) => {
    const { rate, channels } = soundOf(media);
    return expectEncoding(keptEncoding(media, options.format), { min: 0.5 / rate, max: wholeLength(media, rate).max }, rate, channels);
  },
});
