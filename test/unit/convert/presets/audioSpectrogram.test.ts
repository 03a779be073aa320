import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { audioSpectrogram } from '../../../../src/convert/presets/audio/spectrogram.ts';
import { spectrogramColumns } from '../../../../src/convert/presets/audio/spectrogramColumns.ts';
import { choose, cleanUp, convert, newFolder, probe, sox, writeWav } from '../audioBench.ts';
import { makeSamples } from './audioSamples.ts';

const samples = newFolder();
const file = (name: string): string => join(samples, name);

beforeAll(() => makeSamples(samples));
afterEach(() => cleanUp([samples]));
afterAll(() => cleanUp());

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Brightness, from the left and from the top. */
  readonly at: (x: number, y: number) => number;
}

async function pixels(path: string): Promise<Picture> {
  const { data, info } = await sharp(path).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, at: (x, y) => data[y * info.width + x] ?? 0 };
}

describe('audio.spectrogram', () => {
  it.each(['sox', 'ffmpeg'] as const)('by %s shows a tone at its height and time, and nothing in silence', async (engine) => {
    sox('-n', '-r', '16000', '-b', '16', file('tone.wav'), 'synth', '1', 'sine', '2000', 'gain', '-6', 'pad', '1', '1');
    const options = { width: 300, height: 129, axes: false };
    const { output, faults } = await convert(audioSpectrogram, file('tone.wav'), { engine, options });
    const picture = await pixels(output);
    expect(faults).toEqual([]);
    // 2 kHz of 8 is a quarter of the way up.
    const row = Math.round(picture.height * 0.75);
    const brightest = [...Array(picture.height).keys()].sort((a, b) => picture.at(150, b) - picture.at(150, a))[0] ?? 0;
    expect(Math.abs(brightest - row)).toBeLessThan(4);
    expect(picture.at(150, row)).toBeGreaterThan(picture.at(30, row) + 100);
    expect(picture.at(150, row)).toBeGreaterThan(picture.at(picture.width - 30, row) + 100);
  });

  it('is as large as asked, axes and their labels aside', async () => {
    const sizeOf = async (name: string, options: object) => {
      const { output, faults } = await convert(audioSpectrogram, file(name), { options: { ...options } });
      const { width, height } = await sharp(output).metadata();
      return [faults, width, height];
    };
    sox('-n', '-r', '44100', '-b', '16', file('long.wav'), 'synth', '20', 'pinknoise');
    expect(await sizeOf('long.wav', { width: 500, height: 257, axes: false })).toEqual([[], expect.any(Number), 257]);
    expect((await sizeOf('long.wav', { width: 500, height: 257, axes: false }))[1]).toBeGreaterThan(490);
    expect((await sizeOf('long.wav', { width: 500, height: 257 }))[2]).toBe(257 + 78);
    expect(await sizeOf('a.m4a', { width: 400, height: 100, axes: false })).toEqual([[], 400, 100]);
    // ffmpeg's transform is slow but for powers of two.
    expect(await sizeOf('a.m4a', { width: 400, height: 129, axes: false })).toEqual([[], 400, 128]);
  });

  it('holds the range that is asked for', async () => {
    const mean = async (range: number): Promise<number> => {
      const { output } = await convert(audioSpectrogram, file('s16.wav'), { options: { range, axes: false, width: 200, height: 65 } });
      const { channels } = await sharp(output).greyscale().stats();
      return channels[0]?.mean ?? 0;
    };
    expect(await mean(150)).toBeGreaterThan((await mean(50)) + 20);
  });

  it('says where there are fewer columns than asked, and where ffmpeg drew it', async () => {
    writeWav(file('brief.wav'), new Array<number>(200).fill(0).map((_, index) => 9000 * Math.sin(index)));
    const brief = await convert(audioSpectrogram, file('brief.wav'), { options: { axes: false } });
    expect([brief.engine, brief.outcome.notes]).toEqual(['sox', [expect.stringMatching(/^\d+ columns: there is not more to draw$/)]]);
    const drawn = await convert(audioSpectrogram, file('a.mp3'));
    expect([drawn.engine, drawn.outcome.notes]).toEqual(['ffmpeg', [expect.stringMatching(/drawn by ffmpeg/)]]);
  });

  it('is left to ffmpeg where sox could not draw a column', async () => {
    writeWav(file('one.wav'), [9000]);
    expect(await choose(audioSpectrogram, await probe(file('one.wav')))).toBe('ffmpeg');
  });

  // sox says of an end that is left out only at a level that nobody reads.
  it.each([
    [8000, 40, 100, 65], [8000, 1200, 1000, 257], [11_025, 33_075, 500, 129], [16_000, 48_000, 800, 257], [22_050, 3681, 814, 513],
    [44_100, 132_300, 800, 257], [44_100, 2_000_000, 1500, 200], [48_000, 48_001, 333, 65], [96_000, 500, 300, 129],
    [192_000, 400_000, 1000, 513],
  ])('at %i Hz, %i samples are all in %i columns by %i', (rate, count, width, height) => {
    const { span, columns } = spectrogramColumns({ samples: count, rate, width, height });
    const drawn = ['spectrogram', '-x', String(width), '-d', `${span}s`, '-y', String(height), '-r', '-o', file('drawn.png')];
    const args = ['-V3', '-D', '-r', String(rate), '-c', '1', '-n', '-n', 'synth', `${count}s`, 'sine', '200', ...drawn];
    const said = execFileSync('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', '/usr/bin/sox', ...args], { encoding: 'utf8' });
    const found = Number(execFileSync('/usr/bin/identify', ['-format', '%w', file('drawn.png')], { encoding: 'utf8' }));
    expect(said).not.toMatch(/truncated/);
    expect(Math.abs(found - columns)).toBeLessThanOrEqual(1);
    expect(found).toBeLessThanOrEqual(width);
  });
});
