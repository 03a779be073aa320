import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Handlers } from '../../../src/base/endpoint.ts';
import type { ArraysApi } from '../../../src/dataset/arrays/arraysApi.ts';
import { createArraysService } from '../../../src/dataset/arrays/arraysService.ts';
import type { AudioApi } from '../../../src/dataset/audio/audioApi.ts';
import { createAudioService } from '../../../src/dataset/audio/audioService.ts';
import { createSensorsService } from '../../../src/dataset/sensors/sensorsService.ts';
import type { SensorsApi } from '../../../src/dataset/sensors/sensorsApi.ts';
import type { ServiceContext } from '../../../src/dataset/service.ts';
import { createThumbnailsService } from '../../../src/dataset/thumbnails/thumbnailsService.ts';
import type { ThumbnailsApi } from '../../../src/dataset/thumbnails/thumbnailsApi.ts';
import type { VideoApi } from '../../../src/dataset/video/videoApi.ts';
import { createVideoService } from '../../../src/dataset/video/videoService.ts';
import { loadSqlite } from '../../../src/base/sqlite.ts';
import { PACKINGS, placeOf } from '../media/archives/packed.ts';
import { floats, npyBytes, safetensorsBytes, zipBytes } from '../media/arrays/arrayBytes.ts';
import { JSON_TOPIC, mcapBytes, regular } from '../media/sensors/mcapBytes.ts';
import { ffmpeg, temporaryFolder } from '../media/support.ts';

const never = new AbortController().signal;
type Create<Api> = (context: ServiceContext, tell: () => void) => { readonly handlers: Handlers<Api>; dispose(): void };

