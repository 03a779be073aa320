import { mkdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { inspectCheckpoint } from '../../../../src/sync/checkpoints/inspectCheckpoint.ts';
import { openLocalSource } from '../../../../src/sync/checkpoints/sources/localSource.ts';
import { safetensorsBytes } from '../../media/arrays/arrayBytes.ts';
import { temporary } from '../temporary.ts';
import { dcpMetadata, flaxBytes, floats, fullTorch, ggufBytes, tensorflowIndex, torchLegacy, torchZip } from './checkpointBytes.ts';
import { tensor } from './pickleBytes.ts';

let folder: string;
beforeEach(() => void (folder = temporary()));

const look = async (name: string) => (await inspectCheckpoint(await openLocalSource(join(folder, name)))).facts;

async function write(files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, data] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), data);
  }
}

const weights = (name = 'w') => safetensorsBytes({ __metadata__: { step: '12' }, [name]: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } }, floats(6));
const lightning = torchZip({ 'pytorch-lightning_version': '2.4.0', epoch: 1, global_step: 6, state_dict: { 'layer.weight': tensor('0', 'FloatStorage', [2, 2]) } }, { 0: floats(4) });
const trainer = (step: number) => ({
  'model.safetensors': weights(),
  'config.json': '{"hidden_size":4}',
  'training_args.bin': torchZip({ a: 1 }, {}),
  'optimizer.pt': fullTorch(),
  'scheduler.pt': torchZip({ a: 1 }, {}),
  'rng_state.pth': torchZip({ a: 1 }, {}),
  'trainer_state.json': JSON.stringify({ global_step: step, epoch: 0.5, log_history: [{ loss: 2 }, { loss: 1.5, eval_loss: 1.75 }] }),
});
const below = (prefix: string, files: Readonly<Record<string, Uint8Array | string>>) => Object.fromEntries(Object.entries(files).map(([name, data]) => [`${prefix}/${name}`, data]));

interface Case {
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly ask: string;
  readonly facts: object;
  /** What other writers leave out. */
  readonly optional?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  safetensors: { files: { 'a.safetensors': weights() }, ask: 'a.safetensors', facts: { format: 'safetensors', tensors: 1, parameters: 6, dtypes: { F32: 6 }, step: 12 } },
  'sharded safetensors': {
    files: { 'm-1.safetensors': weights('a'), 'm-2.safetensors': weights('b'), 'model.safetensors.index.json': JSON.stringify({ weight_map: { a: 'm-1.safetensors', b: 'm-2.safetensors' } }) },
    ask: 'model.safetensors.index.json',
    facts: { format: 'safetensorsSharded', tensors: 2, parameters: 12 },
  },
  'PyTorch, of which the optimizer is not counted': { files: { 'a.pt': fullTorch() }, ask: 'a.pt', facts: { format: 'torch', tensors: 2, parameters: 16, dtypes: { F32: 16 }, step: 300, epoch: 2, metrics: { loss: 0.75 } } },
  'PyTorch before 1.6': { files: { 'a.pth': torchLegacy({ w: tensor('10', 'FloatStorage', [5]) }, [['10', floats(5)]]) }, ask: 'a.pth', facts: { format: 'torchLegacy', tensors: 1, parameters: 5 } },
  Lightning: { files: { 'epoch=1-step=6-val_loss=0.25.ckpt': lightning }, ask: 'epoch=1-step=6-val_loss=0.25.ckpt', facts: { format: 'lightning', parameters: 4, step: 6, epoch: 1, metrics: { val_loss: 0.25 } } },
  DCP: { files: { 'd/__0_0.distcp': new Uint8Array(400), 'd/.metadata': dcpMetadata('__0_0.distcp', 400) }, ask: 'd', facts: { format: 'dcp', tensors: 1, parameters: 16, dtypes: { BF16: 16 } } },
  'a Trainer folder': { files: below('checkpoint-500', trainer(500)), ask: 'checkpoint-500', optional: 'checkpoint-500/config.json', facts: { format: 'hfTrainer', parameters: 6, step: 500, epoch: 0.5, metrics: { loss: 1.5, eval_loss: 1.75 } } },
  DeepSpeed: {
    files: {
      'run/global_step9/mp_rank_00_model_states.pt': torchZip({ module: { w: tensor('0', 'FloatStorage', [3]) }, dp_world_size: 2, global_steps: 9 }, { 0: floats(3) }),
      'run/global_step9/zero_pp_rank_0_mp_rank_00_optim_states.pt': torchZip({ a: 1 }, {}),
      'run/global_step9/zero_pp_rank_1_mp_rank_00_optim_states.pt': torchZip({ a: 1 }, {}),
      'run/latest': 'global_step9',
    },
    ask: 'run',
    facts: { format: 'deepspeed', parameters: 3, step: 9 },
  },
  Flax: { files: { 'flax_model.msgpack': flaxBytes(6) }, ask: 'flax_model.msgpack', facts: { format: 'flax', tensors: 1, parameters: 6, dtypes: { F32: 6 }, step: 7 } },
  TensorFlow: { files: { 'tf/ckpt-4.index': tensorflowIndex('a', [2, 3], 24), 'tf/ckpt-4.data-00000-of-00001': floats(6) }, ask: 'tf/ckpt-4.index', facts: { format: 'tensorflow', tensors: 1, parameters: 6, step: 4 } },
  SavedModel: {
    files: { 'sm/variables/variables.index': tensorflowIndex('a', [2, 3], 24), 'sm/variables/variables.data-00000-of-00001': floats(6), 'sm/saved_model.pb': Buffer.from([0x08, 1, 0x12, 3, 0x0a, 1, 0]) },
    ask: 'sm',
    facts: { format: 'savedModel', parameters: 6 },
  },
  GGUF: { files: { 'm.gguf': ggufBytes({ a: [8, 4], b: [8] }) }, ask: 'm.gguf', facts: { format: 'gguf', tensors: 2, parameters: 40, dtypes: { F32: 40 } } },
};

