import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageApi } from '../../../../src/dataset/image/imageApi.ts';
import { createImageService } from '../../../../src/dataset/image/imageService.ts';
import { TILE } from '../../../../src/dataset/webview/image/protocol.ts';
import type { PictureFacts, Tile } from '../../../../src/dataset/webview/image/protocol.ts';

let folder: string;
const service = createImageService({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0 });
const ask = async <K extends keyof ImageApi>(method: K, params: Parameters<ImageApi[K]>[0]) => service.handlers[method](params, new AbortController().signal) as Promise<ReturnType<ImageApi[K]>>;
const ref = (name: string) => ({ place: { file: join(folder, name) }, page: 0 });
const pixelsOf = async ({ bytes }: Tile) => sharp(bytes).raw().toBuffer({ resolveWithObject: true });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainyard-image-'));
  // Each pixel tells its own place: x in red, y in green.
  const [width, height] = [1100, 700];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    pixels.set([(at % width) % 251, Math.floor(at / width) % 241, 7], at * 3);
  }
  const image = () => sharp(pixels, { raw: { width, height, channels: 3 } });
  await image().png().toFile(join(folder, 'places.png'));
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    await image().withMetadata({ orientation }).tiff({ compression: 'none' }).toFile(join(folder, `turned${orientation}.tiff`));
  }
  await image().toColourspace('cmyk').tiff({ compression: 'none' }).toFile(join(folder, 'ink.tiff'));
  await image().resize(40, 30).png().toFile(join(folder, 'odd [1] name.png'));
});
afterAll(async () => {
  service.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('the pictures of a preview', () => {
  it('cuts tiles at full size without losing anything', async () => {
    const { data, info } = await pixelsOf(await ask('tile', { ...ref('places.png'), upright: true, level: 0, column: 1, row: 1 }));
    expect([info.width, info.height]).toEqual([TILE, 700 - TILE]);
    expect([...data.subarray(0, 3)]).toEqual([TILE % 251, TILE % 241, 7]);
  });

  it('halves until the whole fits into one tile', async () => {
    const { levels } = await ask('open', ref('places.png'));
    expect(levels).toBe(2);
    const { info } = await pixelsOf(await ask('tile', { ...ref('places.png'), upright: true, level: levels, column: 0, row: 0 }));
    expect([info.width, info.height]).toEqual([275, 175]);
  });

  it.each([{ level: 0, column: 3, row: 0 }, { level: 3, column: 0, row: 0 }, { level: 0, column: 0, row: 2 }])('refuses a tile that is not there: %o', async (address) => {
    await expect(ask('tile', { ...ref('places.png'), upright: true, ...address })).rejects.toThrow(/no tile/);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %i as sharp itself does', async (orientation) => {
    const file = join(folder, `turned${orientation}.tiff`);
    const wanted = await sharp(file).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const facts = await ask('open', { place: { file }, page: 0 });
    const tile = await pixelsOf(await ask('tile', { place: { file }, page: 0, upright: true, level: 0, column: 0, row: 0 }));
    expect(facts.orientation).toBe(orientation);
    for (const [x, y] of [[0, 0], [100, 5], [7, 400], [479, 479]] as const) {
      const at = (image: typeof tile) => [...image.data.subarray((y * image.info.width + x) * 3, (y * image.info.width + x) * 3 + 3)];
      expect(at(tile)).toEqual(at(wanted));
    }
  });

  it('tells values as stored, cut at the edges', async () => {
    const { x, y, width, height, values } = await ask('pixels', { ...ref('places.png'), x: 1097, y: -1, width: 8, height: 3 });
    expect({ x, y, width, height }).toEqual({ x: 1097, y: 0, width: 3, height: 2 });
    expect(values).toEqual([1097, 1098, 1099].flatMap((at) => [at % 251, 0, 7]).concat([1097, 1098, 1099].flatMap((at) => [at % 251, 1, 7])));
  });

  it('tells inks of a CMYK picture, and shows it in sRGB', async () => {
    const facts = await ask('open', ref('ink.tiff'));
    expect(facts).toMatchObject({ channels: ['C', 'M', 'Y', 'K'], ceiling: 255 });
    expect(facts.notes.join()).toMatch(/CMYK/);
    const { values } = await ask('pixels', { ...ref('ink.tiff'), x: 5, y: 5, width: 1, height: 1 });
    expect(values).toHaveLength(4);
    const { info } = await pixelsOf(await ask('tile', { ...ref('ink.tiff'), upright: true, level: 2, column: 0, row: 0 }));
    expect(info.channels).toBe(3);
  });

  it('counts every pixel in the histogram', async () => {
    const { counts, part } = await ask('histogram', ref('places.png'));
    expect(part).toBe(1);
    expect(counts.map((bins) => bins.reduce((sum, count) => sum + count, 0))).toEqual([770_000, 770_000, 770_000]);
    expect(counts[2]?.[7]).toBe(770_000);
  });

  it('reads names that libvips would take for options', async () => {
    expect(await ask('open', ref('odd [1] name.png'))).toMatchObject({ width: 40, height: 30 });
  });

  it('keeps little of a picture that is larger than memory allows, and still tells its pixels', async () => {
    const side = 16_000;
    const file = join(folder, 'large.png');
    await sharp({ create: { width: side, height: side, channels: 3, background: { r: 10, g: 200, b: 30 } }, limitInputPixels: false }).png({ compressionLevel: 1 }).toFile(file);
    const before = process.memoryUsage().rss;
    const facts: PictureFacts = await ask('open', { place: { file }, page: 0 });
    expect(facts.quickFrom).toBeGreaterThan(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    expect((await ask('pixels', { place: { file }, page: 0, x: 8000, y: 12_000, width: 1, height: 1 })).values).toEqual([10, 200, 30]);
    const { data } = await pixelsOf(await ask('tile', { place: { file }, page: 0, upright: true, level: facts.levels, column: 0, row: 0 }));
    expect(Math.abs((data[1] ?? 0) - 200)).toBeLessThan(4);
    await rm(file);
  });

  it('reads pictures inside of archives without unpacking them', async () => {
    execFileSync('/usr/bin/tar', ['-cf', join(folder, 'shard.tar'), '-C', folder, 'turned6.tiff', 'places.png']);
    const place = { file: join(folder, 'shard.tar'), member: 'places.png' };
    expect(await ask('glance', { place })).toMatchObject({ name: 'places.png', words: '1,100×700 · 8-bit rgb' });
    expect(await ask('open', { place, page: 0 })).toMatchObject({ name: 'places.png', container: 'png', width: 1100 });
    expect((await ask('pixels', { place, page: 0, x: 250, y: 3, width: 1, height: 1 })).values).toEqual([250, 3, 7]);
    await expect(ask('open', { place: { ...place, member: 'nothing.png' }, page: 0 })).rejects.toThrow(/nothing\.png/);
  });

  it('says which file is not there', async () => {
    await expect(ask('open', ref('nowhere.png'))).rejects.toThrow(/nowhere\.png is not there/);
  });

  it('answers mutated pictures with a picture or with words', async () => {
    const sound = await readFile(join(folder, 'odd [1] name.png'));
    const file = join(folder, 'mutant.png');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.option(fc.nat(sound.length)), async (changes, cut) => {
        const mutant = Buffer.from(sound);
        changes.forEach(([at, value]) => mutant.writeUInt8(value, at));
        await writeFile(file, cut === null ? mutant : mutant.subarray(0, cut));
        const outcome = await ask('open', { place: { file }, page: 0 }).then((facts) => facts.width > 0, (error: Error) => error.message.length > 0);
        expect(outcome).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
