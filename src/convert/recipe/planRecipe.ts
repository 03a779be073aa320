import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { columnsOf, fillTemplate } from '../../recipe/nameTemplate.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { ConvertRequest, PlanItem, LeftOut, RecipeRequest } from '../job.ts';
import { readLedger } from '../ledger.ts';
import { freeSpace } from '../plan/freeSpace.ts';
import type { Finding } from '../plan/inputs.ts';
import { layOut } from '../plan/layout.ts';
import type { NameOf } from '../plan/outputNames.ts';
import { isWithin } from '../plan/paths.ts';
import type { JobPlan, JobPlanSetup } from '../plan/planJob.ts';
import { makePlan, type FindingSetup } from '../plan/planner.ts';
import { recipeKey } from '../plan/recipe.ts';
import { settleDeadJobs } from '../plan/settleDeadJobs.ts';
import { toolKey } from '../plan/toolKey.ts';
import { RequestError } from '../requestError.ts';
import { adoptLock } from './adoptLock.ts';
import { createContentKey } from './contentKey.ts';
import { nameParts, recipeBase, recipeFindings, type InputRow } from './findings.ts';
import { globOf } from '../../recipe/globs.ts';
import { lockPath, readLock, type RecipeLock } from './lock.ts';
import { openRecipe } from './openRecipe.ts';
import { stepRecords } from './recipePreset.ts';
import { explained, presentTools, type Present } from './whatChanged.ts';

/** A recipe on this machine: read, and its paths made absolute. */
export interface PlacedRecipe {
  readonly recipe: Recipe;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly output: string;
  /** Undefined of a trial. */
  readonly lockFile: string | undefined;
  readonly manifestFile: string | undefined;
}

/** Throws a `RequestError` where the recipe has a fault. */
export function placeRecipe(request: RecipeRequest, customPresets: ConvertRequest['customPresets']): PlacedRecipe {
  const recipe = openRecipe(request, customPresets);
  const folder = dirname(request.file);
  const { manifest } = recipe.outputs;
  const isTrial = request.trial !== undefined;
  return {
    recipe, folder,
    output: request.trial ?? resolve(folder, recipe.outputs.folder),
    lockFile: isTrial ? undefined : lockPath(request.file),
    manifestFile: isTrial || manifest === undefined ? undefined : resolve(folder, manifest.path),
  };
}

/** The plan of a recipe's job: its inputs, its names, and what its lock file knows of earlier runs. Throws a `RequestError`. */
export async function planRecipe(setup: JobPlanSetup, request: RecipeRequest): Promise<JobPlan> {
  const { preset, store, signal } = setup;
  const placed = placeRecipe(request, setup.request.customPresets);
  const { recipe, folder, lockFile } = placed;
  const lock = lockFile === undefined ? undefined : readLock(lockFile);
  await checkManifest(placed, lock);
  const base = await recipeBase(recipe, folder, signal);
  const { output } = await layOut({ inputs: [existsSync(base) ? base : folder], output: placed.output, preset, store, signal });
  await settleDeadJobs(store, output);
  const ledger = await readLedger({ store, output });
  const chain = recipeKey(preset, {});
  const now = presentOf(setup, recipe);
  if (lock !== undefined) {
    await adoptLock({ lock, ledger, folder, output, chain, signal, tool: chainTool(setup), hasSameTools: haveSameVersions(lock, now) });
  }
  const rows = new Map<string, InputRow>();
  const { name } = recipe.outputs;
  const layout = { base, output, ...(name !== undefined && { nameOf: namesBy(name, base, rows) }) };
  const findings = (found: FindingSetup): AsyncGenerator<readonly Finding[]> =>
    chosen(recipeFindings({ ...found, recipe, folder, base, rows }), request.only, folder);
  return {
    ...layout,
    options: {},
    recipe: chain,
    freeBytes: await freeSpace(output),
    items: explainedItems(makePlan({ ...setup, options: {}, layout, ledger, findings }), lock, now),
  };
}

