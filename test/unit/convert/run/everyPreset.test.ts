import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import { PRESETS } from '../../../../src/convert/presets/index.ts';
import { inProcess, requestFor } from './jobsBench.ts';
import { cleanUp, hashes, makeImages, newFolder, tree } from './runBench.ts';

let data: string;
let jobs: Jobs;
let files: readonly string[];
let before: readonly string[];

beforeAll(async () => {
  data = newFolder();
  jobs = await inProcess();
  execFileSync('/usr/bin/sox', [
    '-n',
    '-r',
    '44100',
    '-c',
    '2',
    join(data, 'tone.wav'),
    'synth',
    '2',
    'sine',
    '440',
    'vol',
    '0.3',
    'pad',
    '0.5',
    '0.5',
  ]);
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=2', '-f', 'lavfi', '-i', 'sine=440:d=2'];
  execFileSync('/usr/bin/ffmpeg', [
    '-v',
    'error',
    ...source,
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    join(data, 'clip.mp4'),
  ]);
  makeImages(data, ['photo.jpg'], '640x480');
  execFileSync('/usr/bin/convert', ['-size', '100x80', 'gradient:red-blue', join(data, 'drawing.png')]);
  await sharp(join(data, 'photo.jpg')).withMetadata({ orientation: 6 }).toFile(join(data, 'turned.jpg'));
  files = ['tone.wav', 'clip.mp4', 'photo.jpg', 'turned.jpg', 'drawing.png'].map((name) => join(data, name));
  before = hashes(files);
});
afterAll(cleanUp);

describe('every shipped preset, as it stands', () => {
  it.each(PRESETS.map(({ id }) => [id]))('%s makes what it promises, once', async (preset) => {
    const output = join(newFolder(), 'out');
    const request = requestFor([data], { preset, options: {}, output });
    const planned = await jobs.plan(request);
    expect(planned).toMatchObject({ state: 'planned', counts: { refuse: 0 } });
    const status = await jobs.run(planned.id);
    expect(status).toMatchObject({ state: 'done', progress: 1, failures: [] });
    // Pictures that stand upright need no turning.
    const skipped = status.counts.skip;
    expect([status.counts.done > 0, status.counts.done + skipped]).toEqual([true, planned.counts.write]);
    expect(tree(output).filter((path) => path.includes('.trainyard'))).toEqual([]);
    expect(hashes(files)).toEqual(before);
    const { counts } = await jobs.plan(request);
    expect([counts.skip, counts.write, counts.replace]).toEqual([status.counts.done, skipped, 0]);
  });
});
