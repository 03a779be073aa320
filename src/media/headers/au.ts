import type { ByteSource } from '../byteSource.ts';
import type { HeaderFacts } from './facts.ts';
import { audioFacts, cutShort, LOSSY, positive, unreadable } from './facts.ts';
import { pcmSamplesOf } from './pcmSamples.ts';
import type { PcmSamples } from './pcmSamples.ts';

/** Codec and bits of a sample by encoding. (Sun's audio_filehdr.h) */
const ENCODINGS: Readonly<Record<number, readonly [codec: string, bits: number]>> = {
  1: ['pcm_mulaw', 8], 2: ['pcm_s8', 8], 3: ['pcm_s16be', 16], 4: ['pcm_s24be', 24], 5: ['pcm_s32be', 32],
  6: ['pcm_f32be', 32], 7: ['pcm_f64be', 64], 27: ['pcm_alaw', 8],
};
const UNKNOWN_LENGTH = 0xffff_ffff;

/** Sun and NeXT audio. */
export function readAu(source: ByteSource): HeaderFacts {
  const head = source.read(0, 24);
  if (head.length < 24) {
    return unreadable('cut short: the header is not all there');
  }
  const stated = head.readUInt32BE(8);
  const encoding = head.readUInt32BE(12);
  const sampleRate = head.readUInt32BE(16);
  const channels = head.readUInt32BE(20);
  const [codec, bits] = ENCODINGS[encoding] ?? [undefined, 0];
  const rest = Math.max(0, source.size - head.readUInt32BE(4));
  const there = stated === UNKNOWN_LENGTH ? rest : Math.min(stated, rest);
  const bytesPerSecond = sampleRate * channels * (bits / 8);
  const isCut = stated !== UNKNOWN_LENGTH && there < stated;
  return {
    audio: audioFacts({
      codec: codec ?? { absent: `encoding ${encoding} is not known` },
      sampleRate: positive(sampleRate),
      channels: positive(channels),
      bitDepth: bits > 0 ? bits : LOSSY,
    }),
    duration: bytesPerSecond > 0 ? there / bytesPerSecond : { absent: 'the header does not state the bytes of a second' },
    problems: isCut ? [bytesPerSecond > 0 ? cutShort(there / bytesPerSecond, stated / bytesPerSecond, 's') : cutShort(there, stated, 'bytes')] : [],
  };
}

/** Where the samples lie; undefined for encodings that are not of samples one by one. */
export function auSamples(source: ByteSource): PcmSamples | undefined {
  const head = source.read(0, 24);
  if (head.length < 24) {
    return undefined;
  }
  const start = head.readUInt32BE(4);
  const stated = head.readUInt32BE(8);
  const rest = Math.max(0, source.size - start);
  const bytes = stated === UNKNOWN_LENGTH ? rest : Math.min(stated, rest);
  return pcmSamplesOf(ENCODINGS[head.readUInt32BE(12)]?.[0], { start, bytes, channels: head.readUInt32BE(20), sampleRate: head.readUInt32BE(16) });
}
