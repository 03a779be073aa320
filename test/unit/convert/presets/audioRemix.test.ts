import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { known } from '../../../../src/base/absent.ts';
import { Unmet } from '../../../../src/convert/preset.ts';
import { audioResample } from '../../../../src/convert/presets/audio/resample.ts';
import { audioWav16kMono } from '../../../../src/convert/presets/audio/wav16kMono.ts';
import {
  choose, cleanUp, convert, differenceOf, ffmpeg, ffprobe, newFolder, peakOf, probe, samplesOf, sox, writeWav,
} from '../audioBench.ts';
import { makeSamples, SECONDS } from './audioSamples.ts';

const samples = newFolder();

beforeAll(() => makeSamples(samples));
afterEach(() => cleanUp([samples]));
afterAll(() => cleanUp());

const ENGINES = ['sox', 'ffmpeg'] as const;

describe('audio.wav-16k-mono', () => {
  it.each(ENGINES)('by %s is a bare header of 44 bytes and 16-bit samples, without tags', async (engine) => {
    ffmpeg('-i', join(samples, 'a.flac'), '-metadata', 'title=Secret', '-metadata', 'comment=Secret', join(samples, 'tagged.flac'));
    const { output } = await convert(audioWav16kMono, join(samples, 'tagged.flac'), { engine });
    expect(readFileSync(output).length).toBe(44 + Math.round(SECONDS * 16_000) * 2);
    expect(ffprobe(output)).toEqual({ codec: 'pcm_s16le', rate: 16_000, channels: 1, seconds: SECONDS, tags: {} });
  });

  it.each(['s16.wav', 's24.wav', 'f32.wav', 'u8.wav', 'mulaw.wav', 'a.flac', 'vorbis.ogg', 'surround.wav'])(
    'of %s is the same by both engines, to a rounding',
    async (name) => {
      const [one, other] = await Promise.all(ENGINES.map((engine) => convert(audioWav16kMono, join(samples, name), { engine })));
      const [a, b] = [samplesOf(one?.output ?? ''), samplesOf(other?.output ?? '')];
      expect(a.length).toBe(b.length);
      // 16 bits have a rounding noise of -101 dB; the ends, where filters begin, differ most.
      expect(differenceOf(a, b)).toBeLessThan(-85);
      // Rounded, not cut off, which would be half of 1 / 32768: no engine is lower than the other throughout.
      expect(Math.abs(a.reduce((sum, sample, index) => sum + sample - (b[index] ?? 0), 0) / a.length)).toBeLessThan(2e-6);
    },
  );

  it('of MP3 leaves out what the encoder added, so that times stay those of the recording', async () => {
    const { output } = await convert(audioWav16kMono, join(samples, 'a.mp3'));
    const direct = await convert(audioWav16kMono, join(samples, 's16.wav'));
    expect(samplesOf(output).length).toBe(samplesOf(direct.output).length);
    expect(differenceOf(samplesOf(output), samplesOf(direct.output))).toBeLessThan(-30);
  });

  /** Constant samples, one value a channel, at the rate that is asked for: nothing is resampled. */
  function constants(values: readonly number[]): string {
    const path = join(newFolder(), 'constant.wav');
    writeWav(path, Array.from({ length: 1600 }, () => values).flat(), 16_000, values.length);
    return path;
  }

  describe.each(ENGINES)('by %s', (engine) => {
    it.each([
      [[1000], { mean: 1000, left: 1000, right: 1000, centre: 1000 }],
      [[1000, 3000], { mean: 2000, left: 1000, right: 3000, centre: 2000 }],
      [[1000, 3000, 8000], { mean: 4000, left: 1000, right: 3000, centre: 8000 }],
      [[1000, 3000, 8000, 4000], { mean: 4000, left: 1000, right: 3000, centre: 4000 }],
      [[1000, 3000, 8000, 6000, 2000, 4000], { mean: 4000, left: 1000, right: 3000, centre: 8000 }],
      [[800, 1600, 2400, 3200, 4000, 4800, 5600, 6400], { mean: 3600, left: 800, right: 1600, centre: 2400 }],
    ])('%j becomes what the option “downmix” says', async (values, expected) => {
      const path = constants(values);
      for (const [downmix, value] of Object.entries(expected)) {
        const { output } = await convert(audioWav16kMono, path, { engine, options: { downmix } });
        const mixed = samplesOf(output).map((sample) => Math.round(sample * 32_768));
        expect([downmix, Math.min(...mixed), Math.max(...mixed)]).toEqual([downmix, value, value]);
      }
    });
  });

  it('has no centre to take of Vorbis in the wrong place: ffmpeg, which knows it, reads surround', async () => {
    const path = join(samples, 'centre.ogg');
    ffmpeg('-f', 'lavfi', '-i', 'aevalsrc=0|0|0.5*sin(2*PI*440*t)|0|0|0:c=5.1:s=44100:d=1', '-c:a', 'libvorbis', path);
    const { output, engine } = await convert(audioWav16kMono, path, { options: { downmix: 'centre' } });
    expect(engine).toBe('ffmpeg');
    expect(peakOf(samplesOf(output))).toBeGreaterThan(0.4);
  });
});

