import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { imageFit } from '../../../../src/convert/presets/image/fit.ts';
import { imageJpeg } from '../../../../src/convert/presets/image/jpeg.ts';
import { imageOrient } from '../../../../src/convert/presets/image/orient.ts';
import { imagePng } from '../../../../src/convert/presets/image/png.ts';
import { imageSquare, squareSize } from '../../../../src/convert/presets/image/square.ts';
import { imageStrip } from '../../../../src/convert/presets/image/strip.ts';
import { imageWebp } from '../../../../src/convert/presets/image/webp.ts';
import { SkipItem, type Expectation, type Preset } from '../../../../src/convert/preset.ts';
import { cleanUp, convert, convertOne, haveFixtures, identify, IMAGES, mediaOf, newFolder, withDefaults } from '../imageBench.ts';

afterEach(cleanUp);

const ENGINES = ['sharp', 'imagemagick'] as const;
const PIXEL_PRESETS = [imageFit, imageSquare, imageJpeg, imagePng, imageWebp, imageOrient];

/** A sharp edge between corners of different colours: each of the eight orientations looks different. */
async function corners(): Promise<Sharp> {
  const at = (background: string, left: number, top: number) => ({
    input: { create: { width: 40, height: 30, channels: 3 as const, background } }, left, top,
  });
  return sharp({ create: { width: 120, height: 90, channels: 3, background: '#777' } }).composite([
    at('#f00', 0, 0), at('#0f0', 80, 0), at('#00f', 0, 60), at('#ff0', 80, 60),
  ]);
}

/** The upright picture turned so that a reader which obeys `orientation` sees it upright again. */
async function storedAs(orientation: number, file: string): Promise<void> {
  const undo: Record<number, readonly string[]> = {
    1: [], 2: ['-flop'], 3: ['-rotate', '180'], 4: ['-flip'], 5: ['-transpose'], 6: ['-rotate', '270'], 7: ['-transverse'], 8: ['-rotate', '90'],
  };
  const plain = join(newFolder(), 'plain.png');
  await (await corners()).png().toFile(plain);
  convert(`png:${plain}`, ...(undo[orientation] ?? []), '-quality', '98', '-sampling-factor', '4:4:4', `jpeg:${plain}.jpg`);
  writeFileSync(file, await sharp(`${plain}.jpg`).withMetadata({ orientation }).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer());
}

async function raw(file: string | Buffer, width: number, height: number): Promise<Buffer> {
  return sharp(file).removeAlpha().toColourspace('srgb').resize(width, height, { fit: 'fill' }).raw().toBuffer();
}

function meanDifference(a: Buffer, b: Buffer): number {
  return a.length === b.length ? a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length : Infinity;
}

function fileExpectation(preset: Preset, media: Parameters<Preset['expect']>[0], engine: 'sharp' | 'imagemagick', options = {}): Expectation {
  return preset.expect(media, withDefaults(preset, options), engine) as Expectation;
}

