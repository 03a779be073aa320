import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeFilterValue, filterText, Unescapable } from '../../../../src/recipe/graph/escape.ts';
import { parseGraph } from '../../../../src/recipe/graph/parseGraph.ts';

/** What ffmpeg itself makes of values: each is put into the frame's metadata and printed from there. */
function asFfmpegReads(values: readonly string[]): readonly string[] {
  const adding = values.map((value, index) => `metadata=mode=add:key=k${index}:value=${escapeFilterValue(value)}`);
  const graph = [...adding, 'metadata=mode=print:file=-:direct=1'].join(',');
  const out = execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'nullsrc=s=16x16:d=0.04', '-vf', graph, '-frames:v', '1', '-f', 'null', '-'], { encoding: 'utf8' });
  const found = new Map([...`${out}\u0001`.matchAll(/^k(\d+)=([^]*?)(?=\nk\d+=|\n?\u0001)/gm)].map(([, index, value]) => [Number(index), value ?? '']));
  return values.map((_, index) => found.get(index) ?? 'not found');
}

const HARD = fc.string({ unit: fc.constantFrom(..."\\':,;[]=@%{}|#\" \tabk1é😀"), minLength: 1, maxLength: 12 });

describe('a value that is escaped for a filter graph', () => {
  it('is read by ffmpeg as it was meant, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(HARD, { minLength: 40, maxLength: 40 }), (values) => {
        expect(asFfmpegReads(values)).toEqual(values);
      }),
      { numRuns: 12 },
    );
  });

  it('is read by our own parser as it was meant, by name and by position', () => {
    fc.assert(
      fc.property(fc.array(HARD, { minLength: 1, maxLength: 4 }), HARD, (positional, named) => {
        const { filters, faults } = parseGraph([filterText('one', positional), filterText('two', { key: named }), 'three'].join(','));
        expect(faults).toEqual([]);
        expect(filters.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
        expect(filters[0]?.args.map(({ key, value }) => [key, value])).toEqual(positional.map((value) => [undefined, value]));
        expect(filters[1]?.args.map(({ key, value }) => [key, value])).toEqual([['key', named]]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused where no escape helps, as are names that are none', () => {
    expect(() => escapeFilterValue('a\0b')).toThrow(Unescapable);
    expect(() => filterText('scale,movie')).toThrow(Unescapable);
    expect(() => filterText('drawtext', { '/text': 'etc/passwd' })).toThrow(Unescapable);
  });
});
