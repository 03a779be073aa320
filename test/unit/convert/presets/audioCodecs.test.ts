import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audioFlac } from '../../../../src/convert/presets/audio/flac.ts';
import { audioOpus } from '../../../../src/convert/presets/audio/opus.ts';
import { choose, cleanUp, convert, differenceOf, ffmpeg, ffprobe, newFolder, probe, samplesOf, sox } from '../audioBench.ts';
import { makeSamples, SECONDS } from './audioSamples.ts';

const samples = newFolder();
const wav = join(samples, 's16.wav');

beforeAll(() => makeSamples(samples));
afterEach(() => cleanUp([samples]));
afterAll(() => cleanUp());

describe('audio.flac', () => {
  it.each(['sox', 'ffmpeg'] as const)('by %s loses not a sample of integers', async (engine) => {
    for (const name of ['s16.wav', 's24.wav', 'u8.wav', 'mulaw.wav', 'a.aiff', 'surround.wav', 'a.flac']) {
      const { output, faults } = await convert(audioFlac, join(samples, name), { engine });
      expect([name, faults]).toEqual([name, []]);
      expect(samplesOf(output)).toEqual(samplesOf(join(samples, name)));
    }
  });

  it('is the smaller the higher its level, and smaller than WAV', async () => {
    const sizeAt = async (level: number): Promise<number> => statSync((await convert(audioFlac, wav, { options: { level } })).output).size;
    const [fast, small] = [await sizeAt(0), await sizeAt(8)];
    expect([small < fast, fast < statSync(wav).size]).toEqual([true, true]);
  });

  it('carries neither tags nor the marks of a program by default, and all tags where they are to be kept', async () => {
    for (const [name, codec] of [['tagged.flac', 'flac'], ['tagged.ogg', 'libvorbis']] as const) {
      ffmpeg('-i', wav, '-c:a', codec, '-metadata', 'title=Night', '-metadata', 'artist=Nobody', join(samples, name));
      const stripped = await convert(audioFlac, join(samples, name));
      expect([stripped.engine, ffprobe(stripped.output).tags]).toEqual(['sox', {}]);
      const kept = await convert(audioFlac, join(samples, name), { options: { tags: 'keep' } });
      expect([kept.engine, ffprobe(kept.output).tags]).toEqual(['ffmpeg', { title: 'Night', artist: 'Nobody' }]);
    }
  });

  it('says what the input had lost before, and what FLAC cannot hold', async () => {
    const notes = async (name: string) => (await convert(audioFlac, join(samples, name))).outcome.notes;
    expect(await notes('s24.wav')).toEqual([]);
    expect(await notes('a.mp3')).toEqual(['the input is mp3: what that lost stays lost']);
    expect(await notes('f32.wav')).toEqual(['float samples became 24-bit integers: FLAC holds no more']);
  });

  it('fails floats beyond full scale, and in salvage says how many were clipped', async () => {
    const hot = join(samples, 'hot.wav');
    ffmpeg('-i', join(samples, 'f32.wav'), '-af', 'volume=20dB', '-c:a', 'pcm_f32le', hot);
    await expect(convert(audioFlac, hot)).rejects.toThrow(/clipped at full scale/);
    const { outcome } = await convert(audioFlac, hot, { salvage: true });
    expect(outcome.notes).toEqual([expect.stringMatching(/float samples/), expect.stringMatching(/clipped at full scale/)]);
  });

  it('refuses more channels than FLAC has', async () => {
    sox('-n', '-r', '16000', '-c', '9', '-b', '16', join(samples, 'nine.wav'), 'synth', '0.2', 'sine', '300');
    expect(await choose(audioFlac, await probe(join(samples, 'nine.wav')))).toEqual({ refused: 'FLAC holds at most 8 channels' });
  });
});

