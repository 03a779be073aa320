import { isRecord } from '../../../base/isRecord.ts';
import type { CheckpointFile, CheckpointFormat, CheckpointListing, CheckpointSource, Inspection } from '../../checkpoint.ts';
import { parseJson, readTexts } from '../binary/readWhole.ts';
import { complete, countsOf, damaged, progressFacts, unfinished, worst } from '../facts.ts';
import type { Progress, Verdict } from '../facts.ts';
import { lifted, subSource } from '../sources/subSource.ts';
import { dcp } from './dcp.ts';
import { deepspeed } from './deepspeed.ts';
import { safetensors } from './safetensors.ts';
import { safetensorsSharded, torchSharded } from './sharded.ts';
import { inspectTorch, torch } from './torch.ts';

const STATE = 'trainer_state.json';
const MAX_TEXT = 64 * 1024 * 1024;
const TEXTS = [STATE, 'config.json', 'adapter_config.json', 'README.md'];
/** In the order in which transformers looks for them. */
const WEIGHTS = ['model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin', 'pytorch_model.bin.index.json', 'adapter_model.safetensors', 'adapter_model.bin'];
const FOLDER = /^(tmp-)?checkpoint-(\d+)$/;

/** A `checkpoint-N` of Hugging Face's Trainer, or the folder of a model of theirs. */
export const hfTrainer: CheckpointFormat = {
  id: 'hfTrainer',
  title: 'Hugging Face',
  depth: 2,
  evidence(files, _, focus) {
    const has = (name: string) => files.some((file) => file.name === name && !file.folder);
    return focus !== undefined ? 0 : has(STATE) || (has('training_args.bin') && WEIGHTS.some(has)) ? 0.97 : WEIGHTS.some(has) || has('training_args.bin') ? 0.9 : 0;
  },
  async inspect(source, listing, signal) {
    const sizes = new Map(listing.files.filter(({ folder }) => !folder).map(({ name, size }) => [name, size]));
    const texts = await readTexts(source, sizes, TEXTS, MAX_TEXT, signal);
    const [, temporary, digits] = FOLDER.exec(source.folderName) ?? [];
    const state = parseJson(texts.get(STATE));
    const weights = await inspectWeights(source, listing, sizes, signal);
    const others = await otherParts(source, listing, weights?.files ?? [], signal);
    // The folder of a run, too, holds a model at its end, beside checkpoints that are their own.
    const own = listing.files.filter(({ name, folder }) => !folder && !(name.includes('/') && FOLDER.test(name.split('/')[0] ?? '')));
    const stated = isRecord(state) ? progressOf(state) : {};
    const isCheckpoint = digits !== undefined || sizes.has(STATE) || sizes.has('optimizer.pt');
    const lost = lostCompanion(sizes);
    const whole = weights === undefined
      ? unfinished('No weights are there.', own, listing.now)
      : temporary !== undefined
        ? unfinished('It still has the name of an unfinished one.', own, listing.now)
        : isCheckpoint && !sizes.has(STATE)
          ? unfinished(`${STATE} is not there, which is written near the end.`, own, listing.now)
          : sizes.has(STATE) && !isRecord(state)
            ? unfinished(`${STATE} is cut short.`, own, listing.now)
            : digits !== undefined && stated.step !== Number(digits)
              ? damaged(`${STATE} is of step ${stated.step ?? 'none'}, and the folder of ${digits}.`)
              : lost !== undefined
                ? unfinished(`${lost} is not there, though what is written beside it is.`, own, listing.now)
                : texts.has('config.json') && parseJson(texts.get('config.json')) === undefined
                  ? unfinished('config.json is cut short.', own, listing.now)
                  : complete(isCheckpoint ? `Weights, and ${STATE} of step ${stated.step ?? 'none'}, are there.` : 'Its weights and its config.json are there.');
    const verdict: Verdict = worst([...(weights ? [{ state: weights.facts.state, reason: weights.facts.reason }] : []), ...others], whole);
    return {
      facts: { ...verdict, ...(weights ? { tensors: weights.facts.tensors, parameters: weights.facts.parameters, dtypes: weights.facts.dtypes } : countsOf([])), ...progressFacts(stated) },
      tensors: weights?.tensors ?? [],
      metadata: { ...(isRecord(state) ? plain(state) : {}), ...plain(parseJson(texts.get('config.json')), 'config.'), ...plain(parseJson(texts.get('adapter_config.json')), 'adapter.'), ...weights?.metadata },
      markers: [...(weights?.markers ?? []), ...(sizes.has(STATE) ? [STATE] : [])],
      files: own.map(({ name }) => name),
    };
  },
};

