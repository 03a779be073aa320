import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, mkdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemberFiles } from '../../../../src/media/archives/memberFiles.ts';
import { loadSharp } from '../../../../src/media/sharpLibrary.ts';
import type { Service, ServiceContext } from '../../../../src/dataset/service.ts';
import { ThumbnailMaker } from '../../../../src/dataset/thumbnails/thumbnailMaker.ts';
import { createThumbnailsService } from '../../../../src/dataset/thumbnails/thumbnailsService.ts';
import type { ThumbnailSize, ThumbnailsApi } from '../../../../src/dataset/thumbnails/thumbnailsApi.ts';
import type { Thumbnail } from '../../../../src/dataset/webview/gallery/thumbnail.ts';
import { blackPng } from './hostilePictures.ts';

const FIXTURES = process.env['TRAINYARD_FIXTURES'] ?? new URL('../../../../../shared/fixtures', import.meta.url).pathname;
const MEDIA = join(FIXTURES, 'media');
const never = new AbortController().signal;
let folder: string;
let service: Service<ThumbnailsApi>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thumbnails-'));
  service = createThumbnailsService(contextOf({ search: { paths: {}, env: { PATH: '/usr/bin' }, never: [], sharpWorker: '/nowhere' } }), () => undefined);
});
afterAll(async () => {
  service.dispose();
  await rm(folder, { recursive: true, force: true });
});

const contextOf = (more: Partial<ServiceContext>): ServiceContext => ({ storage: join(folder, 'storage'), root: '/nowhere', cacheBytes: 64 * 2 ** 20, ...more });
const at = (name: string) => join(folder, name);
const ask = async (file: string, px: ThumbnailSize = 256, signal = never): Promise<Thumbnail> => service.handlers.thumbnail({ place: { file }, px }, signal);

async function picture(file: string, px: ThumbnailSize = 256) {
  const thumbnail = await ask(file, px);
  if (thumbnail.drawn !== 'picture') {
    throw new Error(`${file}: ${JSON.stringify(thumbnail)}`);
  }
  const { data, info } = await sharp(thumbnail.bytes).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([thumbnail.width, thumbnail.height]);
  const pixel = (x: number, y: number) => [...data.subarray((Math.floor(y * (info.height - 1)) * info.width + Math.floor(x * (info.width - 1))) * info.channels)].slice(0, info.channels);
  return { ...thumbnail, pixel };
}

