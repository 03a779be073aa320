import fc from 'fast-check';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from 'vscode-languageserver-types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDocument } from '../../../../../src/language/family.ts';
import { createFilterFamily } from '../../../../../src/language/families/rsyncFilter/session.ts';
import { hostOf, quiet } from '../recipe/desk.ts';
import { BROKEN_FILTERS } from './brokenFilters.ts';
import { plantTree } from './filterDesk.ts';

let folder: string;
beforeAll(() => void (folder = plantTree()));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const texts = [...BROKEN_FILTERS.map(({ text }) => text), '{"targets":[{"box":"a","remote":"~","rules":["- *.log","- \\u00e9\\\\n"]}]}', '- **/[a-\n', '\ufeff- a\r- b\r\n'];
const mutated = fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts), fc.nat(40), fc.nat(10), fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('\n', '\r', '/', '*', '[', '\\', '!', '\ud83d', '\u0000'))).map(([one, two, at, cut, put]) => one.slice(0, at) + put + one.slice(at + cut) + two);

describe('filter rules that nobody would write', () => {
  it('are answered without a fault, and within the document', async () => {
    const family = createFilterFamily();
    await fc.assert(
      fc.asyncProperty(mutated, fc.constantFrom(['rsync-filter', 'x.rsyncfilter'], ['jsonc', '.vscode/trainyard.json']), fc.nat(60), async (text, [language = '', name = ''], at) => {
        const path = join(folder, name);
        const uri = pathToFileURL(path).href;
        const document: OpenDocument = { uri, path, language, version: 1, text: TextDocument.create(uri, language, 1, text), look: () => ({ uri, path, language, head: text, isWhole: true }) };
        const session = family.open(document, hostOf());
        const inside = ({ start, end }: Range): boolean => [start, end].every((place) => document.text.positionAt(document.text.offsetAt(place)).character === place.character && place.line < document.text.lineCount);
        const found = (await session.diagnostics?.(quiet, () => {})) ?? [];
        expect(found.filter(({ range }) => !inside(range))).toEqual([]);
        const everything = { start: document.text.positionAt(0), end: document.text.positionAt(text.length) };
        for (const action of (await session.codeActions?.(everything, { diagnostics: [] }, quiet)) ?? []) {
          TextDocument.applyEdits(document.text, ('edit' in action && action.edit?.changes?.[uri]) || []);
        }
        const position = document.text.positionAt(at);
        await session.hover?.(position, quiet);
        await session.completion?.(position, quiet, undefined);
        expect(((await session.lenses?.(quiet)) ?? []).filter(({ range }) => !inside(range))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });
});
