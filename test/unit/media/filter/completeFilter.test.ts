import { describe, expect, it } from 'vitest';
import { completeFilter, quoted, type KnownValues } from '../../../../src/media/filter/completeFilter.ts';
import { parseFilter } from '../../../../src/media/filter/parseFilter.ts';

const known: KnownValues = {
  values: async (column) => (column === 'label' ? [{ value: 'cat', count: 9 }, { value: 'red car', count: 4 }] : column === 'kind' ? [{ value: 'image', count: 3 }] : []),
  unknown: async (column) => (column === 'duration' ? 3345 : 0),
};

/** `|` is the caret. What is offered is put where it belongs. */
async function offered(marked: string): Promise<readonly string[]> {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const all = await completeFilter(text, caret, known);
  return all.map((one) => text.slice(0, one.from) + one.text + text.slice(one.to));
}

describe('completion', () => {
  it.each([
    ['dur|', ['duration', 'duration:unknown']],
    ['kind:image dur|', ['kind:image duration', 'kind:image duration:unknown']],
    ['split|', ['split']],
    ['ca|', ['caption']],
    ['label == |', ['label == cat', 'label == "red car"', 'label == unknown']],
    ['label == "re|', ['label == "red car"']],
    ['label == "re|" and x', ['label == "red car" and x']],
    ['label:c|', ['label:cat', 'label:"red car"']],
    ['label in (cat, |)', ['label in (cat, cat)', 'label in (cat, "red car")', 'label in (cat, unknown)']],
    ['kind:im|age', ['kind:image']],
    ['caption ~ /dog|', ['caption ~ /dog/i', 'caption ~ /dog/']],
    ['caption ~ /[/a|', ['caption ~ /[/a/i', 'caption ~ /[/a/']],
    ['label not in (c|', ['label not in (cat', 'label not in ("red car"']],
  ])('%s', async (marked, wanted) => {
    expect(await offered(marked)).toEqual(wanted);
  });

  it('offers all columns where a test may begin, operators after a column, and how to go on after a test', async () => {
    expect(await offered('|')).toContain('width');
    expect(await offered('duration |')).toEqual(['duration >', 'duration <', 'duration >=', 'duration <=', 'duration ==', 'duration is unknown']);
    expect(await offered('label |')).toContain('label in (');
    expect(await offered('label == cat |')).toEqual(expect.arrayContaining(['label == cat and', 'label == cat or', 'label == cat not']));
    expect(await offered('label == cat and |')).toContain('label == cat and duration');
  });

  it('tells how many items an offer finds', async () => {
    const [, unknown] = await completeFilter('dur', 3, known);
    expect(unknown).toMatchObject({ text: 'duration:unknown', count: 3345 });
  });

  it.each(['cat', 'red car', 'a"b', 'x*y', 'unknown', 'and', 'a:b', '5..6', String.raw`back\slash`, 'a\\"b'])('writes %s so that it means just this', (value) => {
    expect(parseFilter(`label == ${quoted(value)}`)).toEqual({ kind: 'test', column: 'label', test: { op: 'equals', text: value } });
  });
});
