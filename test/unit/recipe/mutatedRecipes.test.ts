import { describe, expect, it } from 'vitest';
import { pathAt, valueAt, type RecipeNode } from '../../../src/recipe/node.ts';
import { scalarPlaces } from '../../../src/recipe/scalarPlaces.ts';
import { mutated, random } from './mutations.ts';
import { PICTURES, read, SPEECH } from './recipes.ts';

/** CPU seconds that a single recipe may take. */
const SLOWEST = 1;

describe('10,000 mutated recipes', () => {
  it('are read without a crash, a hang or a place outside of the document', () => {
    const next = random(6);
    const outside: string[] = [];
    let refused = 0;
    let slowest = 0;
    for (let round = 0; round < 10_000; round++) {
      const text = mutated(round % 2 === 0 ? SPEECH : PICTURES, next);
      const before = process.cpuUsage().user;
      const { problems, recipe, root } = read(text);
      slowest = Math.max(slowest, (process.cpuUsage().user - before) / 1e6);
      refused += recipe === undefined ? 1 : 0;
      const spans = [...problems, ...problems.flatMap(({ fixes = [] }) => fixes.flatMap(({ edits }) => edits)), ...placesOf(root, text)];
      if (spans.some(({ from, to }) => !(from >= 0 && from <= to && to <= text.length))) {
        outside.push(text);
      }
      const at = Math.floor(next() * text.length);
      // Of two entries of one key, the path leads to the later.
      const hasDoubles = problems.some(({ code }) => code === 'recipe/duplicate-key');
      expect(root === undefined || hasDoubles || valueAt(root, pathAt(root, at).path) !== undefined).toBe(true);
    }
    expect(outside).toEqual([]);
    expect(refused).toBeGreaterThan(5000);
    expect(slowest).toBeLessThan(SLOWEST);
  }, 240_000);
});

function placesOf(node: RecipeNode | undefined, text: string): readonly { readonly from: number; readonly to: number }[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'scalar': {
      const places = scalarPlaces(node, text);
      return [node, places.span(0, node.text.length), places.span(2, 3)];
    }
    case 'list':
      return [node, ...node.items.flatMap((item) => placesOf(item, text))];
    case 'map':
      return [node, ...node.entries.flatMap(({ keySpan, value }) => [keySpan, ...placesOf(value, text)])];
  }
}
