import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { RequestError } from '../requestError.ts';
import { writeSynced } from './writeSynced.ts';

/**
 * What a recipe's last run came to, beside it as `NAME.recipe.lock`: for the next run, for other machines, and for whoever asks what a
 * data set was made with. Paths are relative: inputs' to the recipe's folder, outputs' to the output folder.
 */
export type RecipeLock = v.InferOutput<typeof LOCK>;
export type LockedOutput = RecipeLock['outputs'][string];
export type LockedTool = RecipeLock['tools'][string];

const OUTPUT = v.object({
  input: v.string(),
  inputKey: v.string(),
  outputKey: v.string(),
  /** Key of the chain that made it, and of the tools' builds. */
  chain: v.string(),
  tool: v.string(),
  salvaged: v.optional(v.boolean()),
});

const STEP = v.union([
  v.object({ preset: v.string(), revision: v.number(), options: v.record(v.string(), v.unknown()) }),
  v.object({ tool: v.string(), args: v.array(v.string()), extension: v.string() }),
]);

const LOCK = v.object({
  version: v.literal(1),
  tools: v.record(v.string(), v.object({ version: v.string(), build: v.string() })),
  steps: v.array(STEP),
  chain: v.string(),
  tool: v.string(),
  outputs: v.record(v.string(), OUTPUT),
  manifest: v.optional(v.object({ path: v.string(), key: v.string() })),
});

export function lockPath(recipe: string): string {
  return `${recipe.replace(/\.ya?ml$/i, '')}.lock`;
}

/** Undefined where there is none. Throws a `RequestError` for a file of that name that is none: it is somebody's. */
export function readLock(file: string): RecipeLock | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw new RequestError('recipe', `The lock file ${file} cannot be read: ${(error as Error).message}.`);
  }
  try {
    const parsed = v.safeParse(LOCK, JSON.parse(text));
    if (parsed.success) {
      return parsed.output;
    }
  } catch {
    // Said below.
  }
  throw new RequestError('recipe', `${file} is no lock file of a recipe that this version knows: move it away, and it is made anew.`);
}

export async function writeLock(file: string, lock: RecipeLock): Promise<void> {
  const outputs = Object.fromEntries(Object.entries(lock.outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeSynced(file, `${JSON.stringify({ ...lock, outputs }, undefined, 1)}\n`);
}
