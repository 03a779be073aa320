import fc from 'fast-check';
import { expect, it } from 'vitest';
import { edgesFor } from '../../../../src/dataset/catalogue/histogramEdges.ts';
import { sortByKey } from '../../../../src/dataset/catalogue/sortByKey.ts';

const key = fc.oneof(fc.double({ noDefaultInfinity: false }), fc.integer({ min: -3, max: 3 }), fc.constant(NaN), fc.constant(-0));

it('sorts as a stable sort by comparison does, with what is not known last', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), fc.boolean(), (keys, descending) => {
      const ids = Uint32Array.from(keys.keys());
      const sorted = [...ids].sort((a, b) => {
        const [x, y] = [keys[a]!, keys[b]!];
        return Number.isNaN(x) || Number.isNaN(y) ? Number(Number.isNaN(x)) - Number(Number.isNaN(y)) : x === y ? 0 : (x < y ? -1 : 1) * (descending ? -1 : 1);
      });
      expect([...sortByKey(ids, Float64Array.from(keys), descending)]).toEqual(sorted);
    }),
  );
});

it.each([
  [0, 24, true, [0, 1, 2]],
  [5, 5, true, [5, 6]],
  [29.97, 29.97, false, [29, 30]],
  [0.4, 9.7, false, [0, 0.5, 1]],
  [1_764_000_000_001, 1_764_000_000_003, true, [1_764_000_000_001, 1_764_000_000_002]],
])('puts edges at round numbers: %d to %d', (low, high, isWhole, begin) => {
  const edges = edgesFor(low, high, isWhole);
  expect(edges.slice(0, begin.length)).toEqual(begin);
});

it('has edges around all numbers, ascending, and not too many', () => {
  const positive = fc.double({ min: 1e-3, max: 1e13, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.boolean(), (a, b, isWhole) => {
      const [low, high] = isWhole ? [Math.floor(Math.min(a, b)), Math.ceil(Math.max(a, b))] : [Math.min(a, b), Math.max(a, b)];
      const edges = edgesFor(low, high, isWhole);
      expect(edges[0]).toBeLessThanOrEqual(low);
      expect(edges.at(-1)).toBeGreaterThanOrEqual(high);
      expect(edges.every((edge, at) => at === 0 || edge > edges[at - 1]!)).toBe(true);
      expect(edges.length).toBeLessThanOrEqual(52);
      expect(edges.length).toBeGreaterThanOrEqual(2);
    }),
  );
});
