import type { Container } from '../../../media/media.ts';

/** A file that a codec's packets are put into as they are. */
export interface AudioTarget {
  readonly extension: string;
  readonly container: Container;
  readonly muxer: readonly string[];
}

const target = (extension: string, container: Container, ...muxer: readonly string[]): AudioTarget => ({
  extension,
  container,
  muxer: ['-f', ...muxer],
});

const M4A = target('m4a', 'mp4', 'ipod', '-movflags', '+faststart');
const OGG = target('ogg', 'ogg', 'ogg');
export const WAV = target('wav', 'wav', 'wav');
const AIFF = target('aiff', 'aiff', 'aiff');
const MKA = target('mka', 'matroska', 'matroska');

const COPIES: Readonly<Record<string, AudioTarget>> = {
  aac: M4A, alac: M4A,
  opus: OGG, vorbis: OGG,
  flac: target('flac', 'flac', 'flac'),
  mp3: target('mp3', 'mp3', 'mp3', '-id3v2_version', '0'),
  amr_nb: target('amr', 'amr', 'amr'),
  pcm_u8: WAV, pcm_s16le: WAV, pcm_s24le: WAV, pcm_s32le: WAV, pcm_f32le: WAV, pcm_f64le: WAV, pcm_alaw: WAV, pcm_mulaw: WAV,
  pcm_s16be: AIFF, pcm_s24be: AIFF, pcm_s32be: AIFF,
  // Their own bare formats have no index and mostly no length.
  ac3: MKA, eac3: MKA, dts: MKA, truehd: MKA, tta: MKA, mp2: MKA,
};

/** Where audio of this codec goes when it is not encoded anew; undefined where there is no such place. */
export function copyTarget(codec: string | undefined): AudioTarget | undefined {
  return codec !== undefined && Object.hasOwn(COPIES, codec) ? COPIES[codec] : undefined;
}

export const ENCODED = {
  wav: WAV,
  flac: target('flac', 'flac', 'flac'),
  opus: target('opus', 'ogg', 'ogg'),
  aac: M4A,
} as const satisfies Readonly<Record<string, AudioTarget>>;
