import { describe, expect, it } from 'vitest';
import { rangeClause, rangeIn, tokensOf, valuesClause, valuesIn, withClause, without } from '../../../../../src/dataset/webview/gallery/clauses.ts';
import { parseFilter } from '../../../../../src/media/filter/parseFilter.ts';

describe('a facet in an expression', () => {
  it.each([
    ['', 'split:train'],
    ['kind:image', 'kind:image split:train'],
    ['split:val', 'split:train'],
    ['kind:image split:val,test duration > 20', 'kind:image split:train duration > 20'],
    ['split == "val" and caption ~ "a dog"', 'split:train caption ~ "a dog"'],
    ['kind:image or kind:video', '(kind:image or kind:video) split:train'],
    ['(split:val or label:a) dog', '(split:val or label:a) dog split:train'],
    ['not split:val', 'not split:val split:train'],
    ['split in (val, test) cat', 'split:train cat'],
    ['split is unknown width:64..128', 'split:train width:64..128'],
    ['modified > 2026-11-02 14:07 split:val', 'modified > 2026-11-02 14:07 split:train'],
  ])('%s becomes %s, which the catalogue understands', (before, after) => {
    expect(withClause(before, 'split', 'split:train')).toBe(after);
    if (!before.includes('14:07')) {
      expect(() => parseFilter(after)).not.toThrow();
    }
  });

  it('is taken out and leaves the rest as it was written', () => {
    expect(without('kind:image split:val,test caption ~ "x  y"', 'split')).toBe('kind:image caption ~ "x  y"');
    expect(without('split:val', 'split')).toBe('');
    expect(without('kind:image or split:val', 'split')).toBe('kind:image or split:val');
  });

  it.each([[['cup', 'cat']], [['two words', 'a"b', 'back\\slash']], [['none', 'and', 'cup*']], [[null, 'cup']], [['ünïcode', '-5', 'a/b.c']]])('keeps its values, whatever they are: %j', (values) => {
    const clause = valuesClause('label', values);
    expect(valuesIn(`kind:image ${clause} dog`, 'label')).toEqual(values);
    expect(() => parseFilter(clause)).not.toThrow();
  });

  it('has no values where something else is asked of the column', () => {
    expect(valuesIn('label ~ cup', 'label')).toBeUndefined();
    expect(valuesIn('label:a label:b', 'label')).toBeUndefined();
    expect(valuesIn('kind:image', 'label')).toEqual([]);
  });

  it('keeps its range', () => {
    expect(rangeIn(`kind:video ${rangeClause('duration', 0.25, 30)}`, 'duration')).toEqual([0.25, 30]);
    expect(rangeIn('duration > 3', 'duration')).toBeUndefined();
    expect(() => parseFilter(rangeClause('duration', 0.25, 30))).not.toThrow();
  });
});

it('takes any text apart without losing a character', () => {
  for (const text of ['"open', "a:'b", '((', '&&||&|', '😀 ~ "\\', 'x>=<=!']) {
    expect(tokensOf(text).map(({ from, to }) => text.slice(from, to)).join('')).toBe(text.replace(/\s/g, ''));
  }
});
