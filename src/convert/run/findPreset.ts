import { basename } from 'node:path';
import type { ConvertRequest } from '../job.ts';
import type { Preset } from '../preset.ts';
import { namedPreset } from '../recipe/namedPreset.ts';

/**
 * The preset that a request names: shipped, or the person's own; of a recipe its steps, for which a YAML reader is loaded. Rejects with a
 * `RequestError` where there is none, or theirs is wrong.
 */
export async function findPreset({ preset: id, customPresets: specs, recipe }: Pick<ConvertRequest, 'preset' | 'customPresets' | 'recipe'>): Promise<Preset> {
  if (recipe === undefined) {
    return namedPreset(id, specs);
  }
  const [{ openRecipe }, { recipePreset }] = await Promise.all([import('../recipe/openRecipe.ts'), import('../recipe/recipePreset.ts')]);
  return recipePreset(basename(recipe.file), openRecipe(recipe, specs), specs);
}
