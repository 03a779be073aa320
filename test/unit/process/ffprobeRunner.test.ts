import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { known } from '../../../src/base/absent.ts';
import type { FfprobeMaker } from '../../../src/media/cli/peek.ts';
import { probe } from '../../../src/media/probe.ts';
import { ffprobeRunner } from '../../../src/process/ffprobeRunner.ts';
import { temporaryFolder } from './support.ts';

const make: FfprobeMaker = (env) => ffprobeRunner({ paths: {}, env, sharpWorker: '/nowhere', never: [] });

it('runs the plans of a probe with the ffprobe of this machine', async () => {
  const path = join(temporaryFolder(), 'clip.avi');
  execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=10:duration=1', path]);
  const ffprobe = await make({ PATH: '/usr/bin' });
  const media = await probe(path, ffprobe && { ffprobe });
  expect(known(media.video?.width)).toBe(64);
  expect(known(media.duration)).toBeCloseTo(1, 1);
});

it('is none where there is no ffprobe', async () => {
  await expect(
    ffprobeRunner({ paths: { ffprobe: '/nowhere/ffprobe' }, env: {}, sharpWorker: '/nowhere', never: [] }),
  ).resolves.toBeUndefined();
});
