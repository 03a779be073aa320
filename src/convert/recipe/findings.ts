import { statSync } from 'node:fs';
import { basename, dirname, extname, relative } from 'node:path';
import { isAbsent, type Measured } from '../../base/absent.ts';
import { filterColumn } from '../../media/filter/filterColumns.ts';
import { columnsOfFilter, prepareFilter, type Filter, type FilterValue } from '../../media/filter/matches.ts';
import { parseFilter } from '../../media/filter/parseFilter.ts';
import type { ColumnName } from '../../media/filter/filterTypes.ts';
import { readManifest } from '../../media/manifest.ts';
import type { Media } from '../../media/media.ts';
import type { Prober, ProbeOptions } from '../../media/probe.ts';
import { walk } from '../../media/walk.ts';
import type { Recipe, RecipeInput } from '../../recipe/recipe.ts';
import { problemOf, type Finding, type PassedOver } from '../plan/inputs.ts';
import type { IsOurs } from '../plan/knownOutputs.ts';
import { manifestBase } from '../plan/layout.ts';
import { commonBase } from '../plan/paths.ts';
import { globOf } from '../../recipe/globs.ts';

/** A row that names an input: what is carried over from it, and fills names in. */
export interface InputRow {
  readonly values: Readonly<Record<string, unknown>>;
  /** The column that named the input. */
  readonly key: string;
}

export interface FindingsSetup {
  readonly recipe: Recipe;
  /** Absolute path of the recipe's folder, which its paths are relative to. */
  readonly folder: string;
  /** Absolute path of the folder that all inputs lie under. */
  readonly base: string;
  readonly prober: Prober;
  readonly probeOptions: ProbeOptions;
  readonly oursUnder: (root: string) => Promise<IsOurs | undefined>;
  readonly passedOver: PassedOver;
  /** Rows of the inputs, by absolute path; filled as they are found. */
  readonly rows: Map<string, InputRow>;
  readonly signal?: AbortSignal | undefined;
}

const ROWS = 256;

/** Absolute path of the folder that all of a recipe's inputs lie under, as far as names tell. Throws a `RequestError` for a manifest that cannot be read. */
export async function recipeBase(recipe: Recipe, folder: string, signal?: AbortSignal): Promise<string> {
  const folders: string[] = [];
  for (const input of recipe.inputs) {
    const glob = globOf('files' in input ? input.files : input.manifest, folder);
    if ('manifest' in input) {
      folders.push(await manifestBase(glob.root, signal, input.key));
    } else {
      folders.push(glob.hasWildcard || isFolder(glob.root) ? glob.root : dirname(glob.root));
    }
  }
  return commonBase(folders);
}

/** The files that a recipe is for, in the order of its inputs: those that pass their filters. */
export async function* recipeFindings(setup: FindingsSetup): AsyncGenerator<readonly Finding[]> {
  for (const input of setup.recipe.inputs) {
    const filter = input.filter === undefined ? undefined : inputFilter(input.filter);
    yield* 'manifest' in input ? manifestFindings(input, filter, setup) : fileFindings(input, filter, setup);
  }
}

interface InputFilter {
  readonly columns: readonly ColumnName[];
  readonly passes: Filter;
}

function inputFilter(text: string): InputFilter {
  const node = parseFilter(text);
  return { columns: columnsOfFilter(node), passes: prepareFilter(node) };
}

async function* fileFindings({ files }: Extract<RecipeInput, { readonly files: string }>, filter: InputFilter | undefined, setup: FindingsSetup): AsyncGenerator<readonly Finding[]> {
  const { folder, passedOver, signal } = setup;
  const { root, hasWildcard, matches } = globOf(files, folder);
  const isOurs = await setup.oursUnder(root);
  let found = 0;
  for await (const batch of walk([root], { ...(isOurs && { exclude: isOurs }), ...(signal && { signal }) })) {
    const findings: Finding[] = [];
    for (const { path } of batch.files) {
      if ((hasWildcard ? matches(path) : true) && (await passes(path, filter, undefined, setup))) {
        findings.push({ path, isNamed: path === root });
      }
    }
    for (const { path, reason, message } of batch.problems) {
      if (path === root || !['linkedFolder', 'notAFile'].includes(reason)) {
        findings.push({ path, problem: message.startsWith(`${path} `) ? message.slice(path.length + 1) : message });
      } else {
        passedOver.unfollowed++;
      }
    }
    found += findings.length;
    yield findings;
  }
  if (found === 0) {
    yield [{ path: `${root}${hasWildcard ? `/${relativePattern(files)}` : ''}`, problem: filter === undefined ? 'no file has such a name' : 'no file of such a name passes the filter' }];
  }
}

