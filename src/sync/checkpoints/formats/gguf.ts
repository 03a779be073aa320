import { formatCount } from '../../../base/format.ts';
import type { CheckpointFormat, Tensor } from '../../checkpoint.ts';
import { readPart } from '../binary/readWhole.ts';
import { complete, countsOf, cutShort, damaged, elements, progressFacts, undecided, unfinished, withoutTensors } from '../facts.ts';
import { progressOfName } from '../namedProgress.ts';
import { ShortGguf, readGgufHeader } from '../binary/ggufHeader.ts';
import { focused } from './torch.ts';

const FIRST = 1024 * 1024;
const MAX_HEAD = 512 * 1024 * 1024;

export const gguf: CheckpointFormat = {
  id: 'gguf',
  title: 'GGUF',
  depth: 1,
  evidence: (_, head, focus) => (focus === undefined ? 0 : head.toString('latin1', 0, 4) === 'GGUF' ? 0.95 : focus.endsWith('.gguf') ? 0.8 : 0),
  async inspect(source, listing, signal) {
    const file = focused(source, listing);
    const { name, size } = file;
    for (let wanted = FIRST; ; wanted *= 4) {
      const head = await readPart(source, name, 0, wanted, signal);
      try {
        const { tensors: infos, metadata, dataStart, alignment } = readGgufHeader(head);
        const sized = infos.every(({ bytes }) => bytes !== undefined);
        const end = infos.reduce((last, { offset, bytes = 0 }) => Math.max(last, dataStart + offset + bytes), dataStart);
        const padded = Math.ceil(end / alignment) * alignment;
        const tensors = infos.map(({ name: tensor, dtype, shape, offset, bytes }): Tensor => ({ name: tensor, dtype, shape, ...(bytes !== undefined && { place: { file: name, offset: dataStart + offset, length: bytes } }) }));
        const overlap = infos.length > 1 && overlapOf(tensors);
        const verdict = size === end && end < padded
          ? undecided('All its values are there; the padding that writers put behind the last ones is not.')
          : size < padded
          ? cutShort(file, padded, listing.now)
          : !sized
            ? undecided('It has tensors of a type whose size is not known.')
            : overlap
              ? damaged(`"${overlap}" shares bytes with the tensor before it.`)
              : size > padded
                ? damaged(`${formatCount(size - padded)} bytes follow its last tensor.`)
                : complete(`Header and all ${tensors.length} tensors are there.`);
        return { facts: { ...verdict, ...countsOf(tensors), ...progressFacts(progressOfName(name)) }, tensors, metadata, markers: [], files: [name] };
      } catch (error) {
        if (!(error instanceof ShortGguf) && !(error instanceof RangeError)) {
          throw error;
        }
        const more = error instanceof ShortGguf && head.length < size;
        if (!more || wanted > MAX_HEAD) {
          const verdict = more ? undecided('Its header is larger than is read of any.') : error instanceof ShortGguf ? unfinished('It ends within its header.', [file], listing.now) : damaged(error.message);
          return withoutTensors(verdict, 'its header cannot be read', [name], progressOfName(name));
        }
      }
    }
  },
};

function overlapOf(tensors: readonly Tensor[]): string | undefined {
  const placed = tensors.filter((tensor) => elements(tensor) > 0).flatMap(({ name, place }) => (place ? [{ name, ...place }] : []));
  placed.sort((one, other) => one.offset - other.offset);
  return placed.find(({ offset }, index) => index > 0 && offset < (placed[index - 1]?.offset ?? 0) + (placed[index - 1]?.length ?? 0))?.name;
}
