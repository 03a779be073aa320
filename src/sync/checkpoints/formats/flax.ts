import { formatCount } from '../../../base/format.ts';
import type { CheckpointFormat, Tensor } from '../../checkpoint.ts';
import { readMsgpackTree } from '../binary/msgpackTree.ts';
import { complete, countsOf, damaged, progressFacts, undecided, unfinished, withoutTensors } from '../facts.ts';
import { progressOfName } from '../namedProgress.ts';
import { focused } from './torch.ts';

/** `flax.serialization.to_bytes`: one msgpack map, with arrays as extensions of type 1. It says itself where it ends. */
export const flax: CheckpointFormat = {
  id: 'flax',
  title: 'Flax',
  depth: 1,
  evidence(_, head, focus) {
    const isMap = ((head[0] ?? 0) & 0xf0) === 0x80 || head[0] === 0xde || head[0] === 0xdf;
    return focus === undefined ? 0 : focus.endsWith('.msgpack') ? 0.9 : isMap && /^checkpoint_\d+(?:\.\d+)?$/.test(focus) ? 0.8 : 0;
  },
  async inspect(source, listing, signal) {
    const file = focused(source, listing);
    const { name, size } = file;
    const named = progressOfName(name);
    const reading = await readMsgpackTree((offset, length) => source.read([{ file: name, offset, length }], signal).then(([bytes = Buffer.alloc(0)]) => bytes), size);
    if (reading.problem === 'malformed' || reading.problem === 'large') {
      return withoutTensors(reading.problem === 'large' ? undecided('It has more parts than are looked at.') : damaged('It is no msgpack.'), 'it cannot be read', [name], named);
    }
    const tensors = reading.arrays.map(({ path, dtype, shape, offset, length }): Tensor => ({
      name: path.join('.'),
      dtype,
      shape,
      ...(offset + length <= size && { place: { file: name, offset, length } }),
      ...(/^(?:opt_state|optimizer|step)$/.test(path[0] ?? '') && { beside: true as const }),
    }));
    const verdict = reading.problem === 'short' ? unfinished('It ends before its last value.', [file], listing.now) : reading.end < size ? damaged(`${formatCount(size - reading.end)} bytes follow its last value.`) : complete(`All ${tensors.length} arrays are there, to its last byte.`);
    return { facts: { ...verdict, ...countsOf(tensors), ...progressFacts({ ...named, step: reading.numbers.get('step') ?? named.step, epoch: reading.numbers.get('epoch') ?? named.epoch }) }, tensors, metadata: {}, markers: [], files: [name] };
  },
};
