import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MediaError } from '../../../src/media/mediaError.ts';
import { createProber, probe, type ProbeOptions } from '../../../src/media/probe.ts';
import { ffprobeRunner } from '../../../src/process/ffprobeRunner.ts';
import { SAMPLES } from './samples.ts';
import { ffmpeg, temporaryFolder } from './support.ts';
import { wavBytes } from './wavBytes.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const write = (name: string, bytes: string | Buffer): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};

async function withFfprobe(): Promise<ProbeOptions> {
  const ffprobe = await ffprobeRunner({ paths: {}, env: process.env, sharpWorker: '/nowhere', never: [] });
  return ffprobe ? { ffprobe } : {};
}

describe('a path that gives no bytes', () => {
  mkdirSync(at('folder'));
  execFileSync('/usr/bin/mkfifo', [at('fifo')]);
  symlinkSync(at('round'), at('round'));
  symlinkSync(at('fifo'), at('to-fifo'));

  it.each([
    ['a missing file', at('nowhere'), 'notFound'],
    ['a path through a file', join(write('plain', 'x'), 'below'), 'notFound'],
    ['a link in a circle', at('round'), 'notFound'],
    ['a null character', at('a\0b'), 'notFound'],
    ['a folder', at('folder'), 'notAFile'],
    ['a FIFO without a writer', at('fifo'), 'notAFile'],
    ['a link to a FIFO', at('to-fifo'), 'notAFile'],
    ['a device', '/dev/zero', 'notAFile'],
  ])('is a MediaError at once: %s', async (_, path, reason) => {
    await expect(probe(path)).rejects.toMatchObject({ name: 'MediaError', reason, path });
    expect(() => createProber().probeFast(path)).toThrow(MediaError);
  });

  it('is a MediaError at once: a socket', async () => {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(at('socket'), ready));
    try {
      await expect(probe(at('socket'))).rejects.toMatchObject({ reason: 'notAFile' });
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  });

  it('names a refusal of the system as such', () => {
    expect(MediaError.from(Object.assign(new Error(), { code: 'EACCES' }), '/x')).toMatchObject({ reason: 'permission', path: '/x' });
    expect(MediaError.from(Object.assign(new Error(), { code: 'EIO' }), '/x')).toMatchObject({ reason: 'io' });
  });
});

describe('a broken file', () => {
  it.each([
    ['an empty file', 'empty.wav', Buffer.alloc(0), 'other', 'the file is empty'],
    ['a Git LFS pointer', 'pointer.wav', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n'), 'other', 'a Git LFS pointer'],
    ['a JPEG without its end', 'cut.jpg', SAMPLES.jpeg?.subarray(0, -2), 'image', 'cut short'],
    ['a PNG without its end', 'cut.png', SAMPLES.png, 'image', 'cut short'],
    ['a JPEG without a frame', 'noframe.jpg', SAMPLES.jpeg?.subarray(0, 20), 'image', 'no frame header'],
    ['an MP4 without its index', 'noindex.mp4', SAMPLES.mp4, 'video', 'cannot be taken apart'],
    ['a WebM without tracks', 'notracks.webm', SAMPLES.webm, 'video', 'cannot be taken apart'],
  ])('has a problem and does not throw: %s', async (_, name, bytes, kind, problem) => {
    const media = await probe(write(name, bytes ?? Buffer.alloc(0)));
    expect(media.kind).toBe(kind);
    expect(media.problems.join()).toContain(problem);
  });

  it('is no JPEG cut short when something follows the picture', async () => {
    const whole = SAMPLES.jpeg ?? Buffer.alloc(0);
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=640x480', '-frames:v', '1', '-f', 'mjpeg', at('real.jpg'));
    const picture = readFileSync(at('real.jpg'));
    for (const trailer of [Buffer.alloc(5000), Buffer.concat([Buffer.alloc(4000, 0xff), Buffer.from('MotionPhoto')]), whole]) {
      expect((await probe(write('trailer.jpg', Buffer.concat([picture, trailer])))).problems).toEqual([]);
    }
    expect((await probe(write('half.jpg', picture.subarray(0, picture.length / 2)))).problems).toEqual(['cut short: the picture has no end']);
  });

  it('survives any damage to an MP4 and to a Matroska file', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=64x64:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', at('whole.mp4'));
    ffmpeg('-i', at('whole.mp4'), '-c', 'copy', at('whole.mkv'));
    for (const name of ['whole.mp4', 'whole.mkv']) {
      const whole = readFileSync(at(name));
      for (let step = 0; step < 60; step++) {
        const bytes = Buffer.from(whole.subarray(0, step % 2 === 0 ? whole.length : whole.length - ((step * 97) % whole.length)));
        for (let k = 0; k < 6; k++) {
          bytes[(step * 7919 + k * 104_729) % bytes.length] = (step * 31 + k * 17) & 0xff;
        }
        expect((await probe(write(`damaged-${name}`, bytes))).size).toBe(bytes.length);
      }
    }
  });
});