describe('a picture', () => {
  it('is made small within a square, and never larger', async () => {
    await sharp({ create: { width: 800, height: 400, channels: 3, background: '#f00' } }).png().toFile(at('wide.png'));
    await sharp({ create: { width: 20, height: 40, channels: 3, background: '#00f' } }).png().toFile(at('tiny.png'));
    const wide = await picture(at('wide.png'));
    expect([wide.width, wide.height, wide.type, wide.hasAlpha]).toEqual([256, 128, 'image/jpeg', false]);
    expect(wide.pixel(0.5, 0.5)[0]).toBeGreaterThan(250);
    const tiny = await picture(at('tiny.png'));
    expect([tiny.width, tiny.height]).toEqual([20, 40]);
  });

  // As it is seen: red (0) at the top left, green (1) at its right, blue (2) below it, white (3).
  it.each([
    [1, [0, 1, 2, 3]], [2, [1, 0, 3, 2]], [3, [3, 2, 1, 0]], [4, [2, 3, 0, 1]], [5, [0, 2, 1, 3]], [6, [1, 3, 0, 2]], [7, [3, 1, 2, 0]], [8, [2, 0, 3, 1]],
  ])('is turned by the orientation %i of its EXIF', async (orientation, stored) => {
    const colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
    const small = Buffer.from(stored.flatMap((colour) => colours[colour]!));
    const file = at(`turned ${orientation}.jpg`);
    await sharp(small, { raw: { width: 2, height: 2, channels: 3 } })
      .resize(400, 400, { kernel: 'nearest' })
      .jpeg({ quality: 95 })
      .withMetadata({ orientation })
      .toFile(file);
    const { pixel } = await picture(file);
    const strongest = (x: number, y: number) => pixel(x, y).map((value) => (value > 128 ? 1 : 0));
    expect([strongest(0.2, 0.2), strongest(0.8, 0.2), strongest(0.2, 0.8), strongest(0.8, 0.8)]).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]);
  });

  it('keeps its transparency where it has some, and is a JPEG where its alpha is opaque throughout', async () => {
    await sharp({ create: { width: 300, height: 300, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } } }).png().toFile(at('half.png'));
    await sharp({ create: { width: 300, height: 300, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 1 } } }).png().toFile(at('opaque.png'));
    const half = await picture(at('half.png'));
    expect([half.type, half.hasAlpha]).toEqual(['image/webp', true]);
    expect(half.pixel(0.5, 0.5)[3]).toBeGreaterThan(120);
    expect((await picture(at('opaque.png'))).type).toBe('image/jpeg');
  });

  it('of 16 bits, of CMYK or grey keeps its lightness', async () => {
    execFileSync('/usr/bin/convert', ['-size', '300x300', 'xc:gray50', '-depth', '16', at('deep.png')]);
    execFileSync('/usr/bin/convert', ['-size', '300x300', 'xc:#ff0000', '-colorspace', 'CMYK', at('cmyk.jpg')]);
    const deep = await picture(at('deep.png'));
    expect(deep.pixel(0.5, 0.5)[0]).toBeGreaterThan(110);
    expect(deep.pixel(0.5, 0.5)[0]).toBeLessThan(145);
    const [red = 0, green = 255] = (await picture(at('cmyk.jpg'))).pixel(0.5, 0.5);
    expect(red).toBeGreaterThan(180);
    expect(green).toBeLessThan(80);
  });

  it('that claims 65536 x 65536 pixels is refused in words, without memory', async () => {
    await writeFile(at('bomb.png'), blackPng(65_536, 65_536, { rows: 8 }));
    const before = process.memoryUsage().rss;
    expect(await ask(at('bomb.png'))).toEqual({ drawn: 'nothing', reason: 'refused', words: '65,536 × 65,536 px is too large to be drawn small' });
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  it('of 256 megapixels that comes line by line is drawn within 300 MB; interlaced it is refused', async () => {
    await writeFile(at('large.png'), blackPng(16_000, 16_000));
    await writeFile(at('interlaced.png'), blackPng(16_000, 16_000, { interlaced: true, rows: 8 }));
    const before = process.memoryUsage().rss;
    expect((await picture(at('large.png'))).width).toBe(256);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    expect(await ask(at('interlaced.png'))).toMatchObject({ reason: 'refused' });
  });

  it('that is cut short or no picture behind its first bytes says what is wrong, and so again from the cache', async () => {
    await sharp({ create: { width: 800, height: 800, channels: 3, background: '#080', noise: { type: 'gaussian', mean: 120, sigma: 50 } } }).jpeg().toFile(at('whole.jpg'));
    await writeFile(at('cut.jpg'), readFileSync(at('whole.jpg')).subarray(0, 20_000));
    await writeFile(at('junk.jpg'), Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(5000, 7)]));
    for (const file of [at('cut.jpg'), at('junk.jpg')]) {
      const first = await ask(file);
      expect(first).toMatchObject({ drawn: 'nothing', reason: 'broken' });
      expect((first as { words: string }).words).not.toMatch(/Vips|load:/);
      expect(await ask(file)).toEqual(first);
    }
  });

  it.each(['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', '%!PS\nshowpage', 'push graphic-context\nviewbox 0 0 9 9'])('that is a program is shown as the text that it is: %s', async (script) => {
    await writeFile(at('script.png'), script);
    expect(await ask(at('script.png'))).toMatchObject({ drawn: 'text' });
  });
});

