import type { CheckpointFormat, CheckpointListing, CheckpointSource, Inspection, Tensor } from '../../checkpoint.ts';
import { bytesField, numberField, protoFields } from '../binary/protobuf.ts';
import type { ProtoField } from '../binary/protobuf.ts';
import { readPart } from '../binary/readWhole.ts';
import { readSortedTable } from '../binary/sortedTable.ts';
import { complete, countsOf, damaged, lostPart, progressFacts, undecided, unfinished, withoutTensors } from '../facts.ts';
import { progressOfName } from '../namedProgress.ts';

const MAX_INDEX = 256 * 1024 * 1024;
const SHARD = /^(.*)\.data-\d{5}-of-\d{5}$/;

/** By number (tensorflow/core/framework/types.proto). */
const TYPES: Readonly<Record<number, string>> = { 1: 'F32', 2: 'F64', 3: 'I32', 4: 'U8', 5: 'I16', 6: 'I8', 7: 'STRING', 8: 'C64', 9: 'I64', 10: 'BOOL', 14: 'BF16', 17: 'U16', 18: 'C128', 19: 'F16', 22: 'U32', 23: 'U64', 24: 'F8_E5M2', 25: 'F8_E4M3' };

/** TensorFlow: an index (a sorted table, written last) and data files that it names the parts of. */
export const tensorflow: CheckpointFormat = {
  id: 'tensorflow',
  title: 'TensorFlow',
  depth: 1,
  evidence(files, _, focus) {
    const named = (name: string) => name.endsWith('.index') || SHARD.test(name);
    return focus !== undefined ? (named(focus) ? 0.9 : 0) : files.some(({ name }) => !name.includes('/') && SHARD.test(name)) ? 0.85 : 0;
  },
  async inspect(source, listing, signal) {
    const { focus } = source;
    const prefix = focus === undefined ? await latestPrefix(source, listing, signal) : (SHARD.exec(focus)?.[1] ?? focus.replace(/\.index$/, ''));
    const inspection = await inspectBundle(source, listing, prefix, signal);
    const state = listing.files.some(({ name, folder }) => name === 'checkpoint' && !folder) && focus === undefined;
    return state ? { ...inspection, markers: [...inspection.markers, 'checkpoint'], files: [...inspection.files, 'checkpoint'] } : inspection;
  },
};

/** The one that the file `checkpoint` names, or else the newest. */
async function latestPrefix(source: CheckpointSource, { files }: CheckpointListing, signal?: AbortSignal): Promise<string> {
  const text = (await readPart(source, 'checkpoint', 0, 65_536, signal)).toString('utf8');
  const named = /^model_checkpoint_path: "([^"\n]+)"/m.exec(text)?.[1]?.split('/').at(-1);
  const prefixes = files.filter(({ name, folder }) => !folder && !name.includes('/') && SHARD.test(name)).sort((one, other) => other.mtime - one.mtime).map(({ name }) => SHARD.exec(name)?.[1] ?? '');
  return named !== undefined && prefixes.includes(named) ? named : (prefixes[0] ?? '');
}

/** One index with its data files. */
export async function inspectBundle(source: CheckpointSource, { files, now }: CheckpointListing, prefix: string, signal?: AbortSignal): Promise<Inspection> {
  const index = `${prefix}.index`;
  const own = files.filter(({ name, folder }) => !folder && (name === index || SHARD.exec(name)?.[1] === prefix || name.startsWith(`${prefix}.data-`)));
  const names = own.map(({ name }) => name);
  const named = progressOfName(prefix);
  if (!names.includes(index)) {
    return withoutTensors(unfinished(`${index} is not there, which is written last.`, own, now), 'its index is not there', names, named);
  }
  const table = readSortedTable(await readPart(source, index, 0, MAX_INDEX, signal));
  if (typeof table === 'string') {
    return withoutTensors(table === 'cut' ? unfinished(`${index} is cut short.`, own, now) : undecided(`${index} is compressed, which is not read.`), 'its index cannot be read', names, named);
  }
  const shards = numberField(protoFields(table.get('') ?? Buffer.alloc(0)) ?? [], 1);
  const shardName = (shard: number) => `${prefix}.data-${digits(shard)}-of-${digits(shards)}`;
  const tensors: Tensor[] = [];
  const ends = new Map<string, number>(Array.from({ length: Math.min(shards, 100_000) }, (_, shard) => [shardName(shard), 0]));
  let broken = shards === 0;
  for (const [key, bytes] of table) {
    const fields = key === '' ? undefined : protoFields(bytes);
    if (fields !== undefined) {
      const file = shardName(numberField(fields, 3));
      const [offset, length] = [numberField(fields, 4), numberField(fields, 5)];
      ends.set(file, Math.max(ends.get(file) ?? 0, offset + length));
      const tensor = tensorOf(key, fields, { file, offset, length });
      if (tensor) {
        tensors.push(tensor);
      }
    } else if (key !== '') {
      broken = true;
    }
  }
  const verdict = broken ? damaged(`${index} names what cannot be read.`) : (lostPart(ends, own, now) ?? complete(`${index} and its ${shards === 1 ? 'data file' : `${shards} data files`} are there.`));
  return { facts: { ...verdict, ...countsOf(tensors), ...progressFacts(named) }, tensors, metadata: {}, markers: [index], files: names };
}

/** A BundleEntryProto; texts, such as the graph of the objects, are no tensors of numbers. */
function tensorOf(key: string, fields: readonly ProtoField[], place: NonNullable<Tensor['place']>): Tensor | undefined {
  const dtype = TYPES[numberField(fields, 1)] ?? '?';
  const dimensions = protoFields(bytesField(fields, 2) ?? Buffer.alloc(0)) ?? [];
  const shape = dimensions.filter(({ number }) => number === 2).map(({ value }) => numberField((Buffer.isBuffer(value) && protoFields(value)) || [], 1));
  if (dtype === 'STRING') {
    return undefined;
  }
  const name = key.replace(/\/\.ATTRIBUTES\/VARIABLE_VALUE$/, '');
  const beside = /(?:^|\/)(?:optimizer|save_counter|\.OPTIMIZER_SLOT)(?:\/|$)/.test(name);
  return { name: name.replaceAll('/', '.'), dtype, shape, place, ...(beside && { beside: true as const }) };
}

function digits(number: number): string {
  return String(number).padStart(5, '0');
}
