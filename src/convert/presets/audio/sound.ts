import { known } from '../../../base/absent.ts';
import { MEDIA_DEMUXERS } from '../../../media/demuxers.ts';
import type { Media } from '../../../media/media.ts';
import { soxType } from '../../engines/soxInputs.ts';
import type { Range } from '../../preset.ts';

/** What a file that `refuseSound` let through is known to be. */
export interface Sound {
  /** Hertz. */
  readonly rate: number;
  readonly channels: number;
  /** Undefined where the headers do not tell. */
  readonly seconds: number | undefined;
}

/** Hertz. A header that states less or more than any recorder would multiply the samples without end. */
const LOWEST_RATE = 1000;
const HIGHEST_RATE = 768_000;
/** As ffmpeg's filters take them. */
const MOST_CHANNELS = 64;

/** Samples by which the header of a lossy file and what is decoded of it differ at most: four MPEG frames of encoder delay and padding. */
const LOSSY_SLACK = 4 * 1152;

/** Why nothing can be made of this file; undefined where something can. */
export function refuseSound(media: Media): string | undefined {
  const { audio, container } = media;
  if (audio === undefined) {
    return media.problems[0] ?? 'it has no audio track';
  }
  if (soxType(container) === undefined && MEDIA_DEMUXERS[container] === undefined) {
    return `${container} is not read as audio`;
  }
  const rate = known(audio.sampleRate);
  const channels = known(audio.channels);
  if (rate === undefined || channels === undefined) {
    return `its ${rate === undefined ? 'sample rate is' : 'channels are'} not known`;
  }
  if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
    return `a sample rate of ${rate} Hz is not taken for audio`;
  }
  if (channels > MOST_CHANNELS) {
    return `it has ${channels} channels, more than ${MOST_CHANNELS}`;
  }
  return known(media.duration) === 0 ? 'it holds no samples' : undefined;
}

export function soundOf(media: Media): Sound {
  const rate = known(media.audio?.sampleRate);
  const channels = known(media.audio?.channels);
  if (rate === undefined || channels === undefined) {
    throw new Error('audio of unknown rate or channels was not refused');
  }
  return { rate, channels, seconds: known(media.duration) };
}

/** Why ffmpeg cannot read this file rightly; undefined where it can. It takes the samples of RIFX for little-endian. */
export function refusedByFfmpeg({ container, audio }: Media): string | undefined {
  if (MEDIA_DEMUXERS[container] === undefined) {
    return `${container} files are not shown to ffmpeg`;
  }
  return container === 'wav' && known(audio?.codec)?.endsWith('be') ? 'ffmpeg misreads big-endian WAVE' : undefined;
}

/** Whether the header tells the very number of samples: of uncompressed audio and FLAC, and of Ogg by its last page. */
const EXACT = /^(?:(?:wav|aiff|au|sph):pcm_|flac:flac$|ogg:(?:vorbis|opus)$)/;

export function isExact({ container, audio }: Media): boolean {
  return EXACT.test(`${container}:${known(audio?.codec) ?? ''}`);
}

/**
 * Seconds that all of the sound comes to at another rate: to two samples where the header is exact, else to what encoders add at both
 * ends and decoders do not always take away. Never nothing.
 */
export function wholeLength(media: Media, rate: number): Range {
  const { seconds, rate: sourceRate } = soundOf(media);
  if (seconds === undefined) {
    return { min: 1 / rate, max: Infinity };
  }
  const slack = 2 / rate + (isExact(media) ? 1 : LOSSY_SLACK) / sourceRate;
  return { min: Math.max(0.5 / rate, seconds - slack), max: seconds + slack };
}
