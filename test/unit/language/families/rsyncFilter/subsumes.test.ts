import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilterRules, ruleMatches, type FilterRule } from '../../../../../src/base/rsyncFilter.ts';
import { subsumes } from '../../../../../src/language/families/rsyncFilter/subsumes.ts';

const NAMES = ['a', 'b', 'foo', 'x.log', 'a.log', 'runs'];
const PATHS = NAMES.flatMap((a) => [a, ...NAMES.flatMap((b) => [`${a}/${b}`, ...NAMES.map((c) => `${a}/${b}/${c}`)])]);
const part = fc.constantFrom('a', 'foo', 'x.log', 'runs', '*', '*.log', 'x*.log', '**', '***', '?', '[ax]*', '\\a');
const pattern = fc.tuple(fc.constantFrom('- ', '- ', '-! '), fc.constantFrom('', '', '/'), fc.array(part, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '/')).map(([kind, start, parts, end]) => kind + start + parts.join('/') + end);
const ruleOf = (line: string): FilterRule => parseFilterRules([line])[0]!;

describe('a rule that is said to be shadowed', () => {
  it('matches nothing that the earlier one does not, over random rules and all paths of a tree', () => {
    let shadowed = 0;
    fc.assert(
      fc.property(pattern, pattern, (first, later) => {
        const [one, two] = [ruleOf(first), ruleOf(later)];
        if (subsumes(one, two)) {
          shadowed++;
          const missed = PATHS.filter((path) => [true, false].some((isFolder) => ruleMatches(two, path, isFolder) && !ruleMatches(one, path, isFolder)));
          expect(missed).toEqual([]);
        }
      }),
      { numRuns: 6000 },
    );
    expect(shadowed).toBeGreaterThan(50);
  });

  it.each([
    ['- *.log', '- runs/x*.log'],
    ['- *', '- /a/b'],
    ['- **', '- a/**/b/'],
    ['- logs', '- sub/logs'],
    ['- /runs/*', '- /runs/best.pt'],
    ['- a', '- a/'],
  ])('by %j is %j', (first, later) => {
    expect(subsumes(ruleOf(first), ruleOf(later))).toBe(true);
    expect(subsumes(ruleOf(later), ruleOf(first))).toBe(false);
  });
});