describe.each(ENGINES)('image presets by %s', (engine) => {
  describe.each([1, 2, 3, 4, 5, 6, 7, 8])('on orientation %i', (orientation) => {
    it.each(PIXEL_PRESETS.filter((preset) => orientation !== 1 || preset !== imageOrient))('$id gives what its expectation says, upright', async (preset) => {
      const input = join(newFolder(), 'in.jpg');
      await storedAs(orientation, input);
      const media = await mediaOf(input);
      const { output, verdict } = await convertOne(preset, engine, media, { options: preset === imageSquare ? { size: 60 } : preset === imageFit ? { edge: 60 } : {} });
      expect(verdict).toEqual({ state: 'clean' });
      const expected = fileExpectation(preset, media, engine, preset === imageSquare ? { size: 60 } : preset === imageFit ? { edge: 60 } : {});
      const facts = await sharp(output).metadata();
      expect([facts.format, facts.width, facts.height, facts.orientation ?? 1]).toEqual([
        expected.container?.[0], expected.image?.width?.min, expected.image?.height?.min, 1,
      ]);
      const upright = preset === imageSquare ? (await corners()).png().toBuffer().then((bytes) => sharp(bytes).extract({ left: 15, top: 0, width: 90, height: 90 }).png().toBuffer()) : (await corners()).png().toBuffer();
      expect(meanDifference(await raw(output, 60, 45), await raw(await upright, 60, 45))).toBeLessThan(8);
    });
  });

  it('skips what is upright already', async () => {
    const input = join(newFolder(), 'in.jpg');
    await storedAs(1, input);
    await expect(convertOne(imageOrient, engine, await mediaOf(input))).rejects.toThrow(SkipItem);
  });

  it.each([
    [imageJpeg, 'strip', false],
    [imageJpeg, 'keep', true],
    [imageWebp, 'strip', false],
    [imageWebp, 'keep', true],
    [imagePng, 'strip', false],
  ] as const)('$id with metadata %s', async (preset, metadata, kept) => {
    const input = join(newFolder(), 'in.jpg');
    writeFileSync(input, await (await corners()).withExif({ IFD0: { Make: 'SecretCamera' } }).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">SecretXmp</x:xmpmeta>').jpeg().toBuffer());
    const { output } = await convertOne(preset, engine, await mediaOf(input), { options: { metadata } });
    const bytes = readFileSync(output);
    expect([bytes.includes('SecretCamera'), bytes.includes('SecretXmp')]).toEqual([kept, kept]);
  });

  it('says that pixels are encoded again to orient a JPEG', async () => {
    const input = join(newFolder(), 'in.jpg');
    await storedAs(6, input);
    const { outcome } = await convertOne(imageOrient, engine, await mediaOf(input));
    expect(outcome?.notes?.join()).toMatch(/encoded again at quality 95/);
  });

  it('turns colours of a profile into sRGB, and drops it', async () => {
    const input = join(newFolder(), 'p3.png');
    const red = sharp({ create: { width: 8, height: 8, channels: 3, background: { r: 200, g: 60, b: 60 } } });
    writeFileSync(input, await red.withIccProfile('p3').png().toBuffer());
    const { output } = await convertOne(imagePng, engine, await mediaOf(input));
    const [r = 0, g = 0, b = 0] = await sharp(output).raw().toBuffer();
    expect((await sharp(output).metadata()).hasProfile).toBe(false);
    for (const [value, expected] of [[r, 200], [g, 60], [b, 60]] as const) {
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(2);
    }
  });

  it.each([[imagePng, 'keep'], [imageJpeg, 'strip'], [imageWebp, 'strip']] as const)(
    '$id keeps samples and profile where told to', async (preset, metadata) => {
      const input = join(newFolder(), 'p3.png');
      const red = sharp({ create: { width: 8, height: 8, channels: 3, background: { r: 200, g: 60, b: 60 } } });
      writeFileSync(input, await red.withIccProfile('p3').png().toBuffer());
      const { output } = await convertOne(preset, engine, await mediaOf(input), { options: { colour: 'keep', metadata, quality: 100 } });
      const read = async (file: string) => sharp(file).keepIccProfile().raw().toBuffer();
      expect(meanDifference(await read(output), await read(input))).toBeLessThanOrEqual(1);
      expect((await sharp(output).metadata()).icc?.equals((await sharp(input).metadata()).icc ?? Buffer.alloc(0))).toBe(true);
    });

  it.skipIf(!haveFixtures)('converts a ProPhoto picture as the other engine does', async () => {
    const { output } = await convertOne(imagePng, engine, await mediaOf(join(IMAGES, 'prophoto.png')));
    const [r = 0, g = 0, b = 0] = await sharp(output).raw().toBuffer();
    expect([Math.abs(r - 0x75), Math.abs(g - 0xa0), Math.abs(b - 0xd2)].every((difference) => difference <= 1)).toBe(true);
  });

  it('converts CMYK to sRGB and says how', async () => {
    const input = join(newFolder(), 'cmyk.jpg');
    convert('-size', '16x16', 'xc:red', '-colorspace', 'CMYK', '-quality', '98', `jpeg:${input}`);
    const { output, outcome } = await convertOne(imagePng, engine, await mediaOf(input));
    const [r = 0, g = 255, b = 255] = await sharp(output).raw().toBuffer();
    expect(identify('%[channels]', output)).toMatch(/^s?rgb$/);
    expect([r > 200, g < 80, b < 80]).toEqual([true, true, true]);
    expect(outcome?.notes).toEqual(['CMYK without a profile was converted to sRGB by a general rule: colours are approximate']);
  });

  it.skipIf(!haveFixtures).each([
    ['Flag_of_the_Netherlands-16bit.png', 'rgb16'],
    ['16-bit-grey-alpha.png', 'grey16'],
    ['tbgn2c16.png', 'rgb16'],
    ['bggn4a16.png', 'grey16'],
    ['grey-8bit-alpha.png', 'b-w'],
  ])('%s stays %s as PNG', async (name, space) => {
    const media = await mediaOf(join(IMAGES, name));
    const { output, verdict } = await convertOne(imagePng, engine, media);
    const [before, after] = [await sharp(media.path).metadata(), await sharp(output).metadata()];
    expect(verdict).toEqual({ state: 'clean' });
    expect([after.space, after.channels, after.hasAlpha]).toEqual([space, before.channels, before.hasAlpha]);
  });

  it.skipIf(!haveFixtures)('says that 16 bits became 8', async () => {
    const { output, outcome } = await convertOne(imageJpeg, engine, await mediaOf(join(IMAGES, 'Flag_of_the_Netherlands-16bit.png')));
    expect((await sharp(output).metadata()).depth).toBe('uchar');
    expect(outcome?.notes).toEqual(['16 bits a channel became 8: jpeg holds no more']);
  });

  it('keeps grey grey, and RGB that happens to be grey RGB', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'rgb.png'), await sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } }).png().toBuffer());
    convert('-size', '8x8', 'gradient:', '-colorspace', 'Gray', `jpeg:${join(folder, 'grey.jpg')}`);
    const channels = async (preset: Preset, name: string) =>
      (await sharp((await convertOne(preset, engine, await mediaOf(join(folder, name)))).output).metadata()).channels;
    expect([
      await channels(imageJpeg, 'grey.jpg'), await channels(imagePng, 'grey.jpg'),
      await channels(imageJpeg, 'rgb.png'), await channels(imagePng, 'rgb.png'),
    ]).toEqual([1, 1, 3, 3]);
  });

  it.each([['white', 255], ['grey', 128], ['black', 0]] as const)('lays transparent pixels on %s for JPEG, and says so', async (background, value) => {
    const input = join(newFolder(), 'clear.png');
    writeFileSync(input, await sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } }).png().toBuffer());
    const { output, outcome } = await convertOne(imageJpeg, engine, await mediaOf(input), { options: { background } });
    expect([...(await sharp(output).raw().toBuffer())].slice(0, 3).every((sample) => Math.abs(sample - value) <= 1)).toBe(true);
    expect(outcome?.notes).toEqual([`transparent pixels were laid on ${background}`]);
  });

  it('keeps transparency as WebP, and every sample where lossless', async () => {
    const input = join(newFolder(), 'half.png');
    convert('-size', '20x20', 'plasma:red-blue', '-alpha', 'set', '-channel', 'A', '-evaluate', 'set', '50%', `png32:${input}`);
    const { output } = await convertOne(imageWebp, engine, await mediaOf(input), { options: { lossless: true } });
    expect((await sharp(output).raw().toBuffer()).equals(await sharp(input).toColourspace('srgb').raw().toBuffer())).toBe(true);
  });

  it.each(['gif', 'webp'] as const)('takes the first picture of an animated %s, and says so', async (format) => {
    const input = join(newFolder(), `moving.${format}`);
    const pixels = Buffer.alloc(3 * 8 * 24, 10).fill(120, 3 * 64, 3 * 128).fill(250, 3 * 128);
    writeFileSync(input, await sharp(pixels, { raw: { width: 8, height: 24, channels: 3, pageHeight: 8 } }).toFormat(format, { lossless: true }).toBuffer());
    const media = await mediaOf(input);
    const { output, outcome, verdict } = await convertOne(imagePng, engine, media);
    expect(verdict).toEqual({ state: 'clean' });
    expect(identify('%n %w %h;', output)).toBe('1 8 8;');
    expect((await sharp(output).raw().toBuffer())[0]).toBe(10);
    expect(outcome?.notes).toEqual(['only the first of 3 pictures was taken']);
  });

  it('fails a truncated JPEG, and keeps it in salvage with the decoder\'s words', async () => {
    const input = join(newFolder(), 'cut.jpg');
    convert('-size', '200x200', 'plasma:red-blue', `jpeg:${input}`);
    const media = await mediaOf(input);
    writeFileSync(input, readFileSync(input).subarray(0, 3000));
    const strict = await convertOne(imageFit, engine, media, { options: { edge: 50 } });
    expect(['failed', 'complained']).toContain(strict.verdict.state);
    const salvaged = await convertOne(imageFit, engine, media, { options: { edge: 50 }, salvage: true });
    expect(salvaged.verdict).toMatchObject({ state: 'complained', lines: [expect.stringMatching(/premature end/i), ...(salvaged.verdict.state === 'complained' ? salvaged.verdict.lines.slice(1) : [])] });
    expect(identify('%w %h', salvaged.output)).toBe('50 50');
  });

  it.skipIf(!haveFixtures).each([
    ['corrupt-header.jpg', { container: 'jpeg' as const, width: 100, height: 100 }],
    ['truncated.png', {}],
  ])('fails %s', async (name, given) => {
    const { verdict } = await convertOne(imageJpeg, engine, await mediaOf(join(IMAGES, name), given));
    expect(verdict.state).toBe('failed');
  });

  it('refuses a bomb of 30000 x 30000 pixels before and during the run', async () => {
    const input = join(newFolder(), 'bomb.png');
    writeFileSync(input, bomb(30_000));
    await expect(convertOne(imageFit, engine, await mediaOf(input, { container: 'png', width: 30_000, height: 30_000 }))).rejects.toThrow(/more than/);
    const lied = await convertOne(imageFit, engine, await mediaOf(input, { container: 'png', width: 300, height: 300 }));
    expect(lied.verdict.state).toBe('failed');
  });
});

