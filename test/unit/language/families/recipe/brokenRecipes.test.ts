import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { RECIPE_RULES } from '../../../../../src/recipe/problem.ts';
import { BROKEN_RECIPES } from './brokenRecipes.ts';
import { diagnosed, open, quiet } from './desk.ts';

describe('a broken recipe', () => {
  it.each(BROKEN_RECIPES.map((broken) => [broken.code, broken.what, broken] as const))('%s: %s is found on its characters, and its fix mends it', async (code, _, { text, at, mends }) => {
    const { session, document } = open(text);
    const found = await session.diagnostics(quiet, () => {});
    const problem = found.find((one) => one.code === code && document.text.getText(one.range).startsWith(at));
    expect(problem, JSON.stringify(found)).toBeDefined();
    const actions = (await session.codeActions?.(problem!.range, { diagnostics: [] }, quiet)) ?? [];
    const action = actions.find((one) => 'diagnostics' in one && one.diagnostics?.[0]?.code === code);
    expect(action !== undefined).toBe(mends === true);
    if (action !== undefined && 'edit' in action) {
      const mended = TextDocument.applyEdits(document.text, action.edit?.changes?.[document.uri] ?? []);
      expect((await diagnosed(mended)).filter((line) => line.startsWith(code.replace('recipe/', '')))).toEqual([]);
    }
  });

  it('is told when its tool is not installed', async () => {
    const { session, document } = open('version: 1\ninputs: [a.wav]\noutputs: { folder: out }\nsteps: [{ sox: { effects: [norm], extension: wav } }]\n', { settings: { 'tools.sox': '/nonexistent/sox' } });
    const found = await session.diagnostics(quiet, () => {});
    expect(found.map(({ code, range }) => [code, document.text.getText(range)])).toEqual([['recipe/tool-missing', 'sox']]);
  });

  it('there is of every code', () => {
    const shown = new Set<string>([...BROKEN_RECIPES.map(({ code }) => code), 'recipe/tool-missing']);
    expect(Object.keys(RECIPE_RULES).filter((code) => !shown.has(code))).toEqual([]);
  });
});