describe('audio.opus', () => {
  const inputs = ['s16.wav', 'a.flac', 'a.mp3', 'vorbis.ogg', 'a.m4a', 'surround.wav'];

  it.each(inputs)('of %s is read back as 48 kHz, and sounds as it did', async (name) => {
    const { output, faults } = await convert(audioOpus, join(samples, name), { options: { bitrate: 256 } });
    expect([faults, ffprobe(output)]).toMatchObject([[], { codec: 'opus', rate: 48_000 }]);
    const channels = ffprobe(output).channels;
    const straight = join(samples, 'straight.wav');
    ffmpeg('-i', join(samples, name), '-ar', '48000', '-c:a', 'pcm_f32le', straight);
    const [before, after] = [samplesOf(straight), samplesOf(output)];
    // AAC ends on a whole frame.
    expect(Math.abs(after.length - before.length) / channels).toBeLessThanOrEqual(2);
    // The low frequency channel keeps low frequencies alone.
    expect(differenceOf(before, after)).toBeLessThan(channels === 6 ? -20 : -36);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keeps %i channels, each in its place', async (channels) => {
    const path = join(samples, `${channels}.wav`);
    const tones = Array.from({ length: channels }, (_, index) => ['sine', String(300 + 200 * index)]).flat();
    sox('-n', '-r', '48000', '-c', String(channels), '-b', '16', path, 'synth', '1', ...tones, 'vol', '0.3');
    const { output, faults } = await convert(audioOpus, path, { options: { bitrate: 32 * channels, channels: 'keep' } });
    expect([faults, ffprobe(output).channels]).toEqual([[], channels]);
    const energies = (file: string): readonly number[] => {
      const all = samplesOf(file);
      return Array.from({ length: channels }, (_, channel) => {
        const frequency = 300 + 200 * channel;
        const own = all.filter((_sample, index) => index % channels === channel);
        const correlation = (wave: (angle: number) => number): number =>
          own.reduce((sum, sample, index) => sum + sample * wave((2 * Math.PI * frequency * index) / 48_000), 0);
        return Math.hypot(correlation(Math.cos), correlation(Math.sin)) / own.length;
      });
    };
    const after = energies(output);
    energies(path).forEach((energy, channel) => {
      // The low frequency channel of 5.1 and up is cut off above its own range.
      expect(after[channel]! / energy > 0.7 || (channels >= 6 && channel === 3)).toBe(true);
    });
  });

  it('mixes to mono and stereo where asked', async () => {
    for (const [channels, count] of [['mono', 1], ['stereo', 2]] as const) {
      const { output, faults } = await convert(audioOpus, join(samples, 'surround.wav'), { options: { channels } });
      expect([faults, ffprobe(output).channels]).toEqual([[], count]);
    }
  });

  it('is about as large as its bit rate says', async () => {
    const sizeAt = async (bitrate: number) => statSync((await convert(audioOpus, wav, { options: { bitrate } })).output).size;
    const small = await sizeAt(24);
    expect(small / ((24_000 / 8) * SECONDS)).toBeGreaterThan(0.6);
    expect((await sizeAt(96)) / small).toBeGreaterThan(2.5);
  });

  it('refuses a bit rate that the coder does not have, and channels whose places are not known', async () => {
    sox('-n', '-r', '16000', '-c', '9', '-b', '16', join(samples, 'nine.wav'), 'synth', '0.2', 'sine', '300');
    sox('-n', '-r', '16000', '-c', '1', '-b', '16', join(samples, 'one.wav'), 'synth', '0.2', 'sine', '300');
    const [one, nine] = [await probe(join(samples, 'one.wav')), await probe(join(samples, 'nine.wav'))];
    expect(await choose(audioOpus, one, { bitrate: 300 })).toEqual({ refused: 'Opus takes at most 256 kbit/s for 1 channel' });
    expect(await choose(audioOpus, nine)).toEqual({ refused: expect.stringMatching(/9 channels are not known/) });
    expect(await choose(audioOpus, nine, { channels: 'mono' })).toBe('ffmpeg');
  });

  it('carries no tags by default but the coder\'s own, and all of them where they are to be kept', async () => {
    ffmpeg('-i', wav, '-metadata', 'title=Night', join(samples, 'tagged.mp3'));
    const stripped = await convert(audioOpus, join(samples, 'tagged.mp3'));
    const kept = await convert(audioOpus, join(samples, 'tagged.mp3'), { options: { tags: 'keep' } });
    expect(Object.keys(ffprobe(stripped.output).tags).filter((tag) => tag.toLowerCase() !== 'encoder')).toEqual([]);
    expect(ffprobe(kept.output).tags).toMatchObject({ title: 'Night' });
    // The stream's serial number is chance unless it is fixed.
    const again = await convert(audioOpus, join(samples, 'tagged.mp3'));
    expect(readFileSync(again.output).equals(readFileSync(stripped.output))).toBe(true);
  });
});
