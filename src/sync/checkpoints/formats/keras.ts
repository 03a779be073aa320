import { formatCount } from '../../../base/format.ts';
import type { CheckpointFormat } from '../../checkpoint.ts';
import { readHdf5Head, readHdf5Tensors } from '../binary/hdf5.ts';
import { parseJson, readPart } from '../binary/readWhole.ts';
import { dataStart, readZipDirectory, readZipMember } from '../binary/zipDirectory.ts';
import { complete, countsOf, cutShort, damaged, progressFacts, undecided, unfinished, withoutTensors } from '../facts.ts';
import { progressOfName } from '../namedProgress.ts';
import { isRecord } from '../../../base/isRecord.ts';
import { focused } from './torch.ts';

const WEIGHTS = 'model.weights.h5';
const MAX_TEXT = 64 * 1024 * 1024;

/** Keras 3: a zip file with config.json, metadata.json and the weights as HDF5. */
export const keras: CheckpointFormat = {
  id: 'keras',
  title: 'Keras',
  depth: 1,
  evidence: (_, head, focus) => (focus === undefined ? 0 : focus.endsWith('.keras') ? 0.95 : head.includes(WEIGHTS) ? 0.9 : 0),
  async inspect(source, listing, signal) {
    const file = focused(source, listing);
    const { name, size } = file;
    const named = progressOfName(name);
    const zip = await readZipDirectory(source, name, size, signal);
    if ('problem' in zip) {
      return withoutTensors(zip.problem === 'cut' ? unfinished(zip.message, [file], listing.now) : undecided(zip.message), 'its directory is not there', [name], named);
    }
    const member = (wanted: string) => zip.members.find((candidate) => candidate.name === wanted);
    const [weights, config, metadata] = [member(WEIGHTS), member('config.json'), member('metadata.json')];
    if (weights === undefined || config === undefined || !weights.stored) {
      return withoutTensors(weights && config ? undecided('Its weights are compressed, which is not read.') : damaged(`It lacks ${weights ? 'config.json' : WEIGHTS}.`), 'its weights are not read', [name], named);
    }
    const start = weights.header + (dataStart(await readPart(source, name, weights.header, 30, signal)) ?? 0);
    const part = { file: name, start, size: weights.size };
    const head = readHdf5Head(await readPart(source, name, start, 4096, signal));
    const facts = parseJson(metadata && (await readZipMember(source, name, metadata, MAX_TEXT, signal))?.toString('utf8'));
    const found = await readHdf5Tensors(source, part, signal);
    const verdict = head === undefined || head.end > weights.size ? damaged('Its weights are cut short.') : complete('Its directory, weights and config.json are there.');
    const plain = isRecord(facts) ? Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, String(value)])) : {};
    if ('why' in found) {
      return withoutTensors(verdict, found.why, [name], named, { metadata: plain });
    }
    return { facts: { ...verdict, ...countsOf(found.tensors), ...progressFacts(named) }, tensors: found.tensors, metadata: plain, markers: [], files: [name] };
  },
};

/** Keras' weights, or a whole model of Keras 2, as HDF5. */
export const kerasH5: CheckpointFormat = {
  id: 'kerasH5',
  title: 'Keras, HDF5',
  depth: 1,
  evidence: (_, head, focus) => (focus === undefined ? 0 : readHdf5Head(head) ? (/\.(?:h5|hdf5|keras)$/.test(focus) ? 0.85 : 0.5) : /\.h5$/.test(focus) ? 0.3 : 0),
  async inspect(source, listing, signal) {
    const file = focused(source, listing);
    const { name, size } = file;
    const named = progressOfName(name);
    const head = readHdf5Head(await readPart(source, name, 0, 4096, signal));
    if (head === undefined) {
      const empty = size < 96;
      return withoutTensors(empty ? unfinished('It ends within its first bytes.', [file], listing.now) : damaged('It is no HDF5 file.'), 'it has no head', [name], named);
    }
    // Its head says where it ends, and is written when it is closed; while it is open it may state less than is there.
    const verdict = head.end > size ? cutShort(file, head.end, listing.now) : head.open ? unfinished('It is marked as open by a writer.', [file], listing.now) : head.end < size ? undecided(`${formatCount(size - head.end)} bytes follow its stated end.`) : complete('It is there to the end that its head states.');
    const found = await readHdf5Tensors(source, { file: name, start: 0, size }, signal);
    if ('why' in found) {
      return withoutTensors(verdict.state === 'complete' && found.broken ? damaged(found.why) : verdict, found.why, [name], named);
    }
    return { facts: { ...verdict, ...countsOf(found.tensors), ...progressFacts(named) }, tensors: found.tensors, metadata: {}, markers: [], files: [name] };
  },
};
