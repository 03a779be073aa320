import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { exactly, near } from '../../../../src/convert/preset.ts';
import { unmatched } from '../../../../src/convert/run/verify.ts';
import type { Media } from '../../../../src/media/media.ts';

const wav: Media = {
  path: '/a.wav',
  kind: 'audio',
  container: 'wav',
  size: 96_044,
  duration: 3,
  audio: { codec: 'pcm_s16le', sampleRate: 16_000, channels: 1, bitDepth: 16 },
  problems: [],
};

const promised = {
  container: ['wav'],
  duration: near(3, 0.01),
  audio: { codec: 'pcm_s16le', sampleRate: 16_000, channels: 1, bitDepth: 16 },
} as const;

describe('a post-condition', () => {
  it('is met by what was promised', () => {
    expect(unmatched(promised, wav)).toEqual([]);
  });

  it.each([
    ['container', { container: 'flac' }, 'container: expected wav, found flac'],
    ['duration', { duration: 2.5 }, 'duration: expected 2.99 to 3.01 s, found 2.5 s'],
    ['sample rate', { audio: { ...wav.audio, sampleRate: 44_100 } }, 'sample rate: expected 16000 Hz, found 44100 Hz'],
    ['channels', { audio: { ...wav.audio, channels: 2 } }, 'channels: expected 1, found 2'],
    [
      'bit depth',
      { audio: { ...wav.audio, bitDepth: absent('not in the header') } },
      'bit depth: expected 16 bits, found unknown (not in the header)',
    ],
    ['codec', { audio: undefined }, 'audio codec: expected pcm_s16le, found none'],
    ['problem', { problems: ['cut short: 1 of 3 s are there'] }, 'cut short: 1 of 3 s are there'],
  ])('says what was expected and what was found: %s', (_, change, text) => {
    expect(unmatched(promised, { ...wav, ...change } as Media).map((fault) => fault.text)).toContain(text);
  });

  it.each([
    ['less sound than expected', { duration: 2 }, true],
    ['no sound at all', { duration: 0 }, false],
    ['more sound than expected', { duration: 4 }, false],
    ['another sample rate', { audio: { ...wav.audio, sampleRate: 8000 } }, false],
  ])('tells what damage leaves from what is wrong: %s', (_, change, isShort) => {
    expect(unmatched(promised, { ...wav, ...change } as Media).map((fault) => fault.isShort)).toEqual([isShort]);
  });

  it('holds pictures to their size', () => {
    const picture = {
      path: '/a.jpg',
      kind: 'image',
      container: 'jpeg',
      size: 1,
      problems: [],
      image: { width: 512, height: 288, orientation: 6, frames: 1, bitDepth: 8, colour: 'rgb', alpha: false, profile: false },
    } as const satisfies Media;
    const size = { width: exactly(512), height: exactly(287), orientation: 1 };
    expect(unmatched({ image: size }, picture).map(({ text }) => text)).toEqual([
      'height: expected 287 px, found 288 px',
      'orientation: expected 1, found 6',
    ]);
  });
});