async function inspectWeights(source: CheckpointSource, listing: CheckpointListing, sizes: ReadonlyMap<string, number>, signal?: AbortSignal): Promise<Inspection | undefined> {
  const name = WEIGHTS.find((candidate) => sizes.has(candidate));
  if (name !== undefined) {
    const format = name.endsWith('.safetensors.index.json') ? safetensorsSharded : name.endsWith('.index.json') ? torchSharded : name.endsWith('.safetensors') ? safetensors : torch;
    const part = subSource(source, listing, '', name);
    return format.inspect(part.source, part.listing, signal);
  }
  const folders = listing.files.filter(({ folder, name: candidate }) => folder && !candidate.includes('/'));
  for (const [format, pattern] of [[dcp, /^pytorch_model_fsdp_\d+$/], [deepspeed, /^global_step\d+$/]] as const) {
    const folder = folders.findLast(({ name: candidate }) => pattern.test(candidate));
    if (folder) {
      const part = subSource(source, listing, folder.name);
      return lifted(folder.name, await format.inspect(part.source, part.listing, signal));
    }
  }
  return undefined;
}

/** Whatever else of PyTorch's lies beside the weights has to be whole, too. */
async function otherParts(source: CheckpointSource, listing: CheckpointListing, weights: readonly string[], signal?: AbortSignal): Promise<readonly Verdict[]> {
  const isOther = ({ name, folder }: CheckpointFile) => !folder && !name.includes('/') && /\.(?:pt|pth|bin)$/.test(name) && !weights.includes(name);
  const found = await Promise.all(listing.files.filter(isOther).map(async (file) => ({ file, ...(await inspectTorch(source, listing, file, signal)) })));
  // Their pickles may hold anything; what counts is that they end.
  return found.map(({ file, inspection: { facts } }) => ({ state: facts.state, reason: `${file.name}: ${facts.reason}` })).filter(({ state }) => state !== 'complete');
}

/** What Trainer writes goes together: the optimizer, its schedule and the state of the random numbers; its arguments with everything. */
function lostCompanion(sizes: ReadonlyMap<string, number>): string | undefined {
  const random = [...sizes.keys()].some((name) => /^rng_state\w*\.pth$/.test(name));
  const resumes = sizes.has('optimizer.pt') || sizes.has('scheduler.pt');
  if (resumes) {
    return !sizes.has('optimizer.pt') ? 'optimizer.pt' : !sizes.has('scheduler.pt') ? 'scheduler.pt' : !random ? 'The state of the random numbers' : !sizes.has('training_args.bin') ? 'training_args.bin' : undefined;
  }
  return random && sizes.has(STATE) && ![...sizes.keys()].some((name) => /^(?:global_step|pytorch_model_fsdp|optimizer)/.test(name)) ? 'optimizer.pt' : undefined;
}

function progressOf(state: Readonly<Record<string, unknown>>): Progress {
  const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
  const log = Array.isArray(state['log_history']) ? state['log_history'].filter(isRecord) : [];
  const metrics: Record<string, number> = {};
  for (const entry of log) {
    for (const [key, value] of Object.entries(entry)) {
      if (/loss|accuracy|^eval_|grad_norm|learning_rate|score|wer|bleu|rouge|f1/i.test(key) && !/runtime|per_second/.test(key) && typeof value === 'number') {
        metrics[key] = value;
      }
    }
  }
  const best = number(state['best_metric']);
  return { step: number(state['global_step']), epoch: number(state['epoch']), metrics: { ...metrics, ...(best !== undefined && { best_metric: best }) } };
}

function plain(value: unknown, prefix = ''): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, inner]) => ['string', 'number', 'boolean'].includes(typeof inner)).map(([key, inner]) => [`${prefix}${key}`, String(inner).slice(0, 400)]));
}
