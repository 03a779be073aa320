import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SkipItem } from '../../../../src/convert/preset.ts';
import { audioChunks } from '../../../../src/convert/presets/audio/chunks.ts';
import { chunkListText } from '../../../../src/convert/presets/audio/chunkList.ts';
import { soundEnds } from '../../../../src/convert/presets/audio/soundEnds.ts';
import { audioTrimSilence } from '../../../../src/convert/presets/audio/trimSilence.ts';
import { choose, cleanUp, convert, ffmpeg, ffprobe, newFolder, probe, samplesOf, sox, writeWav } from '../audioBench.ts';
import { makeSamples, SECONDS } from './audioSamples.ts';

const samples = newFolder();
const file = (name: string): string => join(samples, name);
const ENGINES = ['sox', 'ffmpeg'] as const;
const RATE = 16_000;

/** A tone of 1 s, with silence of 0.5 s before and 1.2 s after it, and clicks of 2 ms in both. */
function clickyTone(): readonly number[] {
  const all = new Array<number>(Math.round(2.7 * RATE)).fill(0);
  const put = (from: number, seconds: number): void => {
    for (let index = 0; index < seconds * RATE; index++) {
      all[Math.round(from * RATE) + index] = Math.round(12_000 * Math.sin((2 * Math.PI * 440 * index) / RATE + 0.3));
    }
  };
  put(0.2, 0.002);
  put(0.5, 1);
  put(2.3, 0.002);
  return all;
}

beforeAll(() => {
  makeSamples(samples);
  writeWav(file('clicky.wav'), clickyTone());
  writeWav(file('silent.wav'), new Array<number>(RATE).fill(0));
});
afterEach(() => cleanUp([samples]));
afterAll(() => cleanUp());

describe.each(ENGINES)('audio.trim-silence by %s', (engine) => {
  const trim = (name: string, options = {}) => convert(audioTrimSilence, file(name), { engine, options });

  it('leaves the sound with a margin on both sides, and clicks that are no sound out', async () => {
    const { output, faults } = await trim('clicky.wav', { margin: 0.1 });
    const [before, after] = [samplesOf(file('clicky.wav')), samplesOf(output)];
    expect(faults).toEqual([]);
    // What counts as silence is told over 20 ms.
    expect(Math.abs(after.length / RATE - 1.2)).toBeLessThan(0.021);
    // The samples are those of the original, none changed and none moved.
    const start = before.findIndex((_, index) => index > 0.35 * RATE && after.every((sample, at) => sample === before[index + at]));
    expect(start / RATE).toBeGreaterThan(0.35);
    expect(start / RATE).toBeLessThan(0.42);
  });

  it('takes a click for a sound where no shortest sound is asked for', async () => {
    const { output } = await trim('clicky.wav', { sound: 0, margin: 0 });
    expect(ffprobe(output).seconds).toBeGreaterThan(2);
  });

  it('leaves what has no silence as it is', async () => {
    for (const name of ['s16.wav', 's24.wav', 'a.flac', 'mulaw.wav', 'u8.wav', 'surround.wav']) {
      expect(samplesOf((await trim(name)).output)).toEqual(samplesOf(file(name)));
    }
  });

  it('skips what is silent throughout', async () => {
    const outcome = await trim('silent.wav').catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(SkipItem);
    expect(String(outcome)).toMatch(/nothing would be left: no sound of 0.05 s or more is above -50 dBFS/);
  });

  it('goes by the threshold', async () => {
    sox(file('clicky.wav'), file('quiet.wav'), 'gain', '-40');
    await expect(trim('quiet.wav', { threshold: -40 })).rejects.toThrow(SkipItem);
    expect(ffprobe((await trim('quiet.wav', { threshold: -60 })).output).seconds).toBeLessThan(1.2);
  });

  it('keeps rate, channels and bit depth, as WAV or FLAC', async () => {
    const kept = async (name: string, options = {}) => {
      const media = await probe((await trim(name, options)).output);
      return [media.container, media.audio?.codec, media.audio?.channels];
    };
    expect(await kept('s24.wav')).toEqual(['wav', 'pcm_s24le', 2]);
    expect(await kept('mulaw.wav')).toEqual(['wav', 'pcm_mulaw', 2]);
    expect(await kept('a.flac')).toEqual(['flac', 'flac', 2]);
    expect(await kept('surround.wav', { format: 'flac' })).toEqual(['flac', 'flac', 6]);
  });
});

describe('the ends of a sound', () => {
  const said = (...events: readonly (readonly [string, string])[]): string => {
    const silences = events.map(([kind, time]) => `[silencedetect @ 0x1] [info] silence_${kind}: ${time}\n`);
    return `${silences.join('')}[Parsed_astats_1 @ 0x2] [info] Number of samples: 100000\n`;
  };

  it.each([
    ['no silence', said(), { from: 0, to: 100_000 }],
    ['silence on both sides', said(['start', '0'], ['end', '2 | x: 2'], ['start', '7.5'], ['end', '10']), { from: 19_999, to: 75_001 }],
    ['silence that does not end', said(['start', '7.5']), { from: 0, to: 75_001 }],
    ['silence that begins before the beginning', said(['start', '-0.02'], ['end', '2']), { from: 19_999, to: 100_000 }],
    ['a short sound in silence', said(['start', '0'], ['end', '2'], ['start', '2.01'], ['end', '5']), { from: 49_999, to: 100_000 }],
    ['nothing but silence', said(['start', '0'], ['end', '10']), 'none'],
    ['nothing but silence, its end cut by the printing', said(['start', '0'], ['end', '9.99999']), 'none'],
    ['words of a tag', `[info] title: silence_start: 3\n${said()}`, { from: 0, to: 100_000 }],
    ['nothing', '', undefined],
  ])('with %s', (_, text, ends) => {
    const found = soundEnds(text, 10_000, 0.05);
    if (typeof ends !== 'object') {
      expect(found).toBe(ends);
      return;
    }
    const { from, to } = found as { from: number; to: number };
    // Times are printed with six digits.
    expect(Math.abs(from - ends.from) + Math.abs(to - ends.to)).toBeLessThanOrEqual(2);
  });
});