describe('what cannot be had', () => {
  it('has vanished, is a folder, or may not be read', async () => {
    await writeFile(at('gone.png'), 'x');
    await unlink(at('gone.png'));
    await mkdir(at('folder.png'));
    expect(await ask(at('gone.png'))).toEqual({ drawn: 'nothing', reason: 'vanished', words: 'is not there' });
    expect(await ask(at('folder.png'))).toEqual({ drawn: 'nothing', reason: 'refused', words: 'is a folder' });
  });

  it.skipIf(process.getuid?.() === 0)('may not be read', async () => {
    await writeFile(at('secret.png'), 'x');
    await chmod(at('secret.png'), 0);
    expect(await ask(at('secret.png'))).toMatchObject({ reason: 'refused', words: 'may not be read by this user' });
  });

  it('is empty, a pointer, or a FIFO', async () => {
    await writeFile(at('empty.png'), '');
    await writeFile(at('pointer.png'), 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n');
    execFileSync('mkfifo', [at('fifo.png')]);
    expect(await ask(at('empty.png'))).toMatchObject({ reason: 'broken', words: 'the file is empty' });
    expect(await ask(at('pointer.png'))).toMatchObject({ reason: 'broken', words: 'a Git LFS pointer, not the file itself' });
    expect(await ask(at('fifo.png'))).toMatchObject({ reason: 'refused' });
  });

  it('is not begun when it is no longer wanted', async () => {
    const gone = AbortSignal.abort();
    await sharp({ create: { width: 50, height: 50, channels: 3, background: '#fff' } }).png().toFile(at('unwanted.png'));
    await expect(ask(at('unwanted.png'), 256, gone)).rejects.toThrow();
  });

  it('lacks sharp or ffmpeg, and says so', async () => {
    const maker = new ThumbnailMaker({
      sharp: () => Promise.reject(new Error('no such library')),
      ffmpeg: async () => undefined,
      store: async () => ({ get: () => undefined, put: () => undefined, dispose: () => undefined }),
      files: new MemberFiles({ folder: at('members') }),
      trusted: false,
      pictures: 1,
      processes: 1,
    });
    await writeFile(at('some.png'), blackPng(8, 8));
    await writeFile(at('some.avi'), Buffer.from('RIFF\x00\x00\x00\x00AVI LIST', 'latin1'));
    expect(await maker.make({ file: at('some.png') }, 256, never)).toMatchObject({ reason: 'missing', words: 'sharp, which draws pictures small, does not run on this machine' });
    expect(await maker.make({ file: at('some.avi') }, 256, never)).toMatchObject({ reason: 'missing', words: 'not decoded: the workspace is not trusted' });
  });
});

describe('the poster of a film', () => {
  it('is a frame of a tenth of its length, small', async () => {
    const file = at('film.mp4');
    // Black for the first half second, then green.
    execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=black:size=640x320:rate=10:duration=0.5', '-f', 'lavfi', '-i', 'color=0x00ff00:size=640x320:rate=10:duration=9.5', '-filter_complex', 'concat', '-g', '5', '-pix_fmt', 'yuv420p', file]);
    const poster = await picture(file);
    expect([poster.width, poster.height]).toEqual([256, 128]);
    expect(poster.pixel(0.5, 0.5)[1]).toBeGreaterThan(150);
  });

  it('says why there is none', async () => {
    const file = at('broken.mp4');
    await writeFile(file, readFileSync(at('film.mp4')).subarray(0, 200));
    expect(await ask(file)).toMatchObject({ drawn: 'nothing', reason: 'broken' });
  });

  it('is also made of a BMP, which sharp does not read', async () => {
    execFileSync('/usr/bin/convert', ['-size', '400x200', 'xc:#0000ff', `bmp3:${at('blue.bmp')}`]);
    const { width, pixel } = await picture(at('blue.bmp'));
    expect(width).toBe(256);
    expect(pixel(0.5, 0.5)[2]).toBeGreaterThan(200);
  });
});

describe('the waveform of a recording', () => {
  const levelsOf = async (file: string) => {
    const thumbnail = await ask(file);
    expect(thumbnail).toMatchObject({ drawn: 'wave' });
    const { levels } = thumbnail as Extract<Thumbnail, { drawn: 'wave' }>;
    return { peaks: levels.filter((_, at) => at % 2 === 0), means: levels.filter((_, at) => at % 2 === 1) };
  };
  // Silence for the first half, then a tone at half of full scale.
  const sound = (file: string, ...how: readonly string[]) =>
    execFileSync('/usr/bin/sox', ['-n', '-r', '8000', '-c', '2', ...how, file, 'synth', '10', 'sine', '440', 'gain', '-6', 'pad', '10', '0']);

  it.each(['wav', 'aiff', 'flac', 'mp3'])('shows where it is loud (%s), and so again from the cache', async (ending) => {
    sound(at(`tone.${ending}`));
    for (let time = 0; time < 2; time++) {
      const { peaks, means } = await levelsOf(at(`tone.${ending}`));
      expect(peaks.length).toBe(120);
      expect(Math.max(...peaks.slice(5, 55))).toBeLessThan(5);
      expect(Math.min(...peaks.slice(65, 115))).toBeGreaterThan(110);
      expect(Math.max(...means)).toBeLessThan(Math.max(...peaks));
    }
  });

  it('of an hour is sampled, not read', async () => {
    const seconds = 3600;
    const header = Buffer.from('RIFF----WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data----', 'latin1');
    header.writeUInt32LE(seconds * 16_000 + 36, 4);
    header.writeUInt32LE(seconds * 16_000, 40);
    await writeFile(at('hour.wav'), header);
    execFileSync('truncate', ['-s', String(seconds * 16_000 + 44), at('hour.wav')]);
    expect(Math.max(...(await levelsOf(at('hour.wav'))).peaks)).toBe(0);
  });

  it('says what is missing, or wrong', async () => {
    await writeFile(at('broken.flac'), Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(100)]));
    expect(await ask(at('broken.flac'))).toMatchObject({ drawn: 'nothing', reason: 'broken' });
  });
});

