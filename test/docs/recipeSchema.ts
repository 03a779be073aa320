import { PRESETS } from '../../src/convert/presets/index.ts';
import { presetFacts } from '../../src/convert/recipe/presetFacts.ts';
import { recipeSchema } from '../../src/recipe/jsonSchema.ts';

/** `syntaxes/recipe.schema.json`. */
export function schemaText(): string {
  return `${JSON.stringify(recipeSchema({ presets: presetFacts(PRESETS) }), undefined, 1)}\n`;
}
