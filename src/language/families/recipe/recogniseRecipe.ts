import { RECIPE_NAME } from '../../../recipe/recipe.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Recipes are told by their names alone: `NAME.recipe.yaml`. */
export const recipes: Recogniser = {
  id: 'recipe',
  languages: ['yaml'],
  recognises: ({ uri }) => RECIPE_NAME.test(decoded(uri)),
};

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/[?#].*$/, ''));
  } catch {
    return uri;
  }
}
