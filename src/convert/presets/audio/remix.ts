import type { Media } from '../../../media/media.ts';
import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { clippedSamples } from '../../engines/soxSays.ts';
import { Unmet, type Expectation, type Method, type Outcome, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod, soxCall } from './calls.ts';
import { channelCount, MOST_PLACED, soxChannels, type Channels } from './channels.ts';
import { clippedNote, type Clipping } from './clipping.ts';
import { expectEncoding, ffmpegArgs, isFloat, isLargeWav, type Encoding } from './encodings.ts';
import { filterChain, MEASURE_PEAK, measuredPeak } from './filters.ts';
import { soundOf, wholeLength } from './sound.ts';

/** A sound at another rate, with other channels, stored otherwise. */
export interface Remix {
  /** Hertz. */
  readonly rate: number;
  readonly channels: Channels;
  readonly encoding: Encoding;
  readonly clipping: Clipping;
  readonly notes: readonly string[];
}

type Wish<O> = (media: Media, options: O) => Remix;

/** dB below full scale that a file which would clip is lowered to. */
const JUST_BELOW = -0.01;
/** dB that a resampler's overshoot stays below. */
const HEADROOM = -9;

/** The same remix by sox, which is faster by far for short files, and by ffmpeg, which reads more and knows the channels' places. */
export function remixMethods<O>(wish: Wish<O>): readonly Method<O>[] {
  return [
    soundMethod('sox', (task) => remixBySox(task, wish(task.media, task.options)), {
      refuse: (media, options) => refusedRemix(media, wish(media, options)),
    }),
    soundMethod('ffmpeg', (task) => remixByFfmpeg(task, wish(task.media, task.options)), {
      refuse: (media, options) => {
        const { channels } = wish(media, options);
        const isPlaced = typeof channels === 'object' && 'layout' in channels;
        const hasPlaces = soundOf(media).channels <= MOST_PLACED;
        return isPlaced && !hasPlaces ? `it has more than ${MOST_PLACED} channels, whose places are not known` : undefined;
      },
    }),
  ];
}

export function expectRemix<O>(wish: Wish<O>): (media: Media, options: O) => Expectation {
  return (media, options) => {
    const { rate, channels, encoding } = wish(media, options);
    return expectEncoding(encoding, wholeLength(media, rate), rate, channelCount(channels, soundOf(media).channels));
  };
}

function refusedRemix(media: Media, { rate, channels, encoding, clipping }: Remix): string | undefined {
  const sound = soundOf(media);
  if (soxChannels(channels, sound.channels) === undefined) {
    return 'sox numbers channels and does not know their places';
  }
  // sox holds samples as 32-bit integers: floats beyond full scale are clipped as they are read.
  if (isFloat(media) && (clipping === 'lower' || encoding.codec.startsWith('pcm_f'))) {
    return 'sox clips float samples beyond full scale as it reads them';
  }
  const isLarge = isLargeWav(media, encoding, rate, channelCount(channels, sound.channels));
  return isLarge ? 'sox writes no WAV above 4 GB' : undefined;
}

type Steps = Generator<Call, Outcome, ToolOutput>;

function* remixBySox<O>(task: Task<O>, { rate, channels, encoding, clipping, notes }: Remix): Steps {
  const { media, input, output } = task;
  const sound = soundOf(media);
  const mixing = soxChannels(channels, sound.channels) ?? [];
  const resampling = rate === sound.rate ? [] : ['rate', '-v', String(rate)];
  const call = (effects: readonly string[], groupable: boolean): Call =>
    soxCall(task, { format: encoding.sox, effects, output, groupable });

  const clipped = clippedSamples((yield call([...mixing, ...resampling], true)).stderr, input);
  if (clipped === 0) {
    return { notes };
  }
  const all = sound.seconds === undefined ? undefined : sound.seconds * rate * channelCount(channels, sound.channels);
  switch (clipping) {
    case 'report':
      return { notes: [...notes, clippedNote(clipped, all)] };
    case 'fail':
      throw new Unmet(clippedNote(clipped, all));
    case 'lower': {
      const lowered = [...mixing, 'gain', String(HEADROOM), ...resampling, 'gain', '-n', String(JUST_BELOW)];
      const still = clippedSamples((yield call(lowered, false)).stderr, input);
      if (still > 0) {
        throw new Unmet(`even ${-HEADROOM} dB lower ${clippedNote(still, all)}`);
      }
      return { notes: [...notes, 'lowered so that nothing clips'] };
    }
  }
}

function* remixByFfmpeg<O>(task: Task<O>, { rate, channels, encoding, clipping, notes }: Remix): Steps {
  const { media, tool, output } = task;
  const chain = (then: readonly string[] = []): string => filterChain(media, tool, { channels, rate, encoding, then });
  let lowering: number | undefined;
  if (clipping !== 'report') {
    const measuring = ffmpegCall(task, { outputOptions: ['-af', chain([MEASURE_PEAK])], groupable: false, filtersSpeak: true });
    const peak = measuredPeak((yield measuring).stderr);
    if (peak === undefined) {
      throw new Unmet('ffmpeg did not tell the peak');
    }
    if (peak > 0 && clipping === 'fail') {
      throw new Unmet(`its peak would be ${peak.toFixed(2)} dB above full scale`);
    }
    lowering = peak > 0 ? JUST_BELOW - peak : undefined;
  }
  const then = lowering === undefined ? [] : [`volume=${lowering.toFixed(4)}dB:precision=double`];
  const args = ffmpegArgs(media, encoding, rate, channelCount(channels, soundOf(media).channels));
  yield ffmpegCall(task, { outputOptions: ['-af', chain(then), ...args], output, groupable: true });
  return { notes: lowering === undefined ? notes : [...notes, `lowered by ${(-lowering).toFixed(2)} dB so that nothing clips`] };
}