describe('what no engine is asked to read', () => {
  it.each(['svg', 'pdf', 'postscript', 'mvg', 'msl', 'psd'] as const)('%s is refused by every image preset', async (container) => {
    const media = await mediaOf('/nowhere', { container, width: 10, height: 10 });
    for (const preset of [...PIXEL_PRESETS, imageStrip]) {
      expect(preset.refuse?.(media, withDefaults(preset))).toMatch(container);
    }
  });

  it('a picture of unknown size is refused', async () => {
    const media = await mediaOf('/nowhere', { container: 'jpeg', width: { absent: 'broken header' } });
    expect(imageFit.refuse?.(media, withDefaults(imageFit))).toMatch(/not known/);
  });
});

it('ImageMagick is not asked to strip a PNG that keeps its profile, which it would lose', async () => {
  const media = await mediaOf('/nowhere', { container: 'png', width: 8, height: 8, profile: true });
  const reasons = imagePng.methods.map((method) => method.refuse?.(media, withDefaults(imagePng, { colour: 'keep' })));
  expect(reasons).toEqual([undefined, expect.stringMatching(/colour profile/)]);
});

describe('image.square', () => {
  it.each([
    [{ width: 300, height: 200 }, 100, false, { resize: { width: 150, height: 100 }, edge: 100 }],
    [{ width: 200, height: 300 }, 100, false, { resize: { width: 100, height: 150 }, edge: 100 }],
    [{ width: 300, height: 80 }, 100, false, { edge: 80 }],
    [{ width: 300, height: 80 }, 100, true, { resize: { width: 375, height: 100 }, edge: 100 }],
  ])('of %o at %i (enlarge: %s)', (whole, size, mayEnlarge, expected) => {
    expect(squareSize(whole, size, mayEnlarge)).toEqual(expected);
  });
});

