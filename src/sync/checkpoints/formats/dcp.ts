import type { CheckpointFormat, Tensor } from '../../checkpoint.ts';
import { readPart } from '../binary/readWhole.ts';
import { complete, countsOf, damaged, lostPart, progressFacts, unfinished, withoutTensors } from '../facts.ts';
import { mergeProgress, progressOfName } from '../namedProgress.ts';
import { attributeOf, entriesOf, itemsOf, qualifiedName, shapeOf, wholeNumber } from '../pickle/pickleValue.ts';
import type { PickleValue } from '../pickle/pickleValue.ts';
import { PickleError, readPickle } from '../pickle/readPickle.ts';
import { dtypeOf } from '../pickle/torchTensors.ts';
import { isBelow } from '../sources/sourceNames.ts';
import { inspectTorch } from './torch.ts';

const METADATA = '.metadata';
const MAX_METADATA = 512 * 1024 * 1024;

/** torch.distributed.checkpoint: a `.distcp` file for each rank, and `.metadata`, which is written when all are there. */
export const dcp: CheckpointFormat = {
  id: 'dcp',
  title: 'PyTorch distributed (DCP)',
  depth: 1,
  evidence(files, _, focus) {
    const shards = files.some(({ name }) => !name.includes('/') && name.endsWith('.distcp'));
    return focus !== undefined ? 0 : shards ? 0.95 : files.some(({ name, folder }) => name === METADATA && !folder) ? 0.5 : 0;
  },
  async inspect(source, listing, signal) {
    const { files, now } = listing;
    const own = files.filter(({ name, folder }) => !folder && (name.endsWith('.distcp') || name === METADATA));
    const names = own.map(({ name }) => name);
    const named = progressOfName(source.folderName);
    const marker = own.find(({ name }) => name === METADATA);
    if (marker === undefined) {
      return withoutTensors(unfinished('.metadata is not there, which is written when all ranks have written.', own, now), 'its .metadata is not there', names, named);
    }
    try {
      const { value } = readPickle(await readPart(source, METADATA, 0, MAX_METADATA, signal));
      const { tensors, ends } = contentsOf(value);
      const verdict = ends.size === 0 && tensors.length > 0
        ? damaged('.metadata does not say where its tensors lie.')
        : (lostPart(ends, own, now) ?? complete(`.metadata and all ${ends.size} files that it names are there.`));
      const meta = files.find(({ name, folder }) => name === 'meta.pt' && !folder);
      const beside = meta && (await inspectTorch(source, listing, meta, signal)).contents;
      const progress = mergeProgress(beside?.progress ?? {}, named);
      return { facts: { ...verdict, ...countsOf(tensors), ...progressFacts(progress) }, tensors, metadata: { files: String(ends.size), ...beside?.metadata }, markers: [METADATA], files: meta ? [...names, meta.name] : names };
    } catch (error) {
      if (!(error instanceof PickleError)) {
        throw error;
      }
      return withoutTensors(error.reason === 'short' ? unfinished('.metadata is cut short.', own, now) : damaged(`.metadata: ${error.message}`), 'its .metadata cannot be read', names, named);
    }
  },
};

/** Tensors by name, and how far each file reaches (torch/distributed/checkpoint/metadata.py and filesystem.py). */
function contentsOf(value: PickleValue): { readonly tensors: readonly Tensor[]; readonly ends: ReadonlyMap<string, number> } {
  const tensors = entriesOf(attributeOf(value, 'state_dict_metadata')).flatMap(([name, metadata]): readonly Tensor[] => {
    const shape = shapeOf(attributeOf(metadata, 'size'));
    if (typeof name !== 'string' || !qualifiedName(metadata).endsWith('.TensorStorageMetadata') || shape === undefined) {
      return [];
    }
    const beside = /(?:^|\.)(?:optim|optimizer|optimizers|optimizer_states?|lr_scheduler)(?:\.|$)/i.test(name);
    return [{ name, dtype: typeOf(attributeOf(metadata, 'properties')), shape, ...(beside && { beside: true as const }) }];
  });
  const ends = new Map<string, number>();
  for (const [, info] of entriesOf(attributeOf(value, 'storage_data'))) {
    const [file, offset, length] = ['relative_path', 'offset', 'length'].map((name) => attributeOf(info, name));
    const end = (wholeNumber(offset) ?? 0) + (wholeNumber(length) ?? 0);
    if (typeof file === 'string' && isBelow(file)) {
      ends.set(file, Math.max(ends.get(file) ?? 0, end));
    }
  }
  return { tensors, ends };
}

/** `TensorProperties` is kept as a tuple of its own, with the type first. */
function typeOf(properties: PickleValue | undefined): string {
  const state = properties instanceof Object && 'state' in properties ? properties.state : undefined;
  return dtypeOf(itemsOf(state)[0]) ?? dtypeOf(attributeOf(properties, 'dtype')) ?? '?';
}
