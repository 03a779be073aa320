import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { videoContactSheet } from '../../../../src/convert/presets/video/contactSheet.ts';
import { videoFrames } from '../../../../src/convert/presets/video/frames.ts';
import { videoPoster } from '../../../../src/convert/presets/video/poster.ts';
import { cleanUp, convertFile } from '../videoBench.ts';
import { sample } from './videoSamples.ts';

afterEach(cleanUp);

/** Red, green and blue in the middle of a part of a picture, 0 to 255. */
async function pixel(path: string, left: number, top: number): Promise<readonly number[]> {
  return [...(await sharp(readFileSync(path)).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer())];
}

describe('a poster', () => {
  it.each(['tracks.mkv', 'silent.webm', 'odd.mkv', 'single.mp4', 'stream.ts', 'turned.mp4', 'variable.mp4'] as const)(
    'of %s keeps its promise at any place',
    async (name) => {
      const faults = await Promise.all([50, 100].map(async (at) => (await convertFile(videoPoster, sample(name), { at })).unmatched));
      expect(faults).toEqual([[], []]);
    },
  );

  it.each([
    [{ at: 0 }, 0],
    [{ at: 50 }, 0.5],
    [{ unit: 'seconds', at: 1.5 }, 0.75],
    [{ at: 100 }, 0.975],
  ] as const)('at %o shows that place', async (options, share) => {
    const { output } = await convertFile(videoPoster, sample('ramp.mp4'), { ...options, format: 'png' });
    expect(Math.abs(((await pixel(output, 30, 20))[0] ?? NaN) - 255 * share)).toBeLessThan(8);
  });

  it('after the last frame is the last frame, and says so', async () => {
    const { outcome, unmatched } = await convertFile(videoPoster, sample('late.mkv'), { unit: 'seconds', at: 2.4 });
    const fallback = await convertFile(videoPoster, sample('stream.ts'), { at: 100 });
    expect([unmatched, outcome.notes]).toEqual([[], undefined]);
    expect([fallback.unmatched, fallback.outcome.notes]).toEqual([[], ['no frame follows the place: the last one was taken']]);
  });

  it.each([
    [{ at: 101 }, /no place after 100 %/],
    [{ unit: 'seconds', at: 3 }, /it is only 2 s long/],
  ] as const)('at %o is refused', async (options, reason) => {
    await expect(convertFile(videoPoster, sample('plain.mp4'), options)).rejects.toThrow(reason);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('in %s is written, and gives the same bytes again', async (format) => {
    const [first, second] = [await convertFile(videoPoster, sample('plain.mp4'), { format }), await convertFile(videoPoster, sample('plain.mp4'), { format })];
    expect([first.unmatched, first.made.container]).toEqual([[], format]);
    expect(readFileSync(first.output).equals(readFileSync(second.output))).toBe(true);
  });

  it.each(['jpeg', 'png', 'webp'] as const)('in %s has the colours of the video, whose matrix is BT.709', async (format) => {
    const { output } = await convertFile(videoPoster, sample('red.mp4'), { format, quality: 100 });
    const [red = NaN, green = NaN, blue = NaN] = await pixel(output, 30, 20);
    expect(red).toBeGreaterThan(248);
    expect(Math.max(green, blue)).toBeLessThan(6);
  });

  it('is larger at a higher quality', async () => {
    const sizes = await Promise.all([5, 50, 90, 100].map(async (quality) => (await convertFile(videoPoster, sample('plain.mp4'), { quality })).made.size));
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  });
});

describe('a contact sheet', () => {
  it.each(['odd.mkv', 'single.mp4', 'stream.ts', 'turned.mp4', 'old.avi', 'variable.mp4', 'rgb.mov', 'still.mp4', 'cover.mp4'] as const)(
    'of %s keeps its promise',
    async (name) => {
      expect((await convertFile(videoContactSheet, sample(name), { width: 40 })).unmatched).toEqual([]);
    },
  );

  it('shows frames from the middle of equal shares of the length, row by row', async () => {
    const { output } = await convertFile(videoContactSheet, sample('ramp.mp4'), { columns: 4, rows: 2, width: 64, gap: 4, format: 'png' });
    const cells = await Promise.all(Array.from({ length: 8 }, (_, cell) => pixel(output, (cell % 4) * 68 + 32, Math.floor(cell / 4) * 52 + 24)));
    for (const [cell, [level = NaN]] of cells.entries()) {
      expect(Math.abs(level - (255 * (cell + 0.5)) / 8), `cell ${cell}`).toBeLessThan(10);
    }
  });

  it('leaves cells black where there are too few key frames', async () => {
    const { output, unmatched } = await convertFile(videoContactSheet, sample('ramp.mp4'), { columns: 2, rows: 1, width: 64, gap: 4, decode: 'keyFrames', format: 'png' });
    expect(unmatched).toEqual([]);
    expect(await pixel(output, 68 + 32, 24)).toEqual([0, 0, 0]);
  });

  it('that no JPEG could hold is refused', async () => {
    await expect(convertFile(videoContactSheet, sample('plain.mp4'), { columns: 40, width: 3840 })).rejects.toThrow(/refused: the sheet would be 153756 x/);
  });
});

it('frames in JPEG have the colours of the video, whose matrix is BT.709', async () => {
  const { output } = await convertFile(videoFrames, sample('red.mp4'), { quality: 100 });
  expect((await pixel(`${output}/000001.jpg`, 30, 20))[0]).toBeGreaterThan(248);
});
