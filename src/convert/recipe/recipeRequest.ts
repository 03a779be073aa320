import { basename } from 'node:path';
import type { ConvertRequest, RecipeRequest } from '../job.ts';
import { openRecipe } from './openRecipe.ts';

export type RecipeSettings = Pick<ConvertRequest, 'imageEngine' | 'toolPaths' | 'customPresets' | 'noToolsFrom'>;

/** The request that runs a recipe. Throws a `RequestError` where the recipe has a fault. */
export function recipeRequest(recipe: RecipeRequest, settings: RecipeSettings, jobs?: number): ConvertRequest {
  const { verify, concurrency } = openRecipe(recipe, settings.customPresets);
  const processes = jobs ?? concurrency;
  return {
    ...settings,
    preset: basename(recipe.file),
    options: {},
    inputs: [recipe.file],
    salvage: verify.damage === 'keep',
    recipe,
    ...(processes !== undefined && { jobs: processes }),
  };
}
