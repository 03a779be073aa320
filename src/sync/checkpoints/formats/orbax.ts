import { absent } from '../../../base/absent.ts';
import { isRecord } from '../../../base/isRecord.ts';
import type { CheckpointFormat, Tensor } from '../../checkpoint.ts';
import { parseJson, readTexts } from '../binary/readWhole.ts';
import { shortDtype } from '../dtypes.ts';
import { complete, countsOf, elements, progressFacts, undecided, unfinished } from '../facts.ts';
import { progressOfName } from '../namedProgress.ts';

const TEMPORARY = /\.orbax-checkpoint-tmp(?:-\d+)?$/;
const COMMIT = '_CHECKPOINT_METADATA';
const TREE = /(?:^|\/)_METADATA$/;
/** At its own level, or in the one item that older versions make. */
const OWN_TREE = /^(?:(?:default|state|params|items|model)\/)?_METADATA$/;
const ARRAYS = /(?:^|\/)array_metadatas\/process_\d+$/;
const MAX_TEXT = 64 * 1024 * 1024;

/** Orbax (JAX): a folder that is renamed, or stamped, when all of it is written. */
export const orbax: CheckpointFormat = {
  id: 'orbax',
  title: 'Orbax',
  depth: 4,
  evidence(files, _, focus) {
    const has = (pattern: RegExp) => files.some(({ name }) => pattern.test(name));
    return focus !== undefined ? 0 : has(/^_CHECKPOINT_METADATA$/) ? 0.95 : has(OWN_TREE) || has(/^manifest\.ocdbt$/) ? 0.85 : has(/^commit_success\.txt$/) ? 0.7 : 0;
  },
  async inspect(source, { files, now }, signal) {
    const plain = files.filter(({ folder }) => !folder);
    const sizes = new Map(plain.map(({ name, size }) => [name, size]));
    const names = [...sizes.keys()].filter((name) => name === COMMIT || TREE.test(name) || ARRAYS.test(name) || /(?:^|\/)\.zarray$/.test(name));
    const texts = await readTexts(source, sizes, names, MAX_TEXT, signal);
    const commit = parseJson(texts.get(COMMIT));
    const stamped = isRecord(commit) && typeof commit['commit_timestamp_nsecs'] === 'number';
    const broken = [...texts].find(([, text]) => parseJson(text) === undefined);
    const lost = lostPart(sizes);
    const parts = plain.filter(({ name }) => TEMPORARY.test(name.split('/')[0] ?? ''));
    const temporary = TEMPORARY.test(source.folderName) || parts.length > 0;
    const verdict = temporary
      ? unfinished('It still has the name of an unfinished one.', plain, now)
      : broken
        ? unfinished(`${broken[0]} is cut short.`, plain, now)
        : lost !== undefined
          ? unfinished(lost, plain, now)
          : stamped
            ? complete('It is stamped as committed.')
            : sizes.has('commit_success.txt')
              ? complete('commit_success.txt is there.')
              : sizes.has(COMMIT)
                ? unfinished('It is not stamped as committed.', plain, now)
                : undecided('It has its final name; this version of Orbax leaves no other mark.');
    const tensors = tensorsOf(texts);
    const known = tensors.length > 0;
    const counts = countsOf(tensors);
    const typed = known && tensors.every(({ dtype }) => dtype !== '?');
    const none = absent('its arrays are not described in its metadata');
    return {
      facts: { ...verdict, ...(known ? counts : { tensors: none, parameters: none }), dtypes: typed ? counts.dtypes : absent('types are stated within the arrays alone'), ...progressFacts({ step: stepOf(source.folderName), epoch: progressOfName(source.folderName).epoch, metrics: metricsOf(commit) }) },
      tensors,
      metadata: commitFacts(commit),
      markers: sizes.has(COMMIT) ? [COMMIT] : [],
      files: [...sizes.keys()],
    };
  },
};

