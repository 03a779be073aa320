import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILTER_WORDS, LineFault, readFilterLine } from '../../../../../src/base/rsyncFilterLine.ts';
import { FILTER_LANGUAGE, rsyncFilters } from '../../../../../src/language/families/rsyncFilter/recogniseFilter.ts';

const ROOT = join(import.meta.dirname, '../../../../..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

interface Manifest {
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly filenames?: readonly string[]; readonly extensions?: readonly string[]; readonly configuration: string }[];
    readonly grammars: readonly { readonly language?: string; readonly scopeName: string; readonly path: string }[];
  };
}
interface Grammar {
  readonly scopeName: string;
  readonly repository: Readonly<Record<string, { readonly match?: string; readonly begin?: string }>>;
}

const { contributes } = read('package.json') as Manifest;
const language = contributes.languages.find(({ id }) => id === FILTER_LANGUAGE);
const contributed = contributes.grammars.find((grammar) => grammar.language === FILTER_LANGUAGE);
const grammar = read(contributed?.path ?? '') as Grammar;

describe('the language of filter files', () => {
  it('has its names, its configuration and its grammar', () => {
    expect(language).toMatchObject({ filenames: ['.rsync-filter'], extensions: ['.rsyncfilter'] });
    expect(existsSync(join(ROOT, language?.configuration ?? ''))).toBe(true);
    expect(grammar.scopeName).toBe(contributed?.scopeName);
  });

  it('is coloured as a rule exactly where rsync takes the line', () => {
    const { comment, clear, merge, rule, sideRule } = grammar.repository;
    const known = [comment, clear, merge, rule, sideRule].map((one) => new RegExp(one?.match ?? one?.begin ?? '$^'));
    const start = fc.constantFrom('-', '+', 'H', 'S', 'P', 'R', '.', ':', '!', 'x', '#', ';', ' ', '*', ...Object.keys(FILTER_WORDS));
    // That “-”, “+” and “C” exclude each other is beyond a grammar.
    const modifiers = fc.constantFrom('', '', '!', '/', 'p', 'rs', 'x', 'n', 'e-', '+', 'C', 'q');
    const line = fc.tuple(start, fc.constantFrom('', '', ','), modifiers, fc.constantFrom(' ', ' ', '_', '', '\t'), fc.constantFrom('a', 'b c', '/x/', '*', '')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(line, (text) => {
        expect(known.some((one) => one.test(text))).toBe(text !== '' && !(readFilterLine(text) instanceof LineFault));
      }),
      { numRuns: 5000 },
    );
  });

  it('is that of its files and of the targets of a workspace, and of no other JSON', () => {
    const looks = (path: string, id: string): boolean => rsyncFilters.recognises({ uri: `file://${path}`, path, language: id, head: '', isWhole: true });
    expect(looks('/w/.gitignore', FILTER_LANGUAGE)).toBe(true);
    expect(looks('/w/.vscode/trainyard.json', 'jsonc')).toBe(true);
    expect(looks('/w/trainyard.json', 'json')).toBe(false);
    expect(looks('/w/.vscode/settings.json', 'jsonc')).toBe(false);
  });
});
