/** `node --import ./test/setup/typescript.mjs test/docs/recipeRuleTable.ts`: renews docs/recipe-rules.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RECIPE_RULES } from '../../src/recipe/problem.ts';
import { BROKEN_RECIPES } from '../unit/language/families/recipe/brokenRecipes.ts';

export const RECIPE_RULES_FILE = join(import.meta.dirname, '../../docs/recipe-rules.md');

/** Examples come from the ways in which the tests break recipes: each of them is found there on the very characters. */
export function recipeRuleTable(): string {
  const rows = Object.entries(RECIPE_RULES).map(([code, { severity, title }]) => {
    const examples = BROKEN_RECIPES.filter((broken) => broken.code === code);
    const shown = examples.map(({ what, at }) => `${cell(what)}${at.trim() === '' ? '' : `: <code>${cell(at)}</code>`}`).join('<br>');
    const fix = examples.length === 0 ? '' : examples.some(({ mends }) => mends) ? 'quick fix' : 'by hand';
    return `| \`${code}\` | ${severity} | ${cell(title)} | ${shown} | ${fix} |`;
  });
  return [
    '# Rules of recipes',
    '',
    'What the editor and `trainyard run` say of a recipe. Codes are stable. What only the installed tools can tell is told in the editor of a trusted workspace.',
    '',
    '| Code | Severity | What is wrong | Example | In the editor |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\|/g, '&#124;').replace(/[\u0000-\u001f]/g, ' ');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(dirname(RECIPE_RULES_FILE), { recursive: true });
  writeFileSync(RECIPE_RULES_FILE, recipeRuleTable());
}