describe('audio.chunks', () => {
  const names = (folder: string): readonly string[] => readdirSync(folder).sort();

  it.each([
    ['s16.wav', 'sox', 'wav'], ['s24.wav', 'sox', 'wav'], ['mulaw.wav', 'sox', 'wav'], ['u8.wav', 'sox', 'wav'], ['a.flac', 'sox', 'flac'],
    ['surround.wav', 'sox', 'wav'], ['f32.wav', 'ffmpeg', 'wav'],
  ])('of %s, by %s, put together are the original, to the sample', async (name, by, extension) => {
    const { output, engine, faults, outcome } = await convert(audioChunks, file(name), { options: { seconds: 0.25 } });
    const pieces = names(output);
    expect([engine, faults, pieces]).toEqual([by, [], [1, 2, 3, 4, 5].map((number) => `00000${number}.${extension}`)]);
    const [whole, channels] = [samplesOf(file(name)), ffprobe(file(name)).channels];
    const lengths = pieces.map((piece) => samplesOf(join(output, piece)).length / channels);
    expect(lengths).toEqual([11_025, 11_025, 11_025, 11_025, Math.round(SECONDS * 44_100) - 4 * 11_025]);
    expect(new Float64Array(pieces.flatMap((piece) => [...samplesOf(join(output, piece))]))).toEqual(whole);
    const rows = (outcome.sidecars?.[0]?.text ?? '').trimEnd().split('\n').map((line) => JSON.parse(line) as object);
    expect(outcome.sidecars?.map((sidecar) => sidecar.name)).toEqual(['chunks.jsonl']);
    expect(rows).toEqual(pieces.map((piece, index) => ({
      file: piece, start: index * 0.25, end: Math.min(SECONDS, index * 0.25 + 0.25), samples: lengths[index],
    })));
  });

  it.each(['a.mp3', 'a.opus', 'a.m4a', 'vorbis.ogg'])('of %s are as long as each other, and all of what is decoded', async (name) => {
    const { output, faults } = await convert(audioChunks, file(name), { options: { seconds: 0.4 } });
    const { rate, channels } = ffprobe(file(name));
    const lengths = names(output).map((piece) => samplesOf(join(output, piece)).length / channels);
    expect([faults, lengths.slice(0, -1)]).toEqual([[], [0.4 * rate, 0.4 * rate]]);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(samplesOf(file(name)).length / channels);
  });

  it.each([
    [0.35, 3], [SECONDS, 1], [30, 1], [0.01, 105], [1 / 3, 4],
  ])('of %f s are %i files, without an empty one', async (seconds, count) => {
    for (const engine of ENGINES) {
      const { output, faults } = await convert(audioChunks, file('s16.wav'), { engine, options: { seconds } });
      expect([faults, names(output).length]).toEqual([[], count]);
      // A bare header of 44 bytes, then two samples of 2 bytes.
      const lengths = names(output).map((piece) => (statSync(join(output, piece)).size - 44) / 4);
      expect(lengths.slice(0, -1).every((length) => length === Math.round(seconds * 44_100))).toBe(true);
      expect(lengths.at(-1)).toBeGreaterThan(0);
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(Math.round(SECONDS * 44_100));
    }
  });

  it('leaves the shorter rest out where asked, and skips what has no more', async () => {
    const options = { seconds: 0.5, last: 'drop', list: 'csv' };
    const { output, outcome, faults } = await convert(audioChunks, file('s16.wav'), { options });
    expect([faults, names(output)]).toEqual([[], ['000001.wav', '000002.wav']]);
    expect(outcome.sidecars).toEqual([
      { name: 'chunks.csv', text: 'file,start,end,samples\n000001.wav,0,0.5,22050\n000002.wav,0.5,1,22050\n' },
    ]);
    await expect(convert(audioChunks, file('s16.wav'), { options: { seconds: 2, last: 'drop' } })).rejects.toThrow(SkipItem);
  });

  it('lists times to the nanosecond', () => {
    expect(chunkListText([{ file: 'a', from: 1, to: 4 }], 44_100, 'csv')).toBe('file,start,end,samples\na,0.000022676,0.000090703,3\n');
  });

  it('refuses to make a hundred thousand files and more, and FLAC by ffmpeg', async () => {
    const [wav, mp3] = [await probe(file('s16.wav')), await probe(file('a.mp3'))];
    const long = { ...wav, duration: 2000 };
    expect(await choose(audioChunks, long, { seconds: 0.01 })).toEqual({ refused: expect.stringMatching(/200000 files/) });
    expect(await choose(audioChunks, mp3, { format: 'flac' })).toEqual({ refused: expect.stringMatching(/choose WAV/) });
  });

  it('fails where fewer samples were written than there were', async () => {
    const media = await probe(file('s16.wav'));
    ffmpeg('-i', file('s16.wav'), '-t', '0.6', '-c:a', 'pcm_s16le', file('less.wav'));
    const converted = convert(audioChunks, file('less.wav'), { media: { ...media, path: file('less.wav') }, options: { seconds: 0.25 } });
    await expect(converted).rejects.toThrow(/samples in all pieces: expected 463\d\d to 463\d\d, found 26460/);
  });
});
