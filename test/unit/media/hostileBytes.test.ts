import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../../src/media/byteSource.ts';
import { headerReaders } from '../../../src/media/headers/headerReaders.ts';
import { sniff, sniffSource } from '../../../src/media/sniff.ts';
import { SAMPLES } from './samples.ts';
import { wavBytes } from './wavBytes.ts';

const readers = Object.entries(headerReaders);
const wav = wavBytes({ tag: 1, channels: 2, sampleRate: 16000, bits: 16, frames: 50, extensible: true });
const seeds = [wav, ...Object.values(SAMPLES)];

/** A seed with bytes changed and its end cut off. */
const damaged = fc
  .record({
    seed: fc.constantFrom(...seeds),
    cut: fc.nat(4000),
    changes: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 12 }),
  })
  .map(({ seed, cut, changes }) => {
    const bytes = Buffer.from(seed.subarray(0, Math.max(1, seed.length - cut)));
    for (const [at, value] of changes) {
      bytes[at % bytes.length] = value;
    }
    return bytes;
  });

describe('bytes that nobody vouches for', () => {
  it('never make sniffing throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 5000 }), damaged), fc.nat(), (bytes, more) => {
        expect(sniff(bytes, bytes.length + more).container).toEqual(expect.any(String));
        expect(sniffSource(bytesInMemory(bytes)).kind).toEqual(expect.any(String));
      }),
      { numRuns: 500 },
    );
  });

  it.each(readers)('never make the %s reader throw', (_, reader) => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 3000 }), damaged), (bytes) => {
        expect(reader(bytesInMemory(bytes)).problems).toBeInstanceOf(Array);
      }),
      { numRuns: 300 },
    );
  });

  it('are never called a picture, a sound or a video when they are text', () => {
    const starts = ['', 'RIFF', 'GIF89a', 'BM', 'P6 ', 'ID3', 'OggS', 'FORM', '#?RADIANCE\n', '8BPS', 'MM', 'II*', 'MAC ', 'wvpk', 'YUV4MPEG2 ', 'NIST_1A\n', '\u00ff\u00d8\u00ff'];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.string({ unit: 'binary', maxLength: 400 }), (start, rest) => {
        const text = `${start}${rest.replace(/[\u0000-\u001f\u007f]/g, ' ')}`;
        const bytes = Buffer.from(text, 'utf8');
        expect(['image', 'audio', 'video']).not.toContain(sniff(bytes, bytes.length).kind);
      }),
      { numRuns: 500 },
    );
  });
});
