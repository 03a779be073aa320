import { formatCount } from '../../../base/format.ts';
import type { CheckpointFormat, TensorPlace } from '../../checkpoint.ts';
import { readPart } from '../binary/readWhole.ts';
import { dtypeBytes } from '../dtypes.ts';
import { complete, countsOf, cutShort, damaged, progressFacts, undecided, unfinished, withoutTensors } from '../facts.ts';
import { mergeProgress, progressOfName } from '../namedProgress.ts';
import { itemsOf } from '../pickle/pickleValue.ts';
import type { PickleValue } from '../pickle/pickleValue.ts';
import { PickleError, readPickle } from '../pickle/readPickle.ts';
import { torchContents } from '../pickle/torchContents.ts';
import type { PickledStorage } from '../pickle/torchTensors.ts';
import { focused } from './torch.ts';

/** The pickle of 0x1950a86a20f9469cfc6c, protocol 2. */
const MAGIC = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
const FIRST = 1024 * 1024;
const MAX_PICKLES = 256 * 1024 * 1024;
/** Before the values of a storage stands how many there are. */
const COUNT = 8;

/**
 * `torch.save` before 1.6 (torch/serialization.py, `_legacy_save`): five pickles (magic number, protocol, system, the object, the keys
 * of its storages), then each storage in that order. Their sizes say exactly where the file ends.
 */
export const torchLegacy: CheckpointFormat = {
  id: 'torchLegacy',
  title: 'PyTorch, before 1.6',
  depth: 1,
  evidence: (_, head, focus) => (focus !== undefined && head.subarray(0, MAGIC.length).equals(MAGIC) ? 0.95 : 0),
  async inspect(source, listing, signal) {
    const file = focused(source, listing);
    const { name, size } = file;
    const named = progressOfName(name);
    for (let wanted = FIRST; ; wanted *= 4) {
      const head = await readPart(source, name, 0, wanted, signal);
      try {
        const { object, keys, end } = readHead(head);
        const storages = new Map<string, PickledStorage>();
        // First for the storages' sizes, then for where they make the tensors lie.
        torchContents(object, () => undefined).storages.forEach((storage, key) => storages.set(key, storage));
        const { places, stop } = placesOf(keys, storages, name, end);
        const contents = torchContents(object, ({ key }) => places.get(key));
        const verdict =
          stop === undefined
            ? undecided('It has values of a type whose size is not known.')
            : size < stop
              ? cutShort(file, stop, listing.now)
              : size > stop
                ? damaged(`${formatCount(size - stop)} bytes follow its last values.`)
                : complete(`All ${keys.length} storages are there, to its last byte.`);
        return { facts: { ...verdict, ...countsOf(contents.tensors), ...progressFacts(mergeProgress(contents.progress, named)) }, tensors: contents.tensors, metadata: contents.metadata, markers: [], files: [name] };
      } catch (error) {
        if (!(error instanceof PickleError)) {
          throw error;
        }
        const more = error.reason === 'short' && head.length < size;
        if (!more || wanted > MAX_PICKLES) {
          const verdict = more || error.reason === 'large' ? undecided('Its pickles are larger than is read of any.') : error.reason === 'short' ? unfinished('It ends within its pickles.', [file], listing.now) : damaged(error.message);
          return withoutTensors(verdict, 'its pickles cannot be read', [name], named);
        }
      }
    }
  },
};

function readHead(bytes: Buffer): { readonly object: PickleValue; readonly keys: readonly string[]; readonly end: number } {
  let at = 0;
  const values: PickleValue[] = [];
  for (let nth = 0; nth < 5; nth++) {
    const { value, end } = readPickle(bytes, at);
    values.push(value);
    at = end;
  }
  return { object: values[3] ?? null, keys: itemsOf(values[4]).map(String), end: at };
}

function placesOf(keys: readonly string[], storages: ReadonlyMap<string, PickledStorage>, file: string, start: number): { readonly places: ReadonlyMap<string, TensorPlace>; readonly stop: number | undefined } {
  const places = new Map<string, TensorPlace>();
  let at = start;
  for (const key of keys) {
    const storage = storages.get(key);
    const bytes = storage && dtypeBytes(storage.dtype);
    if (storage === undefined || bytes === undefined) {
      return { places, stop: undefined };
    }
    places.set(key, { file, offset: at + COUNT, length: storage.count * bytes });
    at += COUNT + storage.count * bytes;
  }
  return { places, stop: at };
}
