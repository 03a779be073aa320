import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { Expectation, Range } from '../../preset.ts';
import { soundOf } from './sound.ts';

/** How a sample is stored. */
export type SampleType = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64' | 'mulaw' | 'alaw';

/** A file of ours and how each engine is told to write it. */
export interface Encoding {
  readonly container: 'wav' | 'flac';
  readonly codec: string;
  readonly bitDepth: number;
  /** sox's format options. */
  readonly sox: readonly string[];
  /** Where ffmpeg's filters are to end. */
  readonly ffmpegSamples: string;
  /** Whether 32-bit floats between the filters would cost precision. */
  readonly needsDoubles: boolean;
  /** ffmpeg's codec and muxer. Tags, chapters, versions and times of day stay out, so that a rerun gives the same bytes. */
  readonly ffmpeg: readonly string[];
}

export const BITEXACT: readonly string[] = ['-fflags', '+bitexact', '-flags:a', '+bitexact'];
export const STRIP_TAGS: readonly string[] = ['-map_metadata', '-1', '-map_chapters', '-1'];

interface WavSample {
  readonly codec: string;
  readonly bits: number;
  readonly sox: string;
  readonly ffmpeg: string;
}

const WAV_SAMPLES: Readonly<Record<SampleType, WavSample>> = {
  u8: { codec: 'pcm_u8', bits: 8, sox: 'unsigned-integer', ffmpeg: 'u8' },
  s16: { codec: 'pcm_s16le', bits: 16, sox: 'signed-integer', ffmpeg: 's16' },
  s24: { codec: 'pcm_s24le', bits: 24, sox: 'signed-integer', ffmpeg: 's32' },
  s32: { codec: 'pcm_s32le', bits: 32, sox: 'signed-integer', ffmpeg: 's32' },
  f32: { codec: 'pcm_f32le', bits: 32, sox: 'floating-point', ffmpeg: 'flt' },
  f64: { codec: 'pcm_f64le', bits: 64, sox: 'floating-point', ffmpeg: 'dbl' },
  mulaw: { codec: 'pcm_mulaw', bits: 8, sox: 'mu-law', ffmpeg: 's16' },
  alaw: { codec: 'pcm_alaw', bits: 8, sox: 'a-law', ffmpeg: 's16' },
};

export function wavEncoding(sample: SampleType): Encoding {
  const { codec, bits, sox, ffmpeg } = WAV_SAMPLES[sample];
  return {
    container: 'wav',
    codec,
    bitDepth: bits,
    sox: ['-t', 'wav', '-b', String(bits), '-e', sox],
    ffmpegSamples: ffmpeg,
    needsDoubles: bits > 16,
    ffmpeg: ['-c:a', codec, ...STRIP_TAGS, ...BITEXACT, '-f', 'wav'],
  };
}

/** Bytes of samples beyond which a plain WAVE header would lie; sox writes no other. */
const LARGEST_WAV = 4e9;

export function isLargeWav(media: Media, encoding: Encoding, rate = soundOf(media).rate, channels = soundOf(media).channels): boolean {
  return encoding.container === 'wav' && (soundOf(media).seconds ?? 0) * rate * channels * (encoding.bitDepth / 8) > LARGEST_WAV;
}

/** ffmpeg's codec and muxer, with RF64 for a large WAV alone: it takes 36 bytes more even where it is not needed. */
export function ffmpegArgs(media: Media, encoding: Encoding, rate?: number, channels?: number): readonly string[] {
  return isLargeWav(media, encoding, rate, channels) ? [...encoding.ffmpeg, '-rf64', 'auto'] : encoding.ffmpeg;
}

/** `level`: 0 to 8, the same number for both encoders. An empty comment keeps sox from copying tags and from adding its own. */
export function flacEncoding(bits: 16 | 24, level = 5): Encoding {
  return {
    container: 'flac',
    codec: 'flac',
    bitDepth: bits,
    sox: ['-t', 'flac', '-b', String(bits), '-C', String(level), '--comment', ''],
    ffmpegSamples: bits === 16 ? 's16' : 's32',
    needsDoubles: bits > 16,
    ffmpeg: [
      '-c:a', 'flac', '-compression_level', String(level), ...(bits === 24 ? ['-bits_per_raw_sample', '24'] : []),
      ...STRIP_TAGS, ...BITEXACT, '-f', 'flac',
    ],
  };
}

const LOSSLESS = /^(?:pcm_|flac$|alac$|tta$|wavpack$|ape$|shorten$|truehd$|mlp$)/;

export function isLossy(media: Media): boolean {
  return !LOSSLESS.test(known(media.audio?.codec) ?? '');
}

export function isFloat(media: Media): boolean {
  return /^pcm_f/.test(known(media.audio?.codec) ?? '');
}

/** How the input's samples are kept in WAV: lossy ones in 16 bits, lossless ones of unknown depth in 24, more than they can hold. */
export function sampleTypeOf(media: Media): SampleType {
  const codec = known(media.audio?.codec) ?? '';
  const bits = known(media.audio?.bitDepth);
  if (codec === 'pcm_mulaw' || codec === 'pcm_alaw') {
    return codec === 'pcm_mulaw' ? 'mulaw' : 'alaw';
  }
  if (isFloat(media)) {
    return bits === 64 ? 'f64' : 'f32';
  }
  if (isLossy(media)) {
    return 's16';
  }
  if (bits === undefined || bits > 16) {
    return (bits ?? 24) > 24 ? 's32' : 's24';
  }
  return bits <= 8 && codec.startsWith('pcm_') ? 'u8' : 's16';
}

/** The same where samples are made anew: what is too coarse for that becomes 16 bits. */
export function reworkedSampleType(media: Media): SampleType {
  const sample = sampleTypeOf(media);
  return sample === 'u8' || sample === 'mulaw' || sample === 'alaw' ? 's16' : sample;
}

/** FLAC's bits for such samples: all of them up to 24. */
export function flacBits(sample: SampleType): 16 | 24 {
  return sample === 's24' || sample === 's32' || sample === 'f32' || sample === 'f64' ? 24 : 16;
}

/** What FLAC cannot hold of such samples, for a note. */
export function flacLoss(sample: SampleType): readonly string[] {
  if (sample !== 's32' && sample !== 'f32' && sample !== 'f64') {
    return [];
  }
  return [`${sample === 's32' ? '32-bit' : 'float'} samples became 24-bit integers: FLAC holds no more`];
}

/** The post-condition that a file in this encoding is held to. */
export function expectEncoding(encoding: Encoding, duration: Range, sampleRate: number, channels: number): Expectation {
  const { container, codec, bitDepth } = encoding;
  return { container: [container], duration, audio: { codec, bitDepth, sampleRate, channels } };
}

const FLAC_RATE = 655_350;
const FLAC_CHANNELS = 8;

/** Why FLAC cannot hold such a sound; undefined where it can. (RFC 9639, sections 8.2 and 9.1) */
export function refusedByFlac(rate: number, channels: number): string | undefined {
  if (channels > FLAC_CHANNELS) {
    return `FLAC holds at most ${FLAC_CHANNELS} channels`;
  }
  return rate > FLAC_RATE ? `FLAC holds at most ${FLAC_RATE} Hz` : undefined;
}
