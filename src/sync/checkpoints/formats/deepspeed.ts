import type { CheckpointFile, CheckpointFormat, Tensor } from '../../checkpoint.ts';
import { readPart } from '../binary/readWhole.ts';
import { complete, countsOf, progressFacts, undecided, unfinished, withoutTensors, worst } from '../facts.ts';
import { mergeProgress, progressOfName } from '../namedProgress.ts';
import { isBelow } from '../sources/sourceNames.ts';
import { lifted, subSource } from '../sources/subSource.ts';
import { inspectTorch } from './torch.ts';

const LATEST = 'latest';
const MODEL = /^(?:zero_pp_rank_(\d+)_)?mp_rank_(\d+)(?:_\d+)?_model_states\.pt$/;
const OPTIMIZER = /^(?:bf16_|fp16_)?zero_pp_rank_(\d+)_mp_rank_(\d+)(?:_\d+)?_optim_states\.pt$/;

/** DeepSpeed: a folder for each tag with a file for each rank, and `latest` above them, which names the tag and is written last. */
export const deepspeed: CheckpointFormat = {
  id: 'deepspeed',
  title: 'DeepSpeed',
  depth: 2,
  evidence(files, _, focus) {
    const own = files.some(({ name }) => MODEL.test(name) || OPTIMIZER.test(name));
    const below = files.some(({ name }) => MODEL.test(name.split('/')[1] ?? ''));
    return focus !== undefined ? 0 : own ? 0.95 : below && files.some(({ name }) => name === LATEST) ? 0.9 : below ? 0.4 : 0;
  },
  async inspect(source, listing, signal) {
    if (listing.files.some(({ name }) => MODEL.test(name) || OPTIMIZER.test(name))) {
      return inspectTag(source, listing, signal);
    }
    const tag = (await readPart(source, LATEST, 0, 4096, signal)).toString('utf8').trim();
    if (!isBelow(tag) || !listing.files.some(({ name, folder }) => folder && name === tag)) {
      return withoutTensors(unfinished(tag === '' ? 'latest is not there, which is written last.' : 'latest names a folder that is not there.', listing.files, listing.now), 'no complete tag is named', [LATEST]);
    }
    const part = subSource(source, listing, tag);
    const inspection = lifted(tag, await inspectTag(part.source, part.listing, signal));
    return { ...inspection, metadata: { latest: tag, ...inspection.metadata }, markers: [...inspection.markers, LATEST], files: [...inspection.files, LATEST] };
  },
};

const inspectTag: CheckpointFormat['inspect'] = async (source, listing, signal) => {
  const files = listing.files.filter(({ name, folder }) => !folder && !name.includes('/') && name.endsWith('.pt'));
  const named = progressOfName(source.folderName);
  const parts = await Promise.all(files.map(async (file) => ({ file, ...(await inspectTorch(source, listing, file, signal)) })));
  const model = parts.filter(({ file }) => MODEL.test(file.name));
  const first = model.find(({ contents }) => contents);
  const worldSize = Number(first?.contents?.metadata['dp_world_size'] ?? NaN);
  const missing = missingRank(files, worldSize);
  const tensors: readonly Tensor[] = model.flatMap(({ contents, inspection }) => (contents ? inspection.tensors.filter(({ beside }) => beside !== true) : []));
  const names = files.map(({ name }) => name);
  const verdict = worst(
    parts.map(({ file, inspection: { facts } }) => ({ state: facts.state, reason: `${file.name}: ${facts.reason}` })),
    missing !== undefined
      ? unfinished(missing, files, listing.now)
      : Number.isNaN(worldSize)
        ? undecided('All its files are whole; how many ranks there were is not stated.')
        : complete(`All ${files.length} files of ${worldSize} ranks are there.`),
  );
  const progress = mergeProgress(first?.contents?.progress ?? {}, named);
  return { facts: { ...verdict, ...countsOf(tensors), ...progressFacts(progress) }, tensors, metadata: first?.contents?.metadata ?? {}, markers: [], files: names };
};

/** Ranks count from 0, and each has its file, where any has. */
function missingRank(files: readonly CheckpointFile[], worldSize: number): string | undefined {
  const modelRanks = ranks(files, MODEL, 2);
  if (modelRanks.size === 0) {
    return 'No file of the model\'s states is there.';
  }
  for (const [pattern, which] of [[OPTIMIZER, 'optimizer'], [MODEL, 'model']] as const) {
    const found = ranks(files, pattern, 1);
    const expected = Math.max(Number.isNaN(worldSize) ? 0 : worldSize, ...[...found].map((rank) => rank + 1));
    let lost = 0;
    while (found.has(lost)) {
      lost++;
    }
    if (found.size > 0 && lost < expected) {
      return `The ${which} states of rank ${lost} are not there.`;
    }
  }
  return undefined;
}

function ranks(files: readonly CheckpointFile[], pattern: RegExp, group: number): ReadonlySet<number> {
  return new Set(files.flatMap(({ name }) => { const rank = pattern.exec(name)?.[group]; return rank === undefined ? [] : [Number(rank)]; }));
}