describe('a prober', () => {
  it('keeps files apart that it probes at the same time', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'sine=d=0.3', '-ac', '2', at('a.m4a'), '-f', 'lavfi', '-i', 'sine=d=0.5', '-c:a', 'libopus', at('b.opus'));
    const wav = write('c.wav', wavBytes({ tag: 1, channels: 1, sampleRate: 8000, bits: 16, frames: 800 }));
    const { probe: probeOne, probeFast } = createProber();
    const alone = await Promise.all([at('a.m4a'), at('b.opus'), wav].map((path) => probe(path)));
    const together = await Promise.all(Array.from({ length: 8 }, () => [at('a.m4a'), at('b.opus'), wav].map((path) => probeOne(path))).flat());
    expect(together).toEqual(Array.from({ length: 8 }, () => alone).flat());
    expect(probeFast(at('b.opus'))).toBeUndefined();
    expect(probeFast(wav)).toEqual(alone[2]);
  });

  it('rejects with the reason of an abort', async () => {
    const reason = new Error('enough');
    await expect(probe(at('a.m4a'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('leaves no file open', async () => {
    const open = (): string[] => readdirSync('/proc/self/fd').map((fd) => `/proc/self/fd/${fd}`).filter((fd) => existsSync(fd)).map((fd) => readlinkSync(fd)).filter((path) => path.startsWith(folder));
    ffmpeg('-f', 'lavfi', '-i', 'sine=d=0.3', at('a.wv'));
    for (const path of [at('a.m4a'), at('a.wv'), at('c.wav'), at('noindex.mp4'), at('folder')]) {
      await probe(path).catch(() => undefined);
    }
    expect(open()).toEqual([]);
  });

  it('asks ffprobe only for what is not told otherwise, and never about text', async () => {
    const asked: string[] = [];
    const ffprobe = (plan: { args: readonly string[] }) => {
      asked.push(plan.args.at(-1) ?? '');
      return Promise.resolve({ streams: [{ codec_type: 'video', codec_name: 'flv1', width: 4, height: 2, avg_frame_rate: '25/1' }], format: { duration: '2.5' } });
    };
    const texts = [['list.mp4', '#EXTM3U\nx.ts\n'], ['a.wav', "ffconcat version 1.0\nfile 'b.wav'\n"], ['x.jpg', '<svg/>']] as const;
    for (const [name, text] of texts) {
      await probe(write(name, text), { ffprobe });
    }
    await probe(at('c.wav'), { ffprobe });
    await probe(at('b.opus'), { ffprobe });
    expect(asked).toEqual([]);
    const media = await probe(write('-v.flv', SAMPLES.flv ?? ''), { ffprobe });
    expect(asked).toEqual([`file:${at('-v.flv')}`]);
    expect(media).toMatchObject({ kind: 'video', duration: 2.5, video: { codec: 'flv1', width: 4, height: 2, frameRate: 25, frames: { absent: expect.any(String) as string } } });
  });

  it('says what is missing where only ffprobe would know', async () => {
    expect(await probe(at('-v.flv'))).toMatchObject({ kind: 'video', duration: { absent: 'only ffprobe reads flv' }, problems: [] });
  });

  it('asks ffprobe for the bits of lossless audio that no other reader looks into', async () => {
    ffmpeg('-f', 'lavfi', '-i', 'sine=d=0.1', '-c:a', 'alac', '-f', 'ipod', at('lossless.m4a'));
    expect((await probe(at('lossless.m4a'))).audio).toMatchObject({ codec: 'alac', bitDepth: { absent: expect.any(String) as string } });
    expect((await probe(at('lossless.m4a'), await withFfprobe())).audio).toMatchObject({ codec: 'alac', bitDepth: 16 });
  });

  it('tells in ffprobe’s own words what is wrong, without its addresses and the path', async () => {
    const { problems } = await probe(write('noindex.mp4', SAMPLES.mp4 ?? ''), await withFfprobe());
    expect(problems).toEqual(['cannot be taken apart: moov atom not found']);
  });

  it('keeps what it knows, and tells the failure, when ffprobe fails', async () => {
    const media = await probe(at('-v.flv'), { ffprobe: () => Promise.reject(new Error('stopped with 1')) });
    expect(media).toMatchObject({ kind: 'video', container: 'flv', problems: ['cannot be taken apart: stopped with 1'] });
  });
});
