/** Where uncompressed samples lie in a file, and how each is written. */
export interface PcmSamples {
  /** Byte of the first sample. */
  readonly start: number;
  /** Samples of a channel that are there. */
  readonly frames: number;
  readonly channels: number;
  /** Hertz. */
  readonly sampleRate: number;
  /** Bytes of one sample of one channel, 1 to 8; narrower samples stand at the top of them. */
  readonly width: number;
  readonly coding: 'int' | 'uint' | 'float' | 'alaw' | 'mulaw';
  readonly bigEndian: boolean;
}

interface Place {
  readonly start: number;
  readonly bytes: number;
  readonly channels: number;
  readonly sampleRate: number;
}

/** By ffmpeg's name of the codec; undefined where that is not PCM, or the header makes no sense. */
export function pcmSamplesOf(codec: unknown, { start, bytes, channels, sampleRate }: Place): PcmSamples | undefined {
  const [, kind = '', bits = '', end] = (typeof codec === 'string' ? /^pcm_(?:(s|u|f)(\d+)(le|be)?|alaw|mulaw)$/.exec(codec) : null) ?? [];
  const law = codec === 'pcm_alaw' ? 'alaw' : codec === 'pcm_mulaw' ? 'mulaw' : undefined;
  if ((law === undefined && bits === '') || !(channels > 0) || !(sampleRate > 0 && sampleRate < Infinity)) {
    return undefined;
  }
  const width = law ? 1 : Number(bits) / 8;
  const coding = law ?? ({ s: 'int', u: 'uint', f: 'float' } as const)[kind as 's' | 'u' | 'f'];
  return { start, frames: Math.floor(bytes / (width * channels)), channels, sampleRate, width, coding, bigEndian: end === 'be' };
}