/** The part of a pattern that has wildcards. */
function relativePattern(files: string): string {
  const parts = files.split('/');
  return parts.slice(parts.findIndex((part) => /[*?{[]/.test(part))).join('/');
}

async function* manifestFindings(input: Extract<RecipeInput, { readonly manifest: string }>, filter: InputFilter | undefined, setup: FindingsSetup): AsyncGenerator<readonly Finding[]> {
  const manifest = globOf(input.manifest, setup.folder).root;
  let findings: Finding[] = [];
  try {
    for await (const row of readManifest(manifest, setup.signal, input.key)) {
      const place = `row ${row.row} of ${basename(manifest)}`;
      if (!('path' in row)) {
        findings.push({ path: manifest, problem: `${place}: ${row.problem}` });
      } else if (await passes(row.path, filter, row.values, setup)) {
        // The first row of several that name one file is the one that counts, as the file is converted once.
        if (!setup.rows.has(row.path)) {
          setup.rows.set(row.path, { values: row.values, key: row.key });
        }
        findings.push({ path: row.path, isNamed: true, row: place });
      }
      if (findings.length === ROWS) {
        yield findings;
        findings = [];
      }
    }
  } catch (error) {
    setup.signal?.throwIfAborted();
    findings.push({ path: manifest, problem: problemOf(error, manifest) });
  }
  yield findings;
}

async function passes(path: string, filter: InputFilter | undefined, row: Readonly<Record<string, unknown>> | undefined, setup: FindingsSetup): Promise<boolean> {
  if (filter === undefined) {
    return true;
  }
  const ofRow = rowColumns(row);
  const named = nameColumns(path, setup.base);
  const asked = filter.columns.filter((column) => !ofRow.has(column) && !named.has(column));
  const facts = asked.length > 0 ? await headerColumns(path, setup) : undefined;
  return filter.passes((column): FilterValue => (ofRow.has(column) ? ofRow.get(column) : named.has(column) ? named.get(column) : facts?.get(column)));
}

/** A row's columns, by whatever name the filter language knows them. */
function rowColumns(row: Readonly<Record<string, unknown>> | undefined): ReadonlyMap<ColumnName, FilterValue> {
  const columns = new Map<ColumnName, FilterValue>();
  for (const [name, value] of Object.entries(row ?? {})) {
    const column = filterColumn(name);
    if (column === undefined || columns.has(column.name) || column.name === 'path' || column.name === 'name') {
      continue;
    }
    const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
    if (column.type === 'text') {
      columns.set(column.name, typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null);
    } else if (Number.isFinite(number)) {
      columns.set(column.name, number);
    }
  }
  return columns;
}

function nameColumns(path: string, base: string): ReadonlyMap<ColumnName, FilterValue> {
  const below = relative(base, path);
  const folder = dirname(below);
  return new Map<ColumnName, FilterValue>([['path', below], ['name', basename(path)], ['folder', folder === '.' ? '' : folder]]);
}

/** What the file's own headers tell. A file that cannot be read has no values: the plan says what is wrong with it. */
async function headerColumns(path: string, { prober, probeOptions, signal }: FindingsSetup): Promise<ReadonlyMap<ColumnName, FilterValue>> {
  try {
    const { size, mtimeMs } = statSync(path);
    const media = prober.probeFast(path) ?? (await prober.probe(path, probeOptions));
    return new Map<ColumnName, FilterValue>([
      ['size', size], ['modified', mtimeMs], ['kind', media.kind], ['container', media.container],
      ['duration', given(media.duration)], ['rate', given(media.audio?.sampleRate)], ['channels', given(media.audio?.channels)],
      ['width', given(media.video?.width ?? media.image?.width)], ['height', given(media.video?.height ?? media.image?.height)],
      ['fps', given(media.video?.frameRate)], ['codec', codecOf(media)],
      ...LACKING.map((column): [ColumnName, FilterValue] => [column, null]),
    ]);
  } catch {
    signal?.throwIfAborted();
    return new Map();
  }
}

/** Columns that only rows and catalogues have. */
const LACKING = ['rows', 'caption', 'label', 'split', 'speaker', 'hash', 'health'] as const satisfies readonly ColumnName[];

function codecOf({ video, audio }: Media): FilterValue {
  return given(video?.codec ?? audio?.codec);
}

function given<T extends string | number>(value: Measured<T> | undefined): FilterValue {
  return value === undefined ? null : isAbsent(value) ? undefined : value;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The name without its extension, and the folders, by which templates are filled in. */
export function nameParts(input: string, base: string): { readonly dir: string; readonly name: string; readonly parent: string } {
  const dir = relative(base, dirname(input));
  const name = basename(input);
  const extension = extname(name);
  return { dir, name: extension === '' ? name : name.slice(0, -extension.length), parent: basename(dirname(input)) };
}
