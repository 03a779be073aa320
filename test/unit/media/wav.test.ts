import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../../src/media/byteSource.ts';
import { readWav } from '../../../src/media/headers/wav.ts';
import { wavBytes } from './wavBytes.ts';

const read = (bytes: Buffer) => readWav(bytesInMemory(bytes));
const TONE = { tag: 1, channels: 2, sampleRate: 16000, bits: 16, frames: 800 };

describe('a wave header', () => {
  it('gives back the format fields that were written, whatever they are', () => {
    const codecs: Record<number, Record<number, string>> = {
      1: { 8: 'pcm_u8', 16: 'pcm_s16', 24: 'pcm_s24', 32: 'pcm_s32' },
      3: { 32: 'pcm_f32', 64: 'pcm_f64' },
      6: { 8: 'pcm_alaw' },
      7: { 8: 'pcm_mulaw' },
    };
    const formats = Object.entries(codecs).flatMap(([tag, widths]) => Object.keys(widths).map((bits) => ({ tag: Number(tag), bits: Number(bits) })));
    fc.assert(
      fc.property(
        fc.constantFrom(...formats),
        fc.constantFrom('RIFF', 'RIFX', 'RF64', 'BW64'),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 768_000 }),
        fc.integer({ min: 0, max: 300 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 3 }),
        ({ tag, bits }, form, channels, sampleRate, frames, extensible, before) => {
          const facts = read(wavBytes({ form, tag, bits, channels, sampleRate, frames, extensible, before }));
          const end = bits === 8 ? '' : form === 'RIFX' ? 'be' : 'le';
          expect(facts).toEqual({
            audio: { codec: `${codecs[tag]?.[bits]}${end}`, sampleRate, channels, bitDepth: bits },
            duration: frames / sampleRate,
            problems: [],
          });
        },
      ),
    );
  });

  it.each([
    ['ffmpeg into a pipe', { stated: 0xffff_ffff, riffLength: 0xffff_ffff }],
    ['SoX into a pipe', { stated: 0x7fff_f000, riffLength: 0x7fff_f024 }],
    ['a recorder that never came back', { stated: 0, riffLength: 0 }],
    ['a streaming server', { stated: 0xffff_ff9b, riffLength: 0xffff_ffbf }],
  ])('takes the samples to the end of the file when written by %s', (_, lengths) => {
    expect(read(wavBytes({ ...TONE, ...lengths }))).toMatchObject({ duration: 0.05, problems: [] });
  });

  it('is empty, not endless, when the file is whole and has no samples', () => {
    expect(read(wavBytes({ ...TONE, frames: 0 }))).toMatchObject({ duration: 0, problems: [] });
  });

  it('says how much is there when the samples run past the end of the file', () => {
    const whole = wavBytes({ ...TONE, frames: 16000 });
    const cut = read(whole.subarray(0, whole.length - 4 * 12000));
    expect(cut).toMatchObject({ duration: 0.25, problems: ['cut short: 0.25 of 1 s are there'] });
  });

  it('believes the 64-bit length of RF64 over the file that is there', () => {
    const whole = wavBytes({ ...TONE, form: 'RF64', frames: 16000 });
    expect(read(whole.subarray(0, whole.length - 4 * 8000)).problems).toEqual(['cut short: 0.5 of 1 s are there']);
  });

  it('measures by channels and bits where the block size contradicts them', () => {
    const bytes = wavBytes({ ...TONE, channels: 3, bits: 24, frames: 80 });
    bytes.writeUInt16LE(4, 32);
    expect(read(bytes)).toMatchObject({ audio: { codec: 'pcm_s24le' }, duration: 80 / 16000 });
  });

  it.each([
    ['no data chunk', wavBytes(TONE).subarray(0, 36), 'cut short: there is no data chunk'],
    ['no format chunk', wavBytes(TONE).subarray(0, 12), 'no format chunk in the WAVE header'],
  ])('with %s has a problem and no duration', (_, bytes, problem) => {
    expect(read(bytes)).toMatchObject({ duration: { absent: expect.any(String) as string }, problems: [problem] });
  });
});
