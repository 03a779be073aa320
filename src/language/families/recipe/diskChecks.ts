import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { walk } from '../../../media/walk.ts';
import { globOf } from '../../../recipe/globs.ts';
import { entryOf, type RecipeNode, type ScalarNode } from '../../../recipe/node.ts';
import { problemAt, type RecipeProblem } from '../../../recipe/problem.ts';

/** Files that are looked at before an input is taken for one that leads somewhere. */
const MOST_LOOKED = 20_000;

/** Inputs that lead nowhere, and outputs that would lie among them, as the disk is now. `file`: absolute path of the recipe. */
export async function diskProblems(root: RecipeNode, file: string, signal: AbortSignal): Promise<readonly RecipeProblem[]> {
  const folder = dirname(file);
  const problems: RecipeProblem[] = [];
  for (const node of namesOf(root)) {
    signal.throwIfAborted();
    const missing = await missingWords(node.text, folder, signal);
    if (missing !== undefined) {
      problems.push(problemAt(node, 'recipe/input-missing', missing));
    }
  }
  const output = entryOf(entryOf(root, 'outputs')?.value, 'folder')?.value;
  if (output?.kind === 'scalar' && typeof output.value === 'string') {
    const path = resolve(folder, output.text);
    const roots = namesOf(root).map((node) => globOf(node.text, folder)).map((glob) => (glob.hasWildcard ? glob.root : dirname(glob.root)));
    if (roots.includes(path)) {
      problems.push(problemAt(output, 'recipe/output-is-input', `Outputs would go into the folder of the inputs, ${output.text}: a folder of their own keeps them apart.`));
    }
  }
  return problems;
}

/** Patterns and manifests of a recipe's inputs, with where they stand. */
export function namesOf(root: RecipeNode): readonly ScalarNode[] {
  const inputs = entryOf(root, 'inputs')?.value;
  if (inputs?.kind !== 'list') {
    return [];
  }
  return inputs.items.flatMap((input) => {
    const node = input.kind === 'scalar' ? input : (entryOf(input, 'files')?.value ?? entryOf(input, 'manifest')?.value);
    return node?.kind === 'scalar' && typeof node.value === 'string' && node.text !== '' ? [node] : [];
  });
}

async function missingWords(pattern: string, folder: string, signal: AbortSignal): Promise<string | undefined> {
  if (pattern.includes('\0')) {
    return 'No file can have such a name.';
  }
  const { root, hasWildcard, matches } = globOf(pattern, folder);
  if (!existsSync(root)) {
    return hasWildcard ? `There is no folder ${root}.` : `There is no file ${root}.`;
  }
  if (!hasWildcard) {
    return undefined;
  }
  if (!statSync(root).isDirectory()) {
    return `${root} is no folder.`;
  }
  let looked = 0;
  for await (const { files } of walk([root], { signal })) {
    if (files.some(({ path }) => matches(path))) {
      return undefined;
    }
    looked += files.length + 1;
    if (looked > MOST_LOOKED) {
      return undefined;
    }
  }
  return `No file below ${root} has such a name.`;
}