describe('image.strip', () => {
  it('runs in the worker and says what became of the orientation', async () => {
    const input = join(newFolder(), 'in.jpg');
    await storedAs(6, input);
    const media = await mediaOf(input);
    const kept = await convertOne(imageStrip, 'sharp', media);
    const dropped = await convertOne(imageStrip, 'sharp', media, { options: { orientation: false } });
    expect([kept.verdict.state, dropped.verdict.state]).toEqual(['clean', 'clean']);
    expect(kept.outcome?.notes).toEqual(['orientation 6 was kept: the pixels are not upright as stored']);
    expect(dropped.outcome?.notes).toEqual(['orientation 6 was dropped: the picture is no longer shown upright']);
    expect((await sharp(kept.output).metadata()).orientation).toBe(6);
    expect((await sharp(dropped.output).metadata()).orientation).toBeUndefined();
  });
});

/** A PNG that claims 1-bit pixels of this size; its data is a few bytes of zeros. */
function bomb(edge: number): Buffer {
  const tiny = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');
  tiny.writeUInt32BE(edge, 16);
  tiny.writeUInt32BE(edge, 20);
  tiny.writeUInt32BE(crc(tiny.subarray(12, 29)), 29);
  return tiny;
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
  }
  return (value ^ 0xffffffff) >>> 0;
}