/** A service that is ended with its test, after which no copy may be left. */
function serve<Api>(create: Create<Api>) {
  const storage = temporaryFolder();
  const service = create({ storage, root: '/nonexistent', cacheBytes: 2 ** 24, search: { paths: {}, env: process.env, never: [], sharpWorker: '' } }, () => undefined);
  onTestFinished(async () => {
    service.dispose();
    const members = join(storage, 'members');
    while (readdirSync(storage).includes('members') && readdirSync(members).length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  return async <K extends keyof Api & string>(method: K, params: unknown) =>
    (await (service.handlers as unknown as Record<string, (params: unknown, signal: AbortSignal) => unknown>)[method]!(params, never)) as Api[K] extends (params: never) => infer R ? R : never;
}

const folder = temporaryFolder();

/** Made once for all packings. */
function made(name: string, ...args: readonly string[]): Buffer {
  const file = join(folder, name);
  if (!existsSync(file)) {
    ffmpeg(...args, file);
  }
  return readFileSync(file);
}

describe.each(PACKINGS)('in %s', (packing) => {
  const npy = npyBytes("'<f4'", [2, 3], floats(1, 2, 3, 4, 5, 6));
  it.each([
    ['x.npy', npy, 'array'],
    ['x.npz', zipBytes([{ name: 'a.npy', data: npy, deflated: true }]), 'a'],
    ['x.safetensors', safetensorsBytes({ a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } }, floats(1, 2, 3, 4, 5, 6)), 'a'],
  ])('arrays are opened: %s', async (name, bytes, path) => {
    const ask = serve<ArraysApi>(createArraysService);
    const { id, file } = await ask('open', { place: placeOf(packing, name, bytes) });
    expect(file).toMatchObject({ bytes: bytes.length, problems: [] });
    const range = (stop: number) => ({ start: 0, stop });
    const { cells } = await ask('table', { id, path, at: [], rowDimension: 0, columnDimension: 1, rows: range(2), columns: range(3) });
    expect(cells).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('HDF5 is opened, though its library opens paths alone', async () => {
    const bytes = inflateSync(Buffer.from((JSON.parse(readFileSync(new URL('../media/arrays/hdf5.json', import.meta.url), 'utf8')) as { pieces: string[] }).pieces.join(''), 'base64'));
    const ask = serve<ArraysApi>(createArraysService);
    expect((await ask('open', { place: placeOf(packing, 'x.h5', bytes) })).file).toMatchObject({ format: 'hdf5', bytes: bytes.length });
  });

  it('recordings of sensors are opened', async () => {
    const ask = serve<SensorsApi>(createSensorsService);
    const bytes = await mcapBytes([JSON_TOPIC], regular(100, 100, (nth) => ({ x: nth })));
    const { messages, topics } = await ask('open', { place: placeOf(packing, 'x.mcap', bytes) });
    expect(messages).toBe(100);
    const { nodes } = await ask('message', { topic: topics[0]?.id, time: 5e8, side: 'before' });
    expect(nodes.map(({ value }) => value)).toContain('50');
  });

  it('rosbag2 in SQLite is opened, though SQLite opens paths alone', async () => {
    const path = join(temporaryFolder(), 'bag.db3');
    const database = (await loadSqlite()).open(path);
    database.exec('CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT, type TEXT, serialization_format TEXT); CREATE TABLE messages (id INTEGER PRIMARY KEY, topic_id INTEGER, timestamp INTEGER, data BLOB)');
    database.exec("INSERT INTO topics VALUES (1, '/a', 'std_msgs/msg/Bool', 'cdr'); INSERT INTO messages VALUES (1, 1, 10, x'0001'), (2, 1, 20, x'0001')");
    database.close();
    const ask = serve<SensorsApi>(createSensorsService);
    expect(await ask('open', { place: placeOf(packing, 'x.db3', readFileSync(path)) })).toMatchObject({ messages: 2, topics: [{ name: '/a' }] });
  });

  it.each([['x.wav', []], ['x.flac', []], ['x.mp3', []], ['x.m4a', ['-f', 'mp4']]] as const)('sound is heard: %s', async (name, more) => {
    const bytes = made(name, '-f', 'lavfi', '-i', 'sine=f=440:r=16000:d=2', '-ac', '1', ...more);
    const place = placeOf(packing, name, bytes, { 'x.txt': 'spoken words' });
    const ask = serve<AudioApi>(createAudioService);
    const facts = await ask('open', { place });
    expect(facts).toMatchObject({ sampleRate: 16_000, channels: 1, size: bytes.length, host: true, problems: [] });
    const { frames, data } = await ask('samples', { place, from: 8000, count: 4000 });
    expect(frames).toBe(4000);
    expect(Math.max(...data)).toBeGreaterThan(data instanceof Float32Array ? 0.1 : 3000);
    expect(Buffer.from(await ask('bytes', { place, start: 100, length: 2 ** 20 })).equals(bytes.subarray(100, 100 + 2 ** 20))).toBe(true);
    const transcript = await ask('transcript', { place });
    expect(transcript?.rows[0]?.text).toBe(packing === 'Parquet' ? undefined : 'spoken words');
    for (let done = 0; done < 1; ) {
      const progress = await ask('progress', { place });
      expect(progress.problem).toBeUndefined();
      ({ done } = progress);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it.each([['x.mp4', ['-c:v', 'libx264']], ['x.avi', ['-c:v', 'mpeg4', '-q:v', '1']]] as const)('films are seen: %s', async (name, codec) => {
    const bytes = made(name, '-f', 'lavfi', '-i', "color=c=black:s=160x96:r=25:d=2,format=yuv420p,geq=lum='20+3*N':cb=128:cr=128", ...codec);
    const place = placeOf(packing, name, bytes);
    const ask = serve<VideoApi>(createVideoService);
    expect(await ask('open', { place })).toMatchObject({ width: 160, height: 96, size: bytes.length, host: true });
    const { pts, ticks, count } = await ask('packets', { place, from: 0 });
    expect(count).toBe(50);
    const picture = await ask('frame', { place, time: pts[31]! / ticks, width: 160 });
    const grey = (await sharp(picture).greyscale().raw().toBuffer())[5000]!;
    // 20 and 3 for each picture, of a range from 16 to 235.
    expect(Math.abs(grey - ((20 + 3 * 31 - 16) * 255) / 219)).toBeLessThan(3);
  });

  it('a thumbnail is drawn of a picture, a sound, a film and a text', async () => {
    const ask = serve<ThumbnailsApi>(createThumbnailsService);
    const members = {
      'x.png': await sharp({ create: { width: 800, height: 400, channels: 3, background: '#f00' } }).png().toBuffer(),
      'x.wav': made('t.wav', '-f', 'lavfi', '-i', 'sine=f=440:r=16000:d=2'),
      'x.mp4': made('t.mp4', '-f', 'lavfi', '-i', 'testsrc=s=160x96:d=1'),
      'x.txt': Buffer.from('some words'),
    };
    const drawn = [];
    for (const [name, bytes] of Object.entries(members)) {
      drawn.push((await ask('thumbnail', { place: placeOf(packing, name, bytes), px: 256 })).drawn);
    }
    expect(drawn).toEqual(['picture', 'wave', 'picture', 'text']);
  });
});

it('a thumbnail of a member is taken from the store without unpacking it anew', async () => {
  const ask = serve<ThumbnailsApi>(createThumbnailsService);
  const place = placeOf('tar.gz', 'x.png', await sharp({ create: { width: 300, height: 300, channels: 3, background: '#0f0' } }).png().toBuffer());
  const first = await ask('thumbnail', { place, px: 256 });
  const { size, mtime } = statSync(place.file);
  utimesSync(place.file, mtime, mtime);
  expect(await ask('thumbnail', { place, px: 256 })).toMatchObject({ drawn: 'picture', width: 256 });
  // No archive any more, of the same size and time.
  writeFileSync(place.file, Buffer.alloc(size));
  utimesSync(place.file, mtime, mtime);
  const then = await ask('thumbnail', { place, px: 256 });
  expect(then.drawn === 'picture' && first.drawn === 'picture' && Buffer.from(then.bytes).equals(Buffer.from(first.bytes))).toBe(true);
});