describe('what lies in an archive', () => {
  it.each([['tar', ['tar', '-cf']], ['zip', ['zip', '-q']]] as const)('is drawn as a file is (%s)', async (ending, [program, option]) => {
    await sharp({ create: { width: 800, height: 400, channels: 3, background: '#f00' } }).jpeg().toFile(at('in.jpg'));
    await writeFile(at('in.txt'), 'Some words.');
    execFileSync('/usr/bin/sox', ['-n', '-r', '8000', at('in.wav'), 'synth', '1', 'sine', '440']);
    const archive = at(`shard.${ending}`);
    execFileSync(program, [option, archive, 'in.jpg', 'in.txt', 'in.wav'], { cwd: folder });
    const member = (name: string) => service.handlers.thumbnail({ place: { file: archive, member: name }, px: 256 }, never);
    expect(await member('in.jpg')).toMatchObject({ drawn: 'picture', width: 256, height: 128 });
    expect(await member('in.txt')).toEqual({ drawn: 'text', lines: ['Some words.'] });
    expect(await member('in.wav')).toMatchObject({ drawn: 'wave' });
    expect(await member('in.gif')).toMatchObject({ drawn: 'nothing', reason: 'vanished' });
  });
});

describe('text, conversations and series', () => {
  it('are the first lines that say something', async () => {
    await writeFile(at('caption.txt'), '\n\n  A red\tmotorcycle \nstands there.\n');
    expect(await ask(at('caption.txt'))).toEqual({ drawn: 'text', lines: ['A red motorcycle', 'stands there.'] });
  });

  it.each([
    ['LLaVA', [{ id: 1, conversations: [{ from: 'human', value: '<image>\nWhat is it?' }, { from: 'gpt', value: 'A {cup}, "red".' }] }], ['human', 'gpt'], '<image> What is it?'],
    ['chat', { messages: [{ role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'Where?' }] }, { role: 'assistant', content: 'There.' }] }, ['user', 'assistant'], '<image> Where?'],
  ])('are the first turns of a conversation (%s), in a file or in the first of many rows', async (name, value, roles, first) => {
    const row = JSON.stringify(Array.isArray(value) ? value[0] : value);
    await writeFile(at(`${name}.json`), JSON.stringify(value, null, 2));
    await writeFile(at(`${name}.jsonl`), `${row}\n${row}\n${row}\n`);
    for (const file of [at(`${name}.json`), at(`${name}.jsonl`)]) {
      const thumbnail = await ask(file);
      expect(thumbnail).toMatchObject({ drawn: 'turns' });
      const { turns } = thumbnail as Extract<Thumbnail, { drawn: 'turns' }>;
      expect(turns.map(({ role }) => role)).toEqual(roles);
      expect(turns[0]?.text).toBe(first);
    }
  });

  it('are the columns of a recording as lines, read here and there where it is long, with gaps where nothing is', async () => {
    const rows = Array.from({ length: 50_000 }, (_, row) => `${row},${Math.sin(row / 5000).toFixed(4)},${row < 25_000 ? 0 : 1},${row % 2 === 0 && row > 40_000 ? '' : row}`);
    await writeFile(at('imu.csv'), `time,accel,force,joint\n${rows.join('\n')}\n`);
    const thumbnail = (await ask(at('imu.csv'))) as Extract<Thumbnail, { drawn: 'series' }>;
    expect(thumbnail.drawn).toBe('series');
    expect(thumbnail.series.map(({ name }) => name)).toEqual(['accel', 'force', 'joint']);
    const [accel, force, joint] = thumbnail.series.map(({ values }) => values);
    expect(accel?.length).toBeGreaterThan(80);
    expect(Math.max(...(accel as number[]))).toBe(1);
    expect([force?.[0], force?.at(-1)]).toEqual([0, 1]);
    expect(joint?.[0]).toBe(0);
  });

  it('of a manifest are its lines', async () => {
    await writeFile(at('metadata.csv'), `file_name,text\n${Array.from({ length: 20 }, (_, row) => `a${row}.jpg,words ${row}`).join('\n')}\n`);
    expect(await ask(at('metadata.csv'))).toMatchObject({ drawn: 'text' });
  });
});

describe.skipIf(!existsSync(MEDIA))('the real files', () => {
  const named = (path: string) => join(MEDIA, path);

  it.each(['image/Landscape_6.jpg', 'image/Flag_of_the_Netherlands-16bit.png', 'image/16-bit-grey-alpha.png', 'image/pitm.avif', 'image/8bit_depth.tiff', 'exif/image01088.jpg', 'lhotse/big_buck_bunny_small.mp4'])('%s is drawn', async (path) => {
    expect((await picture(named(path))).width).toBeGreaterThan(1);
  });

  it.each(['image/corrupt-header.jpg', 'image/truncated.png', 'exif/IMG_5195.HEIC'])('%s is not, and says why', async (path) => {
    expect(await ask(named(path))).toMatchObject({ drawn: 'nothing', words: expect.stringMatching(/\w/) as string });
  });
});

it('loads sharp with nothing but the loaders that are let at', async () => {
  const library = await loadSharp();
  await expect(library(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')).png().toBuffer()).rejects.toThrow();
});
