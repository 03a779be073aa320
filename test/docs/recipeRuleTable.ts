import { RECIPE_RULES } from '../../src/recipe/problem.ts';
import { BROKEN_RECIPES } from '../unit/language/families/recipe/brokenRecipes.ts';
import { cell, rulePage, shownBreakage } from './ruleRows.ts';

const ABOUT =
  'What the editor and `trainyard run` say of a recipe. Codes are stable. What only the installed tools can tell is told in the editor of a trusted workspace.';

/** `docs/recipe-rules.md`. Examples come from the ways in which the tests break recipes: each of them is found there on the very characters. */
export function recipeRuleTable(): string {
  const rows = Object.entries(RECIPE_RULES).map(([code, { severity, title }]) => {
    const examples = BROKEN_RECIPES.filter((broken) => broken.code === code);
    const shown = examples.map(({ what, at }) => shownBreakage(cell(what), at)).join('<br>');
    const fix = examples.length === 0 ? '' : examples.some(({ mends }) => mends) ? 'quick fix' : 'by hand';
    return [`\`${code}\``, severity, cell(title), shown, fix];
  });
  return rulePage('Rules of recipes', ABOUT, ['Code', 'Severity', 'What is wrong', 'Example', 'In the editor'], rows);
}