describe('clipping', () => {
  let loud = '';
  beforeAll(() => {
    loud = join(samples, 'loud.wav');
    sox('-n', '-r', '44100', '-b', '16', loud, 'synth', '1', 'pinknoise', 'gain', '30');
  });

  it('is told in a note by default, and the level is the input\'s', async () => {
    const { outcome, faults } = await convert(audioWav16kMono, loud);
    expect([faults, outcome.notes]).toEqual([[], [expect.stringMatching(/^[\d,]+ samples were clipped at full scale \([\d.]+ %\)$/)]]);
    const quiet = await convert(audioWav16kMono, join(samples, 's16.wav'));
    expect(quiet.outcome.notes).toEqual([]);
  });

  it.each(ENGINES)('fails the file where it is asked to, by %s', async (engine) => {
    await expect(convert(audioWav16kMono, loud, { engine, options: { clipping: 'fail' } })).rejects.toThrow(Unmet);
    const { faults } = await convert(audioWav16kMono, join(samples, 's16.wav'), { engine, options: { clipping: 'fail' } });
    expect(faults).toEqual([]);
  });

  it.each(ENGINES)('is avoided by %s where it is asked to: lowered no more than it must be, and the rest not at all', async (engine) => {
    const { output, outcome, calls } = await convert(audioWav16kMono, loud, { engine, options: { clipping: 'lower' } });
    expect([calls, outcome.notes]).toEqual([2, [expect.stringMatching(/^lowered .*so that nothing clips$/)]]);
    const lowered = samplesOf(output);
    expect(peakOf(lowered)).toBeGreaterThan(0.998);
    expect(lowered.filter((sample) => Math.abs(sample) > 0.9995)).toHaveLength(0);
    const quiet = await convert(audioWav16kMono, join(samples, 's16.wav'), { engine, options: { clipping: 'lower' } });
    const plain = await convert(audioWav16kMono, join(samples, 's16.wav'), { engine });
    expect(readFileSync(quiet.output).equals(readFileSync(plain.output))).toBe(true);
  });

  it('of float samples that are read is avoided too, by ffmpeg', async () => {
    sox(join(samples, 'f32.wav'), join(samples, 'over.wav'), 'gain', '-n', '-1');
    ffmpeg('-i', join(samples, 'over.wav'), '-af', 'volume=9dB', '-c:a', 'pcm_f32le', join(samples, 'hot.wav'));
    const { engine, output } = await convert(audioWav16kMono, join(samples, 'hot.wav'), { options: { clipping: 'lower' } });
    expect(engine).toBe('ffmpeg');
    expect(samplesOf(output).filter((sample) => Math.abs(sample) > 0.9995)).toHaveLength(0);
  });
});

describe('damage', () => {
  const cut = (name: string): string => {
    const path = join(newFolder(), name);
    const bytes = readFileSync(join(samples, name));
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    return path;
  };

  it.each(['s16.wav', 'a.aiff', 'a.au', 'a.sph'])('of %s fails it in a strict run by the header\'s word alone', async (name) => {
    await expect(convert(audioWav16kMono, cut(name))).rejects.toThrow(/the input is damaged · cut short: 0.6\d* of 1.05 s are there/);
  });

  it.each(['s16.wav', 'a.aiff', 'a.flac'])('of %s is kept in salvage as far as it goes', async (name) => {
    const { output, damage, faults } = await convert(audioWav16kMono, cut(name), { salvage: true });
    expect(ffprobe(output).seconds).toBeGreaterThan(0.3);
    // What the tools do not complain of, the header or the post-condition tells.
    expect(damage.length + faults.length > 0 || name === 'a.aiff').toBe(true);
  });

  it('of a FLAC that breaks off fails it in a strict run', async () => {
    await expect(convert(audioWav16kMono, cut('a.flac'))).rejects.toThrow(/LOST_SYNC/);
  });
});

it('a WAV that was written into a pipe, and states no length, is whole', async () => {
  const path = join(newFolder(), 'piped.wav');
  const args = ['-v', 'error', '-nostdin', '-i', join(samples, 's16.wav'), '-c:a', 'pcm_f32le', '-f', 'wav', '-'];
  writeFileSync(path, execFileSync('/usr/bin/ffmpeg', args));
  const { engine, faults, output } = await convert(audioWav16kMono, path);
  expect([engine, faults]).toEqual(['sox', []]);
  expect(ffprobe(output).seconds).toBeCloseTo(SECONDS, 4);
});

