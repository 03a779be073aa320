import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Unmet } from '../../../../src/convert/preset.ts';
import { frameTiming } from '../../../../src/convert/presets/video/filters.ts';
import { videoFrames } from '../../../../src/convert/presets/video/frames.ts';
import { pairFrames, type FrameTime } from '../../../../src/convert/presets/video/frameTimes.ts';
import { cleanUp, convertFile, DEBIANS_FFMPEG, ffprobe, make, newFolder, type Converted } from '../videoBench.ts';
import { sample } from './videoSamples.ts';

afterEach(cleanUp);

function timesOf({ outcome }: Converted): readonly FrameTime[] {
  return (outcome.sidecars?.[0]?.text ?? '').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as FrameTime);
}

const storedPts = (path: string): readonly number[] => ffprobe('frame=pts', path, '-select_streams', 'V').map(Number);

describe('frames', () => {
  it.each(['plain.mp4', 'tracks.mkv', 'silent.webm', 'odd.mkv', 'single.mp4', 'stream.ts', 'turned.mp4', 'old.avi', 'rgb.mov', 'cover.mp4'] as const)('of %s keep their promise', async (name) => {
    const made = await convertFile(videoFrames, sample(name));
    expect(made.unmatched).toEqual([]);
    expect(timesOf(made).length).toBeGreaterThan(0);
  });

  it.each([
    ['variable.mp4', { pick: 'rate', rate: 5 }],
    ['variable.mp4', { pick: 'every', every: 4 }],
    ['stream.ts', { pick: 'every', every: 7 }],
    ['late.mkv', { pick: 'rate', rate: 3 }],
  ] as const)('of %s by %o are listed with their stored times', async (name, options) => {
    const stored = storedPts(sample(name));
    const times = timesOf(await convertFile(videoFrames, sample(name), options));
    expect(times.length).toBeGreaterThan(3);
    expect(times.map(({ pts }) => pts)).toEqual(times.map(({ frame }) => stored[frame]));
    for (const { pts, timeBase, seconds } of times) {
      const [over = NaN, under = NaN] = timeBase.split('/').map(Number);
      expect(seconds).toBe((pts * over) / under);
    }
  });

  it('are the pictures that the list says they are', async () => {
    const { output, ...made } = await convertFile(videoFrames, sample('variable.mp4'), { rate: 4, format: 'png' });
    for (const { file, frame } of timesOf({ output, ...made }).slice(0, 5)) {
      const wanted = join(newFolder(), 'wanted');
      make('-i', sample('variable.mp4'), '-vf', `select='eq(n,${frame})',scale=64:48:flags=lanczos+accurate_rnd,format=rgb24`, '-frames:v', '1', '-c:v', 'png', '-pred', 'mixed', '-f', 'image2pipe', wanted);
      expect([frame, readFileSync(join(output, file)).equals(readFileSync(wanted))]).toEqual([frame, true]);
    }
  });

  it.each([
    [{ rate: 25 }, 'plain.mp4', 50],
    [{ rate: 1000 }, 'plain.mp4', 60],
    [{ rate: 1000 }, 'variable.mp4', 26],
    [{ rate: 0.001 }, 'plain.mp4', 1],
    [{ pick: 'every', every: 1 }, 'variable.mp4', 26],
    [{ pick: 'every', every: 7 }, 'plain.mp4', 9],
  ] as const)('by %o of %s are %i, none of them twice', async (options, name, count) => {
    const times = timesOf(await convertFile(videoFrames, sample(name), options));
    expect([times.length, new Set(times.map(({ frame }) => frame)).size]).toEqual([count, count]);
  });

  it('are the first of each slot', async () => {
    const times = timesOf(await convertFile(videoFrames, sample('variable.mp4'), { rate: 5 }));
    const stored = storedPts(sample('variable.mp4')).map((pts) => pts / 90_000);
    const firsts = stored.filter((time, index) => index === 0 || Math.floor(time * 5 + 1e-6) > Math.floor((stored[index - 1] ?? NaN) * 5 + 1e-6));
    expect(times.map(({ seconds }) => seconds)).toEqual(firsts);
  });

  it('are scaled, listed in CSV, and stand alone in their folder', async () => {
    const { outcome, made, unmatched } = await convertFile(videoFrames, sample('turned.mp4'), { edge: 32, sidecar: 'csv', pick: 'every', every: 30 });
    expect(unmatched).toEqual([]);
    expect(made.image).toMatchObject({ width: 24, height: 32 });
    expect(outcome.sidecars).toEqual([{ name: 'frames.csv', text: 'file,pts,timeBase,seconds,frame\n000001.jpg,0,1/15360,0,0\n000002.jpg,15360,1/15360,1,30\n' }]);
  });

  it('are refused of HDR until one chooses', async () => {
    await expect(convertFile(videoFrames, sample('pq.mkv'))).rejects.toThrow(/refused: it is HDR/);
    expect((await convertFile(videoFrames, sample('hlg.mp4'), { hdr: 'tonemap' })).unmatched).toEqual([]);
  });
});

describe('pairing', () => {
  const list = (folder: string, name: string, pts: readonly number[]): string => {
    const path = join(folder, name);
    writeFileSync(path, `#software: Lavf\n#tb 0: 1/10\n#media_type 0: video\n${pts.map((time) => `0, ${time}, ${time}, 1, 472, 0x1\n`).join('')}`);
    return path;
  };

  it('tells frames of the same time apart by their order', () => {
    const folder = newFolder();
    const pairs = pairFrames(list(folder, 'kept', [0, 5, 5]), list(folder, 'all', [0, 5, 5, 9]), String);
    expect(pairs.map(({ frame }) => frame)).toEqual([0, 1, 2]);
  });

  it('reads lists longer than its buffer', () => {
    const folder = newFolder();
    const all = Array.from({ length: 20_000 }, (_, index) => index * 3);
    const kept = all.filter((_, index) => index % 10 === 0);
    expect(pairFrames(list(folder, 'kept', kept), list(folder, 'all', all), String).at(-1)).toEqual({ file: '1999', pts: 59_970, timeBase: '1/10', seconds: 5997, frame: 19_990 });
  });

  it('does not stand for a picture that is no frame', () => {
    const folder = newFolder();
    expect(() => pairFrames(list(folder, 'kept', [0, 4]), list(folder, 'all', [0, 5]), String)).toThrow(Unmet);
  });
});

it.each([
  ['4.4.2-0ubuntu0.22.04.1', '-vsync'],
  ['5.0.1', '-vsync'],
  ['5.1.9-0+deb12u1', '-fps_mode'],
  ['n7.1', '-fps_mode'],
  ['N-118000-gabcdef', '-fps_mode'],
  ['10.0', '-fps_mode'],
])('ffmpeg %s is told the timing of frames by %s', (version, option) => {
  expect(frameTiming({ ...DEBIANS_FFMPEG, version }, 'vfr')[0]).toBe(option);
});
