import type { CheckpointFormat } from '../../checkpoint.ts';
import { protoFields } from '../binary/protobuf.ts';
import { readPart } from '../binary/readWhole.ts';
import { complete, undecided, unfinished, worst } from '../facts.ts';
import { lifted, subSource } from '../sources/subSource.ts';
import { inspectBundle } from './tensorflow.ts';

const MODEL = 'saved_model.pb';
const MAX_MODEL = 256 * 1024 * 1024;
const META_GRAPHS = 2;

/** TensorFlow's SavedModel: the variables as a checkpoint, and saved_model.pb. */
export const savedModel: CheckpointFormat = {
  id: 'savedModel',
  title: 'TensorFlow SavedModel',
  depth: 2,
  evidence: (files, _, focus) => (focus !== undefined ? 0 : files.some(({ name }) => name === MODEL) ? 0.97 : files.some(({ name }) => /^variables\/variables\.(?:index|data-)/.test(name)) ? 0.8 : 0),
  async inspect(source, listing, signal) {
    const own = listing.files.filter(({ folder }) => !folder);
    const part = subSource(source, listing, 'variables');
    const variables = lifted('variables', await inspectBundle(part.source, part.listing, 'variables', signal));
    const model = own.find(({ name }) => name === MODEL);
    const read = model !== undefined && model.size <= MAX_MODEL;
    const fields = read ? protoFields(await readPart(source, MODEL, 0, MAX_MODEL, signal)) : undefined;
    const whole = fields?.some(({ number }) => number === META_GRAPHS) === true;
    const verdict = model === undefined
      ? unfinished(`${MODEL} is not there.`, own, listing.now)
      : !read
        ? undecided(`${MODEL} is larger than is read of any.`)
        : worst([{ state: variables.facts.state, reason: variables.facts.reason }], whole ? complete(`${MODEL} and its variables are there.`) : unfinished(`${MODEL} is cut short.`, own, listing.now));
    return { ...variables, facts: { ...variables.facts, ...verdict }, markers: [...variables.markers, MODEL], files: own.map(({ name }) => name) };
  },
};
