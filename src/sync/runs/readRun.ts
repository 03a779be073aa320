import type { CheckpointFacts, CheckpointFile, CheckpointListing, CheckpointSource } from '../checkpoint.ts';
import { FORMATS } from '../checkpoints/formats/index.ts';
import { inspectCheckpoint } from '../checkpoints/inspectCheckpoint.ts';
import { lifted, subSource } from '../checkpoints/sources/subSource.ts';

/** A folder that a training run writes its checkpoints into. */
export interface Run {
  readonly path: string;
  /** The newest first: by step, and by time where steps are not known. */
  readonly checkpoints: readonly RunCheckpoint[];
  /** Checkpoints that were not looked at, being too many. */
  readonly left: number;
  /** The clock of the machine that has it, in milliseconds since the epoch. */
  readonly now: number;
}

export interface RunCheckpoint {
  /** Of its file or folder, relative to the run's. */
  readonly name: string;
  readonly facts: CheckpointFacts;
  /** Its files, relative to the run's folder, and those of them that are copied last, in order. */
  readonly files: readonly string[];
  readonly markers: readonly string[];
  /** When its last file was written, in milliseconds since the epoch. */
  readonly writtenAt: number;
  /** Another file names it as the best or the latest: it is never pruned. */
  readonly namedAs: readonly ('best' | 'latest')[];
}

const DEPTH = 5;
const MOST = 200;
const SINGLE = /\.(?:safetensors|ckpt|pt|pth|gguf|msgpack|keras|h5)$|\.(?:safetensors|bin)\.index\.json$|^checkpoint_\d+$/;
const SHARD = /-\d{5}-of-\d{5}\.\w+$/;
const BUNDLE = /\.index$/;
/** What lies beside checkpoints, and is none. */
const NEVER = /^(?:optimizer|scheduler|scaler|rng_state\w*|training_args|random_states\w*|events\.out)\b/;

interface Candidate {
  readonly folder: string;
  readonly focus?: string;
  readonly writtenAt: number;
}

/** Reads a run's folder: one listing, and the heads and tails of each checkpoint in it. */
export async function readRun(source: CheckpointSource, signal?: AbortSignal): Promise<Run> {
  const listing = await source.list(DEPTH, signal);
  const candidates = candidatesIn(listing.files, '').sort((one, other) => other.writtenAt - one.writtenAt);
  const found: RunCheckpoint[] = [];
  const names: { readonly best: Set<string>; readonly latest: Set<string> } = { best: new Set(), latest: await latestNames(source, listing, signal) };
  for (const candidate of candidates.slice(0, MOST)) {
    signal?.throwIfAborted();
    const { checkpoint, best } = await look(source, listing, candidate, signal);
    found.push(checkpoint);
    if (best !== undefined) {
      names.best.add(best);
    }
  }
  const checkpoints = found.map((checkpoint): RunCheckpoint => {
    const own = checkpoint.name.split('/').at(-1) ?? '';
    return { ...checkpoint, namedAs: (['best', 'latest'] as const).filter((kind) => own !== '' && names[kind].has(own)) };
  });
  return { path: source.path, checkpoints: checkpoints.sort(newestFirst), left: Math.max(0, candidates.length - MOST), now: listing.now };
}

async function look(source: CheckpointSource, listing: CheckpointListing, { folder, focus, writtenAt }: Candidate, signal?: AbortSignal): Promise<{ readonly checkpoint: RunCheckpoint; readonly best: string | undefined }> {
  const part = subSource(source, listing, folder, focus);
  const { facts, inspection } = await inspectCheckpoint(part.source, signal, part.listing);
  const { files, markers } = lifted(folder, inspection);
  const name = [folder, focus].filter((piece) => piece !== undefined && piece !== '').join('/');
  const path = name === '' ? source.path : `${source.path.replace(/\/$/, '')}/${name}`;
  return {
    checkpoint: { name, facts: { ...facts, path }, files, markers, writtenAt, namedAs: [] },
    best: inspection.metadata['best_model_checkpoint']?.split('/').at(-1),
  };
}

/** What `latest` (DeepSpeed) and `checkpoint` (TensorFlow) name. */
async function latestNames(source: CheckpointSource, { files }: CheckpointListing, signal?: AbortSignal): Promise<Set<string>> {
  const wanted = files.filter(({ name, folder, size }) => !folder && size < 65_536 && /(?:^|\/)(?:latest|checkpoint|latest_checkpointed_iteration\.txt)$/.test(name));
  const texts = await source.read(wanted.map(({ name, size }) => ({ file: name, offset: 0, length: size })), signal);
  return new Set(
    texts.flatMap((bytes) => {
      const text = bytes.toString('utf8').trim();
      const named = /^model_checkpoint_path: "([^"\n]+)"/m.exec(text)?.[1]?.split('/').at(-1);
      return named === undefined ? [text] : [named, `${named}.index`];
    }),
  );
}

/** Folders that are a checkpoint as a whole are not looked into further; the run's own is never taken for one. */
function candidatesIn(files: readonly CheckpointFile[], folder: string): Candidate[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = files.filter(({ name }) => name.startsWith(prefix)).map((file) => ({ ...file, name: file.name.slice(prefix.length) }));
  const direct = below.filter(({ name }) => !name.includes('/'));
  const whole = folder !== '' && FORMATS.filter(({ id }) => id !== 'tensorflow').some((format) => format.evidence(below, Buffer.alloc(0), undefined) >= 0.8);
  const newest = (some: readonly CheckpointFile[]) => some.reduce((last, file) => Math.max(last, file.folder ? 0 : file.mtime), 0);
  const own: Candidate[] = whole
    ? [{ folder, writtenAt: newest(below) }]
    : direct
        .filter(({ name, folder: isFolder }) => !isFolder && !NEVER.test(name) && !SHARD.test(name) && (SINGLE.test(name) || (BUNDLE.test(name) && direct.some((other) => other.name.startsWith(`${name.slice(0, -5)}data-`)))))
        .map((file) => ({ folder, focus: file.name, writtenAt: file.mtime }));
  const folders = whole ? [] : direct.filter((file) => file.folder && !file.name.startsWith('.')).map(({ name }) => `${prefix}${name}`);
  return [...own, ...folders.flatMap((inner) => candidatesIn(files, inner))];
}

function newestFirst(one: RunCheckpoint, other: RunCheckpoint): number {
  const [first, second] = [stepOf(one), stepOf(other)];
  return first !== undefined && second !== undefined && first !== second ? second - first : other.writtenAt - one.writtenAt;
}

export function stepOf({ facts: { step } }: RunCheckpoint): number | undefined {
  return typeof step === 'number' ? step : undefined;
}

/** Undefined where it does not tell. */
export function metricOf({ facts: { metrics } }: RunCheckpoint, name: string): number | undefined {
  const known = metrics as Readonly<Record<string, unknown>>;
  const value = Object.hasOwn(known, name) ? known[name] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
