import { basename } from 'node:path';
import { severityOf, type RecipeProblem } from '../../recipe/problem.ts';
import { readRecipe } from '../../recipe/readRecipe.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { customPresets } from '../customPreset.ts';
import type { CustomPresetSpec, RecipeRequest } from '../job.ts';
import { PRESETS } from '../presets/index.ts';
import { RequestError } from '../requestError.ts';
import { presetFacts } from './presetFacts.ts';

/** Problems that are told; more make nobody wiser. */
const TOLD = 10;

/** Reads the recipe of a request. Throws a `RequestError` that names each fault with its line. */
export function openRecipe({ file, text }: Pick<RecipeRequest, 'file' | 'text'>, specs: readonly CustomPresetSpec[]): Recipe {
  const { recipe, problems } = readRecipe(text, { presets: presetFacts([...PRESETS, ...customPresets(specs).presets]) });
  if (recipe === undefined) {
    const lines = problems.filter(({ code }) => severityOf(code) === 'error').slice(0, TOLD).map((problem) => placed(text, basename(file), problem));
    throw new RequestError('recipe', lines.join('\n'));
  }
  return recipe;
}

/** `speech.recipe.yaml:12:5: “rat” is no key here.` */
function placed(text: string, name: string, { from, message, code }: RecipeProblem): string {
  const before = text.slice(0, from);
  const line = before.split('\n').length;
  const column = from - before.lastIndexOf('\n');
  return `${name}:${line}:${column}: ${message} [${code}]`;
}
