import type { Position, Range } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, it } from 'vitest';
import { createRecipeFamily } from '../../../../../src/language/families/recipe/session.ts';
import { mutated, random } from '../../../recipe/mutations.ts';
import { PICTURES, SPEECH } from '../../../recipe/recipes.ts';
import { hostOf, quiet } from './desk.ts';

/** CPU seconds for all that is asked of one document. */
const SLOWEST = 1;

describe('1,000 mutated recipes in an editor without tools', () => {
  it('are answered without a crash, a hang or a range outside of the document', async () => {
    const next = random(11);
    const family = createRecipeFamily();
    const host = hostOf({ isTrusted: false });
    let slowest = 0;
    for (let round = 0; round < 1000; round++) {
      const text = mutated(mutated(round % 2 === 0 ? SPEECH : PICTURES, next), next);
      const document = TextDocument.create('file:///nowhere/x.recipe.yaml', 'yaml', 1, text);
      const session = family.open({ uri: document.uri, path: undefined, language: 'yaml', version: 1, text: document, look: () => ({ uri: document.uri, path: undefined, language: 'yaml', head: text, isWhole: true }) }, host);
      const before = process.cpuUsage().user;
      const position = document.positionAt(Math.floor(next() * (text.length + 1)));
      const ranges: Range[] = (await session.diagnostics?.(quiet, () => {}))?.map(({ range }) => range) ?? [];
      const completion = (await session.completion?.(position, quiet, undefined)) ?? [];
      ranges.push(...('items' in completion ? completion.items : completion).flatMap(({ textEdit }) => (textEdit && 'range' in textEdit ? [textEdit.range] : [])));
      const hover = await session.hover?.(position, quiet);
      ranges.push(...(hover?.range ? [hover.range] : []));
      ranges.push(...((await session.symbols?.(quiet)) ?? []).flatMap(({ range, selectionRange }) => [range, selectionRange]));
      ranges.push(...((await session.codeActions?.({ start: document.positionAt(0), end: document.positionAt(text.length) }, { diagnostics: [] }, quiet)) ?? []).flatMap((action) => ('edit' in action ? Object.values(action.edit?.changes ?? {}).flat().map(({ range }) => range) : [])));
      await session.signatureHelp?.(position, quiet);
      slowest = Math.max(slowest, (process.cpuUsage().user - before) / 1e6);
      const end = document.positionAt(text.length);
      expect(ranges.filter(({ start, end: to }) => !isOrdered(start, to) || !isOrdered(to, end)), text).toEqual([]);
    }
    expect(slowest).toBeLessThan(SLOWEST);
  }, 240_000);
});

function isOrdered(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}
