import { isRecord } from '../../../base/isRecord.ts';
import type { CheckpointFile, CheckpointFormat, CheckpointListing, CheckpointSource, Inspection } from '../../checkpoint.ts';
import { parseJson, readPart } from '../binary/readWhole.ts';
import { complete, countsOf, damaged, progressFacts, unfinished, withoutTensors, worst } from '../facts.ts';
import { isBelow } from '../sources/sourceNames.ts';
import { HEAD, inspectSafetensors } from './safetensors.ts';
import { inspectTorch } from './torch.ts';

const MAX_INDEX = 64 * 1024 * 1024;

/** Hugging Face's way to lay a model over several files: an index that names the file of each tensor. */
function sharded(id: string, title: string, ending: RegExp, inspectShards: InspectShards): CheckpointFormat {
  return {
    id,
    title,
    depth: 1,
    evidence: (files, _, focus) => (focus === undefined ? (indexName(files, ending) === undefined ? 0 : 0.8) : ending.test(focus) ? 0.95 : 0),
    async inspect(source, listing, signal) {
      const index = source.focus ?? indexName(listing.files, ending) ?? '';
      const text = (await readPart(source, index, 0, MAX_INDEX, signal)).toString('utf8');
      const map = weightMap(text);
      if (map === undefined) {
        const own = listing.files.filter(({ name }) => name === index);
        return withoutTensors(unfinished('Its index is no JSON with a weight_map.', own, listing.now), 'its index cannot be read', [index]);
      }
      const names = [...new Set(map.values())];
      const files = listing.files.filter(({ name, folder }) => !folder && names.includes(name));
      const missing = names.find((name) => !files.some((file) => file.name === name));
      const shards = await inspectShards(source, listing, files, signal);
      const tensors = shards.flatMap((shard) => shard.tensors);
      const held = new Map(shards.map((shard) => [shard.files[0] ?? '', new Set(shard.tensors.map(({ name }) => name))]));
      const lost = [...map].find(([tensor, file]) => held.get(file)?.has(tensor) === false);
      const own = listing.files.filter(({ name }) => name === index || names.includes(name));
      const verdict =
        missing !== undefined
          ? unfinished(`${missing} is not there.`, own, listing.now)
          : worst(
              shards.map(({ facts, files: [name] }) => ({ state: facts.state, reason: `${name}: ${facts.reason}` })),
              lost ? damaged(`${lost[1]} does not hold ${lost[0]}, which the index has there.`) : complete(`All ${names.length} shards of the index are whole.`),
            );
      return { facts: { ...verdict, ...countsOf(tensors), ...progressFacts({}) }, tensors, metadata: { shards: String(names.length), ...totals(text) }, markers: [index], files: [...names, index] };
    },
  };
}

type InspectShards = (source: CheckpointSource, listing: CheckpointListing, files: readonly CheckpointFile[], signal?: AbortSignal) => Promise<readonly Inspection[]>;

export const safetensorsSharded = sharded('safetensorsSharded', 'safetensors, sharded', /\.safetensors\.index\.json$/, async (source, { now }, files, signal) => {
  const heads = await source.read(files.map(({ name }) => ({ file: name, offset: 0, length: HEAD })), signal);
  return Promise.all(files.map((file, index) => inspectSafetensors(source, file, heads[index] ?? Buffer.alloc(0), now, signal)));
});

export const torchSharded = sharded('torchSharded', 'PyTorch, sharded', /\.bin\.index\.json$/, async (source, listing, files, signal) => {
  const found = await Promise.all(files.map((file) => inspectTorch(source, listing, file, signal)));
  return found.map(({ inspection }) => inspection);
});

function indexName(files: readonly CheckpointFile[], ending: RegExp): string | undefined {
  return files.find(({ name, folder }) => !folder && !name.includes('/') && ending.test(name))?.name;
}

/** File of each tensor. Only plain names are followed. */
function weightMap(text: string): ReadonlyMap<string, string> | undefined {
  const index = parseJson(text);
  const map = isRecord(index) ? index['weight_map'] : undefined;
  if (!isRecord(map)) {
    return undefined;
  }
  const entries = Object.entries(map);
  return entries.length > 0 && entries.every((entry): entry is [string, string] => typeof entry[1] === 'string' && isBelow(entry[1])) ? new Map(entries) : undefined;
}

function totals(text: string): Readonly<Record<string, string>> {
  const index = parseJson(text);
  const metadata = isRecord(index) && isRecord(index['metadata']) ? index['metadata'] : {};
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => typeof value !== 'object').map(([key, value]) => [key, String(value).slice(0, 400)]));
}
