import { afterEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import sharp from 'sharp';
import { fitSize, imageFit } from '../../../../src/convert/presets/image/fit.ts';
import { cleanUp, convert, convertOne, haveFixtures, identify, IMAGES, mediaOf, newFolder } from '../imageBench.ts';

afterEach(cleanUp);

describe('image.fit', () => {
  it.each([
    [{ width: 1920, height: 1080 }, 512, false, { width: 512, height: 288 }],
    [{ width: 1080, height: 1920 }, 512, false, { width: 288, height: 512 }],
    [{ width: 10_000, height: 3 }, 100, false, { width: 100, height: 1 }],
    [{ width: 100, height: 50 }, 512, false, undefined],
    [{ width: 100, height: 50 }, 512, true, { width: 512, height: 256 }],
    [{ width: 512, height: 512 }, 512, true, undefined],
  ])('fits %o to %i (enlarge: %s)', (size, edge, mayEnlarge, expected) => {
    expect(fitSize(size, edge, mayEnlarge)).toEqual(expected);
  });

  describe.each(['sharp', 'imagemagick'] as const)('by %s', (engine) => {
    it.each(['jpeg', 'png', 'webp'] as const)('writes %s of the computed size', async (format) => {
      const input = join(newFolder(), 'in.jpg');
      convert('-size', '301x200', 'plasma:red-blue', `jpeg:${input}`);
      const { output, verdict, tool } = await convertOne(imageFit, engine, await mediaOf(input), { options: { edge: 100, format } });
      expect(tool.stderr).toBe('');
      expect(verdict).toEqual({ state: 'clean' });
      expect(identify('%m %w %h', output)).toBe(`${format.toUpperCase()} 100 66`);
    });

    it.skipIf(!haveFixtures).each([2, 4, 5, 6, 7, 8])('brings a picture of orientation %i upright', async (orientation) => {
      const media = await mediaOf(join(IMAGES, `Landscape_${orientation}.jpg`));
      const { output } = await convertOne(imageFit, engine, media, { options: { edge: 96, format: 'png' } });
      const facts = await sharp(output).metadata();
      expect([facts.width, facts.height, facts.orientation ?? 1]).toEqual([96, 72, 1]);
      const upright = await sharp(join(IMAGES, 'Landscape_2.jpg')).autoOrient().resize(96, 72, { fit: 'fill' }).raw().toBuffer();
      const made = await sharp(output).removeAlpha().raw().toBuffer();
      expect(meanDifference(made, upright)).toBeLessThan(10);
    });
  });
});

/** Mean absolute difference of two buffers of samples, 0 to 255. */
function meanDifference(a: Buffer, b: Buffer): number {
  expect(a.length).toBe(b.length);
  let sum = 0;
  for (const [index, value] of a.entries()) {
    sum += Math.abs(value - (b[index] ?? 0));
  }
  return sum / a.length;
}
