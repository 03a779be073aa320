import { absent } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import type { ByteSource } from '../byteSource.ts';
import { latin1 } from '../sniff/bytes.ts';
import type { HeaderFacts } from './facts.ts';
import { audioFacts, cutShort, LOSSY, positive } from './facts.ts';

const MAX_HEADER = 65_536;

/** NIST SPHERE: lines of `name -type value` in a header whose length is its second line. (NIST SPHERE 2.6, header format) */
export function readSph(source: ByteSource): HeaderFacts {
  const length = Number.parseInt(latin1(source.read(8, 8), 0, 8), 10);
  const header = length > 0 ? latin1(source.read(0, Math.min(length, MAX_HEADER)), 0, MAX_HEADER) : '';
  const field = (name: string): string | undefined => new RegExp(`^${name} -\\w+ (.*)$`, 'm').exec(header)?.[1]?.trim();
  const number = (name: string): number => Number(field(name) ?? 0) || 0;
  const coding = field('sample_coding') ?? 'pcm';
  const bytes = number('sample_n_bytes');
  const channels = number('channel_count') || 1;
  const samples = number('sample_count');
  const sampleRate = number('sample_rate');
  const isPlain = !coding.includes(',');
  const frame = bytes * channels;
  const there = isPlain && frame > 0 ? Math.floor(Math.max(0, source.size - length) / frame) : samples;
  return {
    audio: audioFacts({
      codec: codecOf(coding, bytes, field('sample_byte_format')),
      sampleRate: positive(sampleRate),
      channels,
      bitDepth: isPlain ? positive(number('sample_sig_bits') || bytes * 8) : LOSSY,
    }),
    duration: durationOf(samples > 0 ? Math.min(samples, there) : there, sampleRate),
    problems: samples > there && sampleRate > 0 ? [cutShort(there / sampleRate, samples / sampleRate, 's')] : [],
  };
}

function durationOf(samples: number, sampleRate: number): Measured<number> {
  return sampleRate > 0 ? samples / sampleRate : absent('the header states no sample rate');
}

function codecOf(coding: string, bytes: number, order = '01'): Measured<string> {
  if (coding === 'ulaw' || coding === 'mu-law') {
    return 'pcm_mulaw';
  }
  if (coding === 'alaw') {
    return 'pcm_alaw';
  }
  return coding === 'pcm' && bytes >= 1 && bytes <= 4
    ? bytes === 1 ? 'pcm_s8' : `pcm_s${bytes * 8}${order.startsWith('0') ? 'le' : 'be'}`
    : absent(`sample coding ${coding} is not known`);
}
