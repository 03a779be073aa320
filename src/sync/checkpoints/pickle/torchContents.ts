import type { Tensor, TensorPlace } from '../../checkpoint.ts';
import { elements } from '../facts.ts';
import type { Progress } from '../facts.ts';
import { dtypeBytes } from '../dtypes.ts';
import { entriesOf, entryOf, wholeNumber } from './pickleValue.ts';
import type { PickleValue } from './pickleValue.ts';
import { tensorsOf } from './torchTensors.ts';
import type { PickledStorage, PickledTensor } from './torchTensors.ts';

/** Under these a checkpoint of several parts keeps the model. */
const WEIGHTS = ['state_dict', 'model_state_dict', 'model', 'module', 'network', 'net', 'weights', 'params', 'model_state', 'generator'];
const BESIDE = /optim|sched|scaler|rng|^amp$|ema|^callbacks$|^loops$|^args$|^config$|^hyper_parameters$/i;
const STEP_KEYS = ['global_step', 'global_steps', 'step', 'steps', 'iteration', 'iter', 'num_updates'];
const METRIC = /^(?:loss|acc|accuracy|best_\w+|val_\w+|train_\w+|eval_\w+|valid_\w+|\w*(?:loss|accuracy|score|wer|cer|bleu|perplexity))$/i;

export interface TorchContents {
  readonly tensors: readonly Tensor[];
  readonly progress: Progress;
  readonly metadata: Readonly<Record<string, string>>;
  /** Every storage that a tensor lies in, by its key. */
  readonly storages: ReadonlyMap<string, PickledStorage>;
  readonly lightning: string | undefined;
}

/** What a pickle of `torch.save` holds; `placeOf` says where the bytes of a storage lie. */
export function torchContents(value: PickleValue, placeOf: (storage: PickledStorage) => TensorPlace | undefined): TorchContents {
  const pickled = tensorsOf(value);
  const storages = new Map<string, PickledStorage>();
  for (const { storage } of pickled) {
    // Several tensors may be views of one storage, each as it was last typed.
    if (storage && (storages.get(storage.key)?.count ?? -1) < storage.count) {
      storages.set(storage.key, storage);
    }
  }
  const wrapper = wrapperOf(value, pickled);
  const version = entryOf(value, 'pytorch-lightning_version');
  return {
    tensors: pickled.map((tensor) => tensorAt(tensor, wrapper, placeOf)),
    progress: progressOf(value),
    metadata: plainFacts(value),
    storages,
    lightning: typeof version === 'string' ? version : undefined,
  };
}

/** The key under which the model's weights lie, among other things; undefined where the whole is the model. */
function wrapperOf(value: PickleValue, tensors: readonly PickledTensor[]): string | undefined {
  const heads = new Set(tensors.filter(({ path }) => path.length > 1).map(({ path }) => path[0]));
  return WEIGHTS.find((key) => heads.has(key) && entriesOf(entryOf(value, key)).length > 0);
}

function tensorAt({ path, dtype, shape, storage, offset, contiguous }: PickledTensor, wrapper: string | undefined, placeOf: (storage: PickledStorage) => TensorPlace | undefined): Tensor {
  const isWeight = wrapper === undefined ? path.length < 2 || !BESIDE.test(path[0] ?? '') : path[0] === wrapper;
  const name = (isWeight && wrapper !== undefined ? path.slice(1) : path).join('.');
  const bytes = dtypeBytes(dtype);
  const whole = storage && bytes !== undefined && contiguous ? placeOf(storage) : undefined;
  const length = elements({ shape }) * (bytes ?? 0);
  const start = offset * (bytes ?? 0);
  const place = whole && start + length <= whole.length ? { ...whole, offset: whole.offset + start, length } : undefined;
  return { name: name === '' ? '(tensor)' : name, dtype, shape, ...(place && { place }), ...(!isWeight && { beside: true as const }) };
}

/** Step, epoch and metrics, where it states them at its top. */
function progressOf(value: PickleValue): Progress {
  const number = (key: string) => {
    const found = entryOf(value, key);
    return typeof found === 'number' ? found : wholeNumber(found);
  };
  const metrics: Record<string, number> = {};
  const take = (entries: ReturnType<typeof entriesOf>, every: boolean) => {
    for (const [key, inner] of entries) {
      if (typeof key === 'string' && typeof inner === 'number' && (every || METRIC.test(key))) {
        metrics[key] = inner;
      }
    }
  };
  take(entriesOf(value), false);
  for (const key of ['metrics', 'best_metrics', 'logs']) {
    take(entriesOf(entryOf(value, key)), true);
  }
  return { step: STEP_KEYS.map(number).find((found) => found !== undefined), epoch: number('epoch') ?? number('epochs'), metrics };
}

const MAX_FACTS = 200;

/** Plain values at its top, and those of its hyperparameters. */
function plainFacts(value: PickleValue): Readonly<Record<string, string>> {
  const facts: [string, string][] = [];
  const take = (entries: ReturnType<typeof entriesOf>, prefix: string) => {
    for (const [key, inner] of entries) {
      const plain = typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean' || typeof inner === 'bigint';
      if (typeof key === 'string' && plain && facts.length < MAX_FACTS) {
        facts.push([`${prefix}${key}`, String(inner).slice(0, 400)]);
      }
    }
  };
  take(entriesOf(value), '');
  for (const key of ['hyper_parameters', 'hparams', 'config', 'args']) {
    take(entriesOf(entryOf(value, key)), `${key}.`);
  }
  return Object.fromEntries(facts);
}