describe('each format', () => {
  for (const [title, { files, ask, facts, optional }] of Object.entries(CASES)) {
    it(`reads ${title} whole`, async () => {
      await write(files);
      expect(await look(ask)).toMatchObject({ state: 'complete', ...facts });
    });

    it(`takes no cut of ${title} for complete, at any byte of any file`, async () => {
      await write(files);
      const wrong: string[] = [];
      for (const [name, data] of Object.entries(files)) {
        const path = join(folder, name);
        const size = Buffer.byteLength(data);
        const every = size <= 500 ? 1 : Math.ceil(size / 120);
        for (let cut = size - 1; cut >= 0; cut -= cut > size - 60 ? 1 : every) {
          await truncate(path, cut);
          if ((await look(ask)).state === 'complete') {
            wrong.push(`${name} at ${cut} of ${size}`);
          }
        }
        await rm(path);
        if (path !== join(folder, ask) && name !== optional && (await look(ask)).state === 'complete') {
          wrong.push(`${name} is absent`);
        }
        await write({ [name]: data });
      }
      expect(wrong).toEqual([]);
    });
  }
});

describe('what is not whole', () => {
  it('is still being written while its file changes, and damaged long after', async () => {
    await write({ 'a.safetensors': weights().subarray(0, 60) });
    expect((await look('a.safetensors')).state).toBe('writing');
    await utimes(join(folder, 'a.safetensors'), 1000, 1000);
    expect(await look('a.safetensors')).toMatchObject({ state: 'damaged', tensors: { absent: expect.any(String) as string } });
  });

  it('is a folder of another step than its name says', async () => {
    await write(below('checkpoint-500', trainer(400)));
    expect(await look('checkpoint-500')).toMatchObject({ state: 'damaged', reason: 'trainer_state.json is of step 400, and the folder of 500.' });
  });

  it('is a DeepSpeed folder whose ranks count further than any list of them could be long', async () => {
    const files = { 'tag/mp_rank_00_model_states.pt': torchZip({ module: { w: tensor('0', 'FloatStorage', [3]) } }, { 0: floats(3) }), 'tag/zero_pp_rank_0_mp_rank_00_optim_states.pt': torchZip({ a: 1 }, {}), 'tag/zero_pp_rank_99999999999_mp_rank_00_optim_states.pt': torchZip({ a: 1 }, {}) };
    await write(files);
    expect(await look('tag')).toMatchObject({ state: 'writing', reason: 'The optimizer states of rank 1 are not there.' });
  });

  it('is a shard index that leads out of its folder', async () => {
    await write({ 'secret.safetensors': weights('a'), 'm/model.safetensors.index.json': JSON.stringify({ weight_map: { a: '../secret.safetensors' } }) });
    expect((await look('m/model.safetensors.index.json')).state).not.toBe('complete');
  });

  it('is a file with a whole zip in the middle, of which the end was cut', async () => {
    const inner = fullTorch();
    await write({ 'a.pt': torchZip({ w: tensor('0', 'ByteStorage', [inner.length]) }, { 0: inner }).subarray(0, inner.length + 500) });
    expect((await look('a.pt')).state).not.toBe('complete');
  });
});

it('counts to the model of a run none of the checkpoints beside it', async () => {
  const model = { 'model.safetensors': weights(), 'config.json': '{}', 'training_args.bin': torchZip({ a: 1 }, {}) };
  await write({ ...below('run', model), ...below('run/checkpoint-500', trainer(500)) });
  expect(await look('run')).toMatchObject({ format: 'hfTrainer', state: 'complete', parameters: 6, bytes: Object.values(model).reduce((sum, data) => sum + Buffer.byteLength(data), 0) });
});

it('knows nothing of what is of no format', async () => {
  await write({ 'notes.txt': 'loss 0.1' });
  expect(await look('notes.txt')).toMatchObject({ format: 'unknown', state: 'unknown', parameters: { absent: expect.any(String) as string } });
});
