import type { CheckpointFacts, CheckpointListing, CheckpointSource, Inspection } from '../checkpoint.ts';
import { readPart } from './binary/readWhole.ts';
import { undecided, withoutTensors } from './facts.ts';
import { FORMATS } from './formats/index.ts';

const HEAD = 65_536;
const DEPTH = 4;

export interface InspectedCheckpoint {
  readonly facts: CheckpointFacts;
  readonly inspection: Inspection;
  readonly listing: CheckpointListing;
}

/**
 * Says what a checkpoint is and whether it is whole, from heads and tails of its files. `known`: a listing that was just made, at
 * least four folders deep. Rejects where the source itself cannot be read; what is wrong with a checkpoint is its state.
 */
export async function inspectCheckpoint(source: CheckpointSource, signal?: AbortSignal, known?: CheckpointListing): Promise<InspectedCheckpoint> {
  const listing = known ?? (await source.list(DEPTH, signal));
  const head = source.focus === undefined ? Buffer.alloc(0) : await readPart(source, source.focus, 0, HEAD, signal);
  const { format, id } = likeliest(source, listing, head);
  const inspection =
    format === undefined
      ? withoutTensors(undecided('It is of no format that is known.'), 'its format is not known', listing.files.filter(({ folder }) => !folder).map(({ name }) => name))
      : await format.inspect(source, listing, signal);
  const own = new Set(inspection.files);
  const bytes = listing.files.reduce((sum, { name, size }) => sum + (own.has(name) ? size : 0), 0);
  return { facts: { path: source.path, format: id, ...inspection.facts, bytes }, inspection, listing };
}

function likeliest(source: CheckpointSource, { files }: CheckpointListing, head: Buffer): { readonly format: (typeof FORMATS)[number] | undefined; readonly id: string } {
  let best = 0;
  let format: (typeof FORMATS)[number] | undefined;
  for (const candidate of FORMATS) {
    const evidence = candidate.evidence(files, head, source.focus);
    if (evidence > best) {
      [best, format] = [evidence, candidate];
    }
  }
  return { format, id: format?.id ?? 'unknown' };
}
