import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLinks } from '../../../../src/process/ssh/links.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { openLinkSource } from '../../../../src/sync/checkpoints/sources/linkSource.ts';
import { pullCheckpoint } from '../../../../src/sync/runs/pull.ts';
import { readRun } from '../../../../src/sync/runs/readRun.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { safetensorsBytes } from '../../media/arrays/arrayBytes.ts';
import { listingOf, makeGround, makeTree } from '../transfer/kit.ts';

let lab: Lab;
let links: SshLinks;
beforeAll(async () => {
  lab = await startLab();
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
});
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
});

const weights = safetensorsBytes({ w: { dtype: 'F32', shape: [64], data_offsets: [0, 256] } }, new Uint8Array(256));

async function run() {
  const link = links.link('box1');
  const ground = makeGround(link);
  makeTree(ground.there, { 'checkpoint-5/model.safetensors': weights, 'checkpoint-5/config.json': '{}', 'checkpoint-5/trainer_state.json': '{"global_step":5}' });
  const { checkpoints } = await readRun(await openLinkSource(link, ground.there));
  const [checkpoint] = checkpoints;
  if (checkpoint === undefined) {
    throw new Error('No checkpoint was found.');
  }
  const pull = { box: 'box1', remoteRoot: ground.there, local: ground.here, there: listingOf(ground.there), now: Date.now() };
  return { ground, checkpoint, pull };
}

it('brings a checkpoint under its name when all of it is there, the marker last', async () => {
  const { ground, checkpoint, pull } = await run();
  let last: readonly string[] = [];
  const path = await pullCheckpoint(checkpoint, pull, (plan, approval, markers) => {
    last = markers;
    expect(existsSync(join(ground.here, 'checkpoint-5'))).toBe(false);
    return ground.run(plan, { approval, context: { last: markers } });
  });
  expect(last).toEqual(['checkpoint-5/trainer_state.json']);
  expect(readFileSync(join(path, 'model.safetensors'))).toEqual(weights);
  await expect(pullCheckpoint(checkpoint, pull, () => Promise.reject(new Error('It is not run.')))).rejects.toMatchObject({ reason: 'target' });
});

it('brings an index and the shards beside it, the index last', async () => {
  const link = links.link('box1');
  const ground = makeGround(link);
  makeTree(ground.there, { 'm-00001-of-00001.safetensors': weights, 'model.safetensors.index.json': '{"weight_map":{"w":"m-00001-of-00001.safetensors"}}', 'notes.txt': 'a' });
  const { checkpoints } = await readRun(await openLinkSource(link, ground.there));
  const checkpoint = checkpoints.find(({ name }) => name.endsWith('.index.json'));
  expect(checkpoint?.facts.state).toBe('complete');
  const pull = { box: 'box1', remoteRoot: ground.there, local: ground.here, there: listingOf(ground.there), now: Date.now() };
  await (checkpoint && pullCheckpoint(checkpoint, pull, (plan, approval, last) => ground.run(plan, { approval, context: { last } })));
  expect(['m-00001-of-00001.safetensors', 'model.safetensors.index.json', 'notes.txt'].map((name) => existsSync(join(ground.here, name)))).toEqual([true, true, false]);
});

it('leaves alone what has come to lie under its name meanwhile', async () => {
  const link = links.link('box1');
  const ground = makeGround(link);
  makeTree(ground.there, { 'step-7.safetensors': weights });
  const [checkpoint] = (await readRun(await openLinkSource(link, ground.there))).checkpoints;
  const pull = { box: 'box1', remoteRoot: ground.there, local: ground.here, there: listingOf(ground.there), now: Date.now() };
  const pulling = checkpoint && pullCheckpoint(checkpoint, pull, async (plan, approval, last) => {
    const outcome = await ground.run(plan, { approval, context: { last } });
    writeFileSync(join(ground.here, 'step-7.safetensors'), 'mine');
    return outcome;
  });
  await expect(pulling).rejects.toMatchObject({ reason: 'target' });
  expect(readFileSync(join(ground.here, 'step-7.safetensors'), 'utf8')).toBe('mine');
});

it('gives nothing its name where a file has changed since it was listed', async () => {
  const { ground, checkpoint, pull } = await run();
  writeFileSync(join(ground.there, 'checkpoint-5/model.safetensors'), weights.subarray(0, 100));
  await expect(pullCheckpoint(checkpoint, pull, (plan, approval, last) => ground.run(plan, { approval, context: { last } }))).rejects.toMatchObject({ reason: 'failed' });
  expect(existsSync(join(ground.here, 'checkpoint-5'))).toBe(false);
});
