import { absent } from '../../base/absent.ts';
import type { ByteSource } from '../byteSource.ts';
import { has } from '../sniff/bytes.ts';
import { id3Length } from '../sniff/mpeg.ts';
import type { HeaderFacts } from './facts.ts';
import { audioFacts, positive, unreadable } from './facts.ts';

/** The STREAMINFO block, maybe behind an ID3 tag. (RFC 9639, section 8.2) */
export function readFlac(source: ByteSource): HeaderFacts {
  const start = id3Length(source.read(0, 10));
  const head = source.read(start, 42);
  if (head.length < 42 || !has(head, 'fLaC') || (head.readUInt8(4) & 0x7f) !== 0) {
    return unreadable('cut short: there is no STREAMINFO block');
  }
  const sampleRate = head.readUIntBE(18, 3) >> 4;
  const samples = (head.readUInt8(21) & 0x0f) * 2 ** 32 + head.readUInt32BE(22);
  return {
    audio: audioFacts({
      codec: 'flac',
      sampleRate: positive(sampleRate),
      channels: ((head.readUInt8(20) >> 1) & 7) + 1,
      bitDepth: ((head.readUInt16BE(20) >> 4) & 31) + 1,
    }),
    duration: samples > 0 && sampleRate > 0 ? samples / sampleRate : absent('the header states no number of samples'),
    problems: [],
  };
}