describe('audio.resample', () => {
  it.each([
    [{ rate: 'keep', bitDepth: 'keep' }, 's24.wav', 'wav', 'pcm_s24le', 24, 44_100],
    [{ rate: 8000, bitDepth: '8' }, 's16.wav', 'wav', 'pcm_u8', 8, 8000],
    [{ rate: 96_000, bitDepth: '24' }, 's16.wav', 'wav', 'pcm_s24le', 24, 96_000],
    [{ rate: 22_050, bitDepth: '32' }, 's16.wav', 'wav', 'pcm_s32le', 32, 22_050],
    [{ rate: 24_000, bitDepth: 'float32' }, 's16.wav', 'wav', 'pcm_f32le', 32, 24_000],
    [{ rate: 24_000, bitDepth: 'float32' }, 'f32.wav', 'wav', 'pcm_f32le', 32, 24_000],
    [{ rate: 16_000, format: 'flac' }, 's24.wav', 'flac', 'flac', 24, 16_000],
    [{ rate: 44_100 }, 'a.flac', 'flac', 'flac', 16, 44_100],
    [{ rate: 16_000 }, 'mulaw.wav', 'wav', 'pcm_mulaw', 8, 16_000],
    [{ rate: 44_100, format: 'wav' }, 'a.opus', 'wav', 'pcm_s16le', 16, 44_100],
  ] as const)('with %j makes of %s what is asked', async (options, name, container, codec, bitDepth, rate) => {
    const { output, faults } = await convert(audioResample, join(samples, name), { options });
    const media = await probe(output);
    expect(faults).toEqual([]);
    expect(media).toMatchObject({ container, audio: { codec, bitDepth, sampleRate: rate } });
    expect(ffprobe(output)).toMatchObject({ codec, rate });
  });

  it('without a change of rate leaves every sample as it is', async () => {
    for (const [name, options] of [['s16.wav', {}], ['s24.wav', {}], ['u8.wav', { bitDepth: '16' }], ['f32.wav', {}]] as const) {
      const { output } = await convert(audioResample, join(samples, name), { options: { rate: 'keep', ...options } });
      expect(samplesOf(output)).toEqual(samplesOf(join(samples, name)));
    }
  });

  it('keeps float samples beyond full scale as they are', async () => {
    ffmpeg('-i', join(samples, 'f32.wav'), '-af', 'volume=20dB', '-c:a', 'pcm_f32le', join(samples, 'hot.wav'));
    const { output, engine } = await convert(audioResample, join(samples, 'hot.wav'), { options: { rate: 22_050 } });
    expect(engine).toBe('ffmpeg');
    expect(peakOf(samplesOf(output))).toBeGreaterThan(1.5);
  });

  it.each(ENGINES)('by %s rounds to fewer bits and does not cut off, so that nothing is offset', async (engine) => {
    const { output } = await convert(audioResample, join(samples, 's24.wav'), { engine, options: { rate: 'keep', bitDepth: '16' } });
    const [before, after] = [samplesOf(join(samples, 's24.wav')), samplesOf(output)];
    const offset = after.reduce((sum, sample, index) => sum + sample - (before[index] ?? 0), 0) / after.length;
    expect(Math.abs(offset) * 32_768).toBeLessThan(0.02);
  });

  it.each([
    ['mono', 's16.wav', 'sox', 1], ['stereo', 's16.wav', 'sox', 2], ['stereo', 'surround.wav', 'ffmpeg', 2],
    ['5.1', 's16.wav', 'ffmpeg', 6], ['quad', 'surround.wav', 'ffmpeg', 4], ['7.1', 'surround.wav', 'ffmpeg', 8],
    ['keep', 'surround.wav', 'sox', 6],
  ])('lays %s out of %s by %s', async (channels, name, by, count) => {
    const { engine, output, faults } = await convert(audioResample, join(samples, name), { options: { channels, rate: 'keep' } });
    expect([engine, faults, ffprobe(output).channels]).toEqual([by, [], count]);
  });

  it('gives both channels of stereo what mono had', async () => {
    const mono = await convert(audioWav16kMono, join(samples, 's16.wav'));
    const { output } = await convert(audioResample, mono.output, { options: { rate: 'keep', channels: 'stereo' } });
    const [before, after] = [samplesOf(mono.output), samplesOf(output)];
    expect([after.filter((_, index) => index % 2 === 0), after.filter((_, index) => index % 2 === 1)]).toEqual([before, before]);
  });

  it.each([
    [{ format: 'flac', bitDepth: 'float32' }, /16 or 24 bits/],
    [{ format: 'flac', rate: 768_000 }, /655350 Hz/],
  ])('refuses %j, which FLAC cannot hold', async (options, reason) => {
    expect(await choose(audioResample, await probe(join(samples, 's16.wav')), options)).toEqual({ refused: expect.stringMatching(reason) });
  });

  it('leaves a WAV above 4 GB, which sox would lie about, to ffmpeg and RF64', async () => {
    const media = { ...(await probe(join(samples, 's16.wav'))), duration: 40_000 };
    expect(await choose(audioResample, media, { rate: 48_000 })).toBe('ffmpeg');
    const { output } = await convert(audioResample, join(samples, 's16.wav'), { engine: 'ffmpeg', options: { rate: 48_000 } });
    // What is smaller has a plain header.
    expect(readFileSync(output).subarray(0, 4).toString()).toBe('RIFF');
    expect(known((await probe(output)).duration)).toBeCloseTo(SECONDS, 4);
  });
});