/** Tools that the steps may use, by the engines of their presets. */
export function presentOf({ preset, tools, request }: Pick<JobPlanSetup, 'preset' | 'tools' | 'request'>, recipe: Recipe): Present {
  const engines = [preset, ...(preset.stages ?? [])].flatMap(({ methods }) => methods.map(({ engine }) => engine));
  return { steps: stepRecords(recipe, request.customPresets), tools: presentTools(tools, engines) };
}

/** Which engine an input's first step takes is not told yet: that of the first that is there. */
export function chainTool({ preset, tools }: Pick<JobPlanSetup, 'preset' | 'tools'>): string {
  const engine = preset.methods.find((method) => tools.has(method.engine))?.engine;
  return engine === undefined ? '' : toolKey(preset, engine, tools);
}

function haveSameVersions(lock: RecipeLock, { tools }: Present): boolean {
  const ids = Object.keys(lock.tools);
  return ids.length === Object.keys(tools).length && ids.every((id) => tools[id]?.version === lock.tools[id]?.version);
}

/** A manifest that is not ours is never written over; said before anything is run. */
async function checkManifest({ recipe, manifestFile, lockFile, folder }: PlacedRecipe, lock: RecipeLock | undefined): Promise<void> {
  if (manifestFile === undefined) {
    return;
  }
  if (manifestFile === lockFile) {
    throw new RequestError('output', `The manifest of the outputs would have the name of the lock file, ${manifestFile}: give it another one.`);
  }
  if (recipe.inputs.some((input) => 'manifest' in input && resolve(folder, input.manifest) === manifestFile)) {
    throw new RequestError('output', `The manifest of the outputs would be written over that of the inputs, ${manifestFile}: give it another name.`);
  }
  if (existsSync(manifestFile) && !(await isOurManifest(manifestFile, lock))) {
    throw new RequestError('output', `${manifestFile} is there already, and is not as this recipe left it: move it away, or choose another name.`);
  }
}

export async function isOurManifest(file: string, lock: RecipeLock | undefined): Promise<boolean> {
  const keyOf = await createContentKey();
  return lock?.manifest !== undefined && (await keyOf(file)) === lock.manifest.key;
}

function namesBy(template: string, base: string, rows: ReadonlyMap<string, InputRow>): NameOf {
  const columns = columnsOf(template);
  return (input, ext) => {
    const values = rows.get(input)?.values;
    const row = values && Object.fromEntries(columns.flatMap((column) => (Object.hasOwn(values, column) ? [[column, textOf(values[column])]] : [])));
    return fillTemplate(template, { ...nameParts(input, base), ext, row });
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Of the findings those that somebody asked for: by a pattern below the recipe's folder, an absolute path, or a plain file name. */
async function* chosen(findings: AsyncGenerator<readonly Finding[]>, only: readonly string[] | undefined, folder: string): AsyncGenerator<readonly Finding[]> {
  if (only === undefined) {
    yield* findings;
    return;
  }
  const globs = only.map((pattern) => ({ glob: globOf(pattern, folder), name: pattern.includes('/') ? undefined : globOf(pattern, '/') }));
  const isChosen = ({ path }: Finding): boolean =>
    globs.some(({ glob, name }) => (isWithin(path, glob.root) && glob.matches(path)) || name?.matches(`/${basename(path)}`));
  let found = 0;
  for await (const batch of findings) {
    const some = batch.filter(isChosen);
    found += some.length;
    yield some;
  }
  if (found === 0) {
    yield [{ path: only[0] ?? folder, problem: 'none of the recipe’s inputs has such a name' }];
  }
}

async function* explainedItems(items: AsyncGenerator<PlanItem, LeftOut>, lock: RecipeLock | undefined, now: Present): AsyncGenerator<PlanItem, LeftOut> {
  for (;;) {
    const next = await items.next();
    if (next.done === true) {
      return next.value;
    }
    yield explained(next.value, lock, now);
  }
}