/** Files without which an array store cannot be opened, and those of no bytes. */
function lostPart(sizes: ReadonlyMap<string, number>): string | undefined {
  const folders = new Set([...sizes.keys()].flatMap((name) => /^(.*?)d\/[0-9a-f]{32}$/.exec(name)?.[1] ?? []));
  const open = [...folders].find((folder) => !sizes.has(`${folder}manifest.ocdbt`));
  const bare = [...sizes.keys()].flatMap((name) => /^(.*?)manifest\.ocdbt$/.exec(name)?.[1] ?? []).find((folder) => !/ocdbt\.process_\d+\/$/.test(folder) && !sizes.has(`${folder}_METADATA`));
  const stampless = !sizes.has(COMMIT) && [...sizes.keys()].some((name) => ARRAYS.test(name));
  const empty = [...sizes].find(([name, size]) => size === 0 && /(?:manifest\.ocdbt|d\/[0-9a-f]{32}|_METADATA)$/.test(name));
  return open !== undefined ? `${open}manifest.ocdbt is not there.` : bare !== undefined ? `${bare}_METADATA is not there.` : stampless ? `${COMMIT} is not there.` : empty ? `${empty[0]} is empty.` : undefined;
}

/** A CheckpointManager names its folders by the step alone. */
function stepOf(folder: string): number | undefined {
  return /^\d{1,15}$/.test(folder) ? Number(folder) : progressOfName(folder).step;
}

function tensorsOf(texts: ReadonlyMap<string, string>): readonly Tensor[] {
  const found = new Map<string, Tensor>();
  for (const [file, text] of texts) {
    const value = parseJson(text);
    const zarr = /^(.*)\/\.zarray$/.exec(file)?.[1];
    if (zarr !== undefined && isRecord(value)) {
      add(found, zarr.split('/').at(-1) ?? zarr, value['shape'], zarrType(value['dtype']));
    } else if (ARRAYS.test(file) && isRecord(value) && Array.isArray(value['array_metadatas'])) {
      for (const entry of value['array_metadatas']) {
        const inner: unknown = isRecord(entry) ? entry['array_metadata'] : undefined;
        if (isRecord(inner)) {
          add(found, String(inner['param_name']), inner['write_shape'], undefined);
        }
      }
    } else if (TREE.test(file) && isRecord(value) && isRecord(value['tree_metadata'])) {
      addTree(found, value['tree_metadata']);
    }
  }
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function addTree(found: Map<string, Tensor>, tree: Readonly<Record<string, unknown>>): void {
  for (const entry of Object.values(tree)) {
    const keys: unknown = isRecord(entry) ? entry['key_metadata'] : undefined;
    const value: unknown = isRecord(entry) ? entry['value_metadata'] : undefined;
    if (Array.isArray(keys) && isRecord(value) && Array.isArray(value['write_shape'])) {
      add(found, keys.map((key) => (isRecord(key) ? String(key['key']) : '?')).join('.'), value['write_shape'], undefined);
    }
  }
}

function add(found: Map<string, Tensor>, name: string, shape: unknown, dtype: string | undefined): void {
  if (!Array.isArray(shape) || shape.length > 64 || !shape.every((size): size is number => Number.isSafeInteger(size) && (size as number) >= 0)) {
    return;
  }
  const before = found.get(name);
  // Each process tells of its own part; the tree of the whole.
  const whole = before && elements(before) >= elements({ shape }) ? before.shape : shape;
  const beside = /^(?:opt_state|optimizer|batch_stats_ema)(?:\.|$)/.test(name) ? { beside: true as const } : {};
  found.set(name, { name, shape: whole, dtype: dtype ?? before?.dtype ?? '?', ...beside });
}

function zarrType(dtype: unknown): string | undefined {
  const [, kind, bytes] = /^[<>|]?([a-z])(\d+)$/.exec(String(dtype)) ?? [];
  const names: Readonly<Record<string, string>> = { f: 'float', i: 'int', u: 'uint', b: 'bool', c: 'complex' };
  return kind === undefined ? shortDtype(String(dtype)) : shortDtype(kind === 'b' ? 'bool' : `${names[kind] ?? kind}${Number(bytes) * 8}`);
}

function metricsOf(commit: unknown): Readonly<Record<string, number>> {
  const metrics: unknown = isRecord(commit) ? commit['metrics'] : undefined;
  return isRecord(metrics) ? Object.fromEntries(Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number')) : {};
}

function commitFacts(commit: unknown): Readonly<Record<string, string>> {
  const handlers: unknown = isRecord(commit) ? commit['item_handlers'] : undefined;
  return isRecord(handlers) ? { items: Object.keys(handlers).join(', ').slice(0, 400) } : {};
}
