import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import type { CheckpointState } from '../../../../src/sync/checkpoint.ts';
import { openLocalSource } from '../../../../src/sync/checkpoints/sources/localSource.ts';
import { bestComplete, lastComplete, usualMetric } from '../../../../src/sync/runs/choose.ts';
import { nextToPull } from '../../../../src/sync/runs/follow.ts';
import { readRun } from '../../../../src/sync/runs/readRun.ts';
import type { Run, RunCheckpoint } from '../../../../src/sync/runs/readRun.ts';
import { planRetention } from '../../../../src/sync/runs/retention.ts';
import { fullTorch, torchZip } from '../checkpoints/checkpointBytes.ts';
import { safetensorsBytes } from '../../media/arrays/arrayBytes.ts';
import { temporary } from '../temporary.ts';

function checkpoint(step: number, loss: number | undefined, state: CheckpointState = 'complete', namedAs: RunCheckpoint['namedAs'] = []): RunCheckpoint {
  const name = `checkpoint-${step}`;
  const none = absent('not stated in file');
  return { name, files: [`${name}/model.safetensors`], markers: [], writtenAt: step, namedAs, facts: { path: name, format: 'hfTrainer', state, reason: '', tensors: 1, parameters: 1, dtypes: { F32: 1 }, step, epoch: none, metrics: loss === undefined ? none : { eval_loss: loss }, bytes: 10 } };
}

const RUN: Run = { path: '/run', left: 0, now: 0, checkpoints: [checkpoint(600, undefined, 'writing'), checkpoint(500, 1.5), checkpoint(400, 1.2), checkpoint(300, 1.9), checkpoint(200, 1.1, 'damaged'), checkpoint(100, 2, 'complete', ['best'])] };

describe('planRetention', () => {
  const everything = new Set(RUN.checkpoints.map(({ name }) => name));
  const policy = { last: 1, best: { count: 1, metric: { name: 'eval_loss', mode: 'min' } as const }, pinned: [] };
  const names = (plan: ReturnType<typeof planRetention>) => ({ keep: plan.keep.map(({ checkpoint: { name } }) => name), prune: plan.prune.map(({ name }) => name), held: plan.held.map(({ checkpoint: { name } }) => name) });

  it('keeps the last, the best that is complete, and what the framework names; never prunes what is being written', () => {
    expect(names(planRetention(RUN, policy, everything))).toEqual({ keep: ['checkpoint-500', 'checkpoint-400', 'checkpoint-100'], prune: ['checkpoint-300', 'checkpoint-200'], held: ['checkpoint-600'] });
  });

  it('prunes nothing of which no verified copy is elsewhere', () => {
    expect(planRetention(RUN, policy, new Set()).prune).toEqual([]);
  });

  it('keeps what is pinned and every n-th step, and the newest even where none is asked for', () => {
    expect(names(planRetention(RUN, { last: 0, every: 300, pinned: ['checkpoint-200'] }, everything)).keep).toEqual(['checkpoint-600', 'checkpoint-500', 'checkpoint-300', 'checkpoint-200', 'checkpoint-100']);
  });

  it('says what it would free', () => {
    expect(planRetention(RUN, policy, everything).frees).toBe(20);
  });
});

describe('choosing', () => {
  it('takes the newest that is complete for the last, and the one that is named for the best', () => {
    expect(lastComplete(RUN)?.name).toBe('checkpoint-500');
    expect(bestComplete(RUN)?.name).toBe('checkpoint-100');
    expect(bestComplete({ ...RUN, checkpoints: RUN.checkpoints.slice(0, 5) })?.name).toBe('checkpoint-400');
    expect(usualMetric(RUN)).toEqual({ name: 'eval_loss', mode: 'min' });
  });
});

describe('nextToPull', () => {
  const unknown = checkpoint(50, undefined, 'unknown');
  const run = { ...RUN, checkpoints: [unknown] };
  const listing = (now: number, size: number) => new Map([[unknown.name, { now, files: [{ name: 'a', size, mtime: 1, folder: false }] }]]);

  it('gives each complete one once, the oldest first, and none that is being written or damaged', () => {
    expect(nextToPull(RUN, { done: new Set(['checkpoint-300']), looks: new Map() }, new Map()).pull.map(({ name }) => name)).toEqual(['checkpoint-100', 'checkpoint-400', 'checkpoint-500']);
  });

  it('gives one that nothing tells of when it has stood still for ten seconds over several looks', () => {
    const first = nextToPull(run, { done: new Set(), looks: new Map() }, listing(0, 5));
    const second = nextToPull(run, { done: new Set(), looks: first.looks }, listing(6000, 5));
    const third = nextToPull(run, { done: new Set(), looks: second.looks }, listing(12_000, 5));
    expect([first, second, third].map(({ pull }) => pull.length)).toEqual([0, 0, 1]);
    expect(nextToPull(run, { done: new Set(), looks: second.looks }, listing(12_000, 6)).pull).toEqual([]);
  });
});

describe('readRun', () => {
  it('finds the checkpoints of a run, whole and cut, with what the Trainer says is best', async () => {
    const folder = temporary();
    const weights = safetensorsBytes({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, new Uint8Array(4));
    for (const step of [100, 200]) {
      const own = join(folder, `checkpoint-${step}`);
      mkdirSync(own);
      writeFileSync(join(own, 'model.safetensors'), step === 200 ? weights.subarray(0, 20) : weights);
      writeFileSync(join(own, 'trainer_state.json'), JSON.stringify({ global_step: step, log_history: [{ eval_loss: 1 }], best_model_checkpoint: 'out/checkpoint-100' }));
      utimesSync(join(own, 'model.safetensors'), 5, 5);
      utimesSync(join(own, 'trainer_state.json'), 5, 5);
    }
    mkdirSync(join(folder, 'weights'));
    writeFileSync(join(folder, 'weights', 'epoch=1-step=300.ckpt'), fullTorch());
    writeFileSync(join(folder, 'weights', 'optimizer.pt'), torchZip({}, {}));
    writeFileSync(join(folder, 'train.log'), 'loss 1');
    const { checkpoints } = await readRun(await openLocalSource(folder));
    expect(checkpoints.map(({ name, facts: { state }, namedAs }) => [name, state, ...namedAs])).toEqual([
      ['weights/epoch=1-step=300.ckpt', 'complete'],
      ['checkpoint-200', 'damaged'],
      ['checkpoint-100', 'complete', 'best'],
    ]);
  });
});
