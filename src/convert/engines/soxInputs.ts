import { known } from '../../base/absent.ts';
import type { Media } from '../../media/media.ts';
import { SOX_INPUTS } from '../../recipe/arguments/targets.ts';

const INTEGERS_LE = ['pcm_s16le', 'pcm_s24le', 'pcm_s32le'];
const INTEGERS_BE = ['pcm_s16be', 'pcm_s24be', 'pcm_s32be'];
const FLOATS_BE = ['pcm_f32be', 'pcm_f64be'];
const COMPANDED = ['pcm_mulaw', 'pcm_alaw'];

/**
 * Codecs that sox decodes sample by sample as ffmpeg does, by container. Not among them: MP3, of which sox keeps the encoder's padding
 * (3 s by LAME come out 1332 samples longer and 1105 later than they were); ADPCM, of which it makes other numbers; and 64-bit integers,
 * which it misreads. Big-endian WAVE is read by sox alone.
 */
const READABLE: Readonly<Record<string, readonly string[]>> = {
  wav: ['pcm_u8', ...INTEGERS_LE, 'pcm_f32le', 'pcm_f64le', ...COMPANDED, ...INTEGERS_BE],
  aiff: ['pcm_s8', ...INTEGERS_BE, 'pcm_s16le', ...FLOATS_BE],
  au: ['pcm_s8', ...INTEGERS_BE, ...FLOATS_BE, ...COMPANDED],
  sph: ['pcm_s16le', 'pcm_s16be', 'pcm_mulaw'],
  flac: ['flac'],
  ogg: ['vorbis'],
};

/** sox's `-t` for a file, by its container; undefined for what it is never asked to read, playlists above all. */
export function soxType(container: string): string | undefined {
  return container === 'sph' ? 'sph' : (SOX_INPUTS as Readonly<Record<string, string>>)[container];
}

/** Why sox is not asked to read this file; undefined where it is. */
export function refusedBySox({ container, audio }: Media): string | undefined {
  const codec = known(audio?.codec);
  const codecs = READABLE[container];
  if (codecs === undefined || codec === undefined || !codecs.includes(codec)) {
    return `sox is not asked to read ${codec ?? 'an unknown codec'} in ${container}`;
  }
  const bits = known(audio?.bitDepth);
  if (bits !== undefined && bits % 8 !== 0 && codec !== 'flac') {
    return `sox is not asked to read samples of ${bits} bits`;
  }
  // Vorbis has the centre second; sox does not put it where WAVE has it.
  return codec === 'vorbis' && (known(audio?.channels) ?? 0) > 2 ? 'sox takes the channels of Vorbis in another order' : undefined;
}
