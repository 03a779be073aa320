import { existsSync, lstatSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { PlanItem, RecipeRequest } from '../job.ts';
import { toolKey } from '../plan/toolKey.ts';
import type { JobFiles } from '../run/jobFiles.ts';
import { readJournal } from '../run/journalState.ts';
import { readPlan } from '../run/planFile.ts';
import type { PreparedJob } from '../run/preparedJob.ts';
import { createContentKey, sizeOf, sizeOfKey, type ContentKey } from './contentKey.ts';
import { readLock, writeLock, type LockedOutput, type RecipeLock } from './lock.ts';
import { chainTool, isOurManifest, placeRecipe, presentOf } from './planRecipe.ts';
import { writeOutputManifest, type MadeOutput } from './outputManifest.ts';

export interface ConcludeSetup {
  readonly files: JobFiles;
  readonly prepared: PreparedJob;
  /** Absolute path. */
  readonly output: string;
}

/** Contents that are read at once. */
const AT_ONCE = 4;

/**
 * Writes a recipe's manifest and its lock file by what is in place when its run ends, however that was. Outputs of inputs that were
 * not asked for this time stay in the lock. Gives what could not be written.
 */
export async function concludeRecipe(request: RecipeRequest, { files, prepared, output }: ConcludeSetup): Promise<string | undefined> {
  const { preset, request: job, recipe: chain, toolbox } = prepared;
  const { recipe, folder, lockFile, manifestFile } = placeRecipe(request, job.customPresets);
  if (lockFile === undefined) {
    return undefined;
  }
  const before = readLock(lockFile);
  const items = await inPlace(files);
  const keyOf = await createContentKey();
  // Without a prototype: names are anybody's.
  const outputs = Object.assign(Object.create(null) as Record<string, LockedOutput>, isPart(request, prepared) ? withoutGone(before, output) : {});
  const lockOne = async (item: PlanItem & MadeOutput): Promise<void> => {
    const name = relative(output, item.output);
    const old = before?.outputs[name];
    const tool = toolKey(preset, item.engine ?? 'ffmpeg', toolbox);
    const keys = item.action === 'skip' && old !== undefined && isPlausible(old, item) ? old : await keysOf(item, keyOf);
    const { inputKey, outputKey } = keys;
    outputs[name] = { input: relative(folder, item.input), inputKey, outputKey, chain, tool, ...(item.reason.includes('damage') && { salvaged: true }) };
  };
  for (let first = 0; first < items.length; first += AT_ONCE) {
    await Promise.all(items.slice(first, first + AT_ONCE).map(lockOne));
  }
  let manifest: RecipeLock['manifest'] = before?.manifest;
  let problem: string | undefined;
  if (manifestFile !== undefined && recipe.outputs.manifest !== undefined) {
    if (existsSync(manifestFile) && !(await isOurManifest(manifestFile, before))) {
      problem = `The manifest ${manifestFile} was not written: something else has taken its name meanwhile.`;
    } else {
      const made = Object.entries(outputs).map(([name, { input }]): MadeOutput => ({ output: join(output, name), input: join(folder, input) }));
      await writeOutputManifest(manifestFile, recipe.outputs.manifest, { recipe, folder, made: inOrder(made, items), inspect: prepared.inspect });
      manifest = { path: relative(folder, manifestFile), key: await keyOf(manifestFile) };
    }
  }
  const { steps, tools } = presentOf({ preset, tools: toolbox, request: job }, recipe);
  const tool = chainTool({ preset, tools: toolbox });
  await writeLock(lockFile, {
    version: 1,
    tools: { ...tools },
    steps: steps.map((step) => ('tool' in step ? { ...step, args: [...step.args] } : { ...step, options: { ...step.options } })),
    chain, tool, outputs,
    ...(manifest && { manifest }),
  });
  return problem;
}

/** Whether only some of the recipe's inputs were asked for. */
function isPart({ only }: RecipeRequest, { request }: PreparedJob): boolean {
  return only !== undefined || request.only !== undefined;
}

/** What was made or was there already, in the plan's order. */
async function inPlace(files: JobFiles): Promise<readonly (PlanItem & MadeOutput)[]> {
  const journal = await readJournal(files.journal);
  const items: (PlanItem & MadeOutput)[] = [];
  for await (const block of readPlan(files)) {
    for (const item of block) {
      const isThere = item.action === 'skip' || (item.action !== 'refuse' && journal.isSettled(item.seq));
      if (isThere && item.output !== undefined && lstatSync(item.output, { throwIfNoEntry: false }) !== undefined) {
        items.push({ ...item, output: item.output });
      }
    }
  }
  return items;
}

function withoutGone(before: RecipeLock | undefined, output: string): Readonly<Record<string, LockedOutput>> {
  return Object.fromEntries(Object.entries(before?.outputs ?? {}).filter(([name]) => existsSync(join(output, name))));
}

/** The plan has found both as they were left; keys of other sizes are of another time. */
function isPlausible({ inputKey, outputKey }: LockedOutput, { input, output }: MadeOutput): boolean {
  return sizeOf(input) === sizeOfKey(inputKey) && sizeOf(output) === sizeOfKey(outputKey);
}

async function keysOf({ input, output }: MadeOutput, keyOf: ContentKey): Promise<Pick<LockedOutput, 'inputKey' | 'outputKey'>> {
  return { inputKey: await keyOf(input), outputKey: await keyOf(output) };
}

/** Those of this run first, in its order; then those of earlier ones. */
function inOrder(made: readonly MadeOutput[], items: readonly MadeOutput[]): readonly MadeOutput[] {
  const places = new Map(items.map(({ output }, index) => [output, index]));
  return [...made].sort((a, b) => (places.get(a.output) ?? Infinity) - (places.get(b.output) ?? Infinity) || (a.output < b.output ? -1 : 1));
}
