import { basename } from 'node:path';
import type { ConvertRequest } from '../job.ts';
import { namedPreset } from '../recipe/namedPreset.ts';
import { openRecipe } from '../recipe/openRecipe.ts';
import { recipePreset } from '../recipe/recipePreset.ts';
import type { Preset } from '../preset.ts';

/** The preset that a request names: shipped, or the person's own; of a recipe its steps. Throws a `RequestError` where there is none, or theirs is wrong. */
export function findPreset({ preset: id, customPresets: specs, recipe }: Pick<ConvertRequest, 'preset' | 'customPresets' | 'recipe'>): Preset {
  if (recipe !== undefined) {
    return recipePreset(basename(recipe.file), openRecipe(recipe, specs), specs);
  }
  return namedPreset(id, specs);
}
