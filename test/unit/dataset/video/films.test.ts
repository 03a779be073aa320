import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitJpegs } from '../../../../src/dataset/video/frames.ts';
import { parsePackets } from '../../../../src/dataset/video/packetTable.ts';
import type { VideoApi } from '../../../../src/dataset/video/videoApi.ts';
import { createVideoService } from '../../../../src/dataset/video/videoService.ts';

const NEVER = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'trainyard-films-'));
const make = (trusted: boolean) =>
  createVideoService({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0, ...(trusted && { search: { paths: {}, env: process.env, never: [], sharpWorker: '' } }) }, () => undefined);
const service = make(true);
const untrusted = make(false);
const FIXTURES = process.env.TRAINYARD_FIXTURES ?? join(import.meta.dirname, '../../../../../shared/fixtures');

async function ask<K extends keyof VideoApi>(method: K, params: Parameters<VideoApi[K]>[0], of = service): Promise<ReturnType<VideoApi[K]>> {
  return (await of.handlers[method](params, NEVER)) as ReturnType<VideoApi[K]>;
}

/** Fifty pictures at 25 a second, each a grey of its own. */
const film = (name: string) => join(folder, name);

beforeAll(() => {
  for (const [name, args] of [['greys.mp4', ['-c:v', 'libx264', '-bf', '2', '-g', '20']], ['greys.mkv', ['-c:v', 'libvpx-vp9', '-g', '20']], ['greys.ts', ['-c:v', 'libx264', '-bf', '2']], ['greys.avi', ['-c:v', 'mpeg4', '-q:v', '1']]] as const) {
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', "color=c=black:s=160x96:r=25:d=2,format=yuv420p,geq=lum='20+3*N':cb=128:cr=128", ...args, film(name)]);
  }
});
afterAll(() => {
  service.dispose();
  untrusted.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function greyOf(jpeg: Uint8Array): Promise<number> {
  const { data } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  return data[data.length >> 1] as number;
}

describe('films', () => {
  it.each(['greys.mp4', 'greys.mkv', 'greys.ts', 'greys.avi'])('give the picture of each time: %s', async (name) => {
    const place = { file: film(name) };
    await ask('open', { place });
    const { pts, ticks, count } = await ask('packets', { place, from: 0 });
    expect(count).toBe(50);
    for (const index of [0, 1, 7, 31, 49]) {
      const jpeg = await ask('frame', { place, time: (pts[index] as number) / ticks, width: 320 });
      expect(Math.round(((await greyOf(jpeg)) * 219) / 255 - 4) / 3).toBeCloseTo(index, -0.5);
    }
  }, 60_000);

  it.each(['greys.mp4', 'greys.mkv'])('have the same packets by mediabunny as by ffprobe: %s', async (name) => {
    const place = { file: film(name) };
    const [probed, demuxed] = [await ask('packets', { place, from: 0 }), await ask('packets', { place, from: 0 }, untrusted)];
    expect([...demuxed.keys]).toEqual([...probed.keys]);
    demuxed.pts.forEach((pts, index) => expect(pts / demuxed.ticks).toBeCloseTo((probed.pts[index] as number) / probed.ticks, 3));
    expect([...demuxed.dts].every(Number.isNaN)).toBe(true);
    expect(demuxed.dtsNote).toContain('ffprobe');
  });

  it('give the packets in parts', async () => {
    const place = { file: film('greys.mp4') };
    const { pts, count } = await ask('packets', { place, from: 48 });
    expect([pts.length, count]).toEqual([2, 50]);
  });

  it('give the pictures of a second, evenly', async () => {
    const clip = await ask('clip', { place: { file: film('greys.avi') }, time: 0.5, width: 160, rate: 10 });
    expect(clip.length).toBeGreaterThanOrEqual(9);
    const greys = await Promise.all(clip.map(greyOf));
    expect(greys).toEqual([...greys].sort((a, b) => a - b));
  });

  it('are no longer decoded once nobody wants them', async () => {
    const controller = new AbortController();
    const frame = Promise.resolve(service.handlers.frame({ place: { file: film('greys.avi') }, time: 1, width: 160 }, controller.signal));
    controller.abort();
    await expect(frame).rejects.toThrow();
  });

  it('say why there are no pictures where no tool may be run', async () => {
    await expect(ask('frame', { place: { file: film('greys.mp4') }, time: 0, width: 160 }, untrusted)).rejects.toThrow('not trusted');
    expect((await ask('open', { place: { file: film('greys.mp4') } }, untrusted)).streamsNote).toContain('ffprobe');
    await expect(ask('open', { place: { file: film('greys.avi') } }, untrusted)).rejects.toThrow('only ffprobe reads avi');
  });
});

describe('what ffprobe writes', () => {
  it('is sorted by the time of showing, and what has no time is left out', () => {
    const table = parsePackets('packet|pts=1024|dts=0|size=10|flags=__\npacket|pts=512|dts=N/A|size=99|flags=K_\npacket|pts=N/A|dts=N/A|size=1|flags=__\nstream|time_base=1/12800\n');
    expect(table.ticks).toBe(12_800);
    expect(table.packets.map(({ pts, size, key }) => [pts, size, key])).toEqual([[512, 99, true], [1024, 10, false]]);
  });

  it('is split at the beginning of each picture', () => {
    const bytes = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 0xff, 0xd9, 0xff, 0xd8, 0xff, 3);
    expect(splitJpegs(bytes).map((part) => part.length)).toEqual([7, 4]);
  });
});

describe.skipIf(!existsSync(FIXTURES))('the fixtures', () => {
  const within = join(FIXTURES, 'media', 'video_mb');
  it.each(existsSync(within) ? readdirSync(within).filter((name) => /\.(ts|mkv|mp4|webm)$/.test(name)) : [])('%s opens with its packets', async (name) => {
    const place = { file: join(within, name) };
    const facts = await ask('open', { place }).catch((error: unknown) => error as Error);
    if (facts instanceof Error) {
      expect(facts.message).toMatch(/there are no pictures in it|cannot be taken apart/);
      return;
    }
    expect(facts.streams.length).toBeGreaterThan(0);
    expect((await ask('packets', { place, from: 0 })).count).toBeGreaterThan(0);
  }, 30_000);
});
