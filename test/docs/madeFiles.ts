import { filterRuleTable } from './filterRuleTable.ts';
import { recipeRuleTable } from './recipeRuleTable.ts';
import { schemaText } from './recipeSchema.ts';
import { ruleTable } from './ruleTable.ts';

/** Files that the code gives as a whole, by their paths in the repository: `npm run docs` renews them all. */
export const MADE_FILES: Readonly<Record<string, () => string>> = {
  'docs/rules.md': ruleTable,
  'docs/recipe-rules.md': recipeRuleTable,
  'docs/filter-rules.md': filterRuleTable,
  'syntaxes/recipe.schema.json': schemaText,
};
