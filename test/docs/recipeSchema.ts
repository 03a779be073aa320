/** `node --import ./test/setup/typescript.mjs test/docs/recipeSchema.ts`: renews syntaxes/recipe.schema.json. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PRESETS } from '../../src/convert/presets/index.ts';
import { presetFacts } from '../../src/convert/recipe/presetFacts.ts';
import { recipeSchema } from '../../src/recipe/jsonSchema.ts';

export const SCHEMA_FILE = join(import.meta.dirname, '../../syntaxes/recipe.schema.json');

export function schemaText(): string {
  return `${JSON.stringify(recipeSchema({ presets: presetFacts(PRESETS) }), undefined, 1)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(SCHEMA_FILE, schemaText());
}
