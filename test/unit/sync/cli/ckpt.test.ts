import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toDisposable } from '../../../../src/base/disposable.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { createCheckpointPlaces, remotePlace } from '../../../../src/sync/checkpoints/sources/openPlace.ts';
import { ckpt } from '../../../../src/sync/cli/ckpt.ts';
import { startLab } from '../../../lab/lab.ts';
import { fullTorch } from '../checkpoints/checkpointBytes.ts';
import { temporary } from '../temporary.ts';

async function run(cwd: string, ...args: string[]) {
  let [out, err] = ['', ''];
  const io = { cwd, out: (text: string) => void (out += text), err: (text: string) => void (err += text), onInterrupt: () => toDisposable(() => undefined) };
  const code = await ckpt(args, io, (config) => Promise.resolve(createCheckpointPlaces({ env: process.env, timers: systemTimers, ...(config !== undefined && { config }) }, cwd)));
  return { code, out, err };
}

it('gives the public names and nothing else, with what is not known as absent', async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'a.pt'), fullTorch());
  const { code, out } = await run(folder, 'a.pt', '--json');
  const document = JSON.parse(out) as object;
  expect(Object.keys(document)).toEqual(['path', 'format', 'state', 'reason', 'tensors', 'parameters', 'dtypes', 'step', 'epoch', 'metrics']);
  expect(document).toMatchObject({ path: 'a.pt', format: 'torch', state: 'complete', parameters: 16, step: 300 });
  expect(code).toBe(0);
});

it('ends with 17 and an absence where a file is cut', async () => {
  const folder = temporary();
  writeFileSync(join(folder, 'a.pt'), fullTorch().subarray(0, 400));
  const { code, out } = await run(folder, 'a.pt', '--json');
  expect(JSON.parse(out)).toMatchObject({ state: 'writing', tensors: { absent: 'its directory is not there' } });
  expect(code).toBe(17);
});

it('lists the checkpoints of a run on a box', async () => {
  await using lab = await startLab();
  const home = lab.boxes[0]?.home ?? '';
  mkdirSync(join(home, 'run'));
  writeFileSync(join(home, 'run', 'step=300.ckpt'), fullTorch());
  const { code, out, err } = await run('/', `box1:${home}/run`, '--ssh-config', lab.config);
  expect(err).toBe('');
  expect(out).toMatch(/300 +0\.75 .* complete, best +step=300\.ckpt/);
  expect(code).toBe(0);
});

it('says in one line what it cannot open', async () => {
  const { code, err } = await run(temporary(), 'nothing.pt');
  expect(err).toContain('nothing.pt');
  expect(code).toBe(1);
});

it('tells a box from a path with a colon', () => {
  expect(['gpu1:~/a', 'me@gpu1:/a:b', './a:b', '/a:b', 'a.pt', 'gpu1:'].map(remotePlace)).toEqual([{ host: 'gpu1', path: '~/a' }, { host: 'me@gpu1', path: '/a:b' }, undefined, undefined, undefined, { host: 'gpu1', path: '~/.' }]);
});
