import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch, patchOf, type Patch } from '../../../../src/monitor/collect/patch.ts';

/** As it comes at the other end. */
const told = (patch: Patch): Patch => JSON.parse(JSON.stringify(patch)) as Patch;
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what differs between two values', () => {
  const leaf = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom('a', 'b'), fc.boolean(), fc.constant(null));
  const valueOf = (...keys: readonly string[]) =>
    fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keys), tie('any'), { maxKeys: 3 })),
    })).any;
  const KEYS = ['a', 'b', '0', '1', 'length', 'constructor'];
  const value = valueOf(...KEYS);
  const hostile = valueOf(...KEYS, '__proto__');

  it('makes the one of the other, whatever the two are', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const [before, after] = [json(one), json(other)];
        const patch = patchOf(before, after);
        expect(patch === undefined ? before : applyPatch(before, told(patch))).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  it('is nothing of what reads alike, though it is another object', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(patchOf(json(one), json(one))).toBeUndefined();
      }),
    );
    expect(patchOf({ a: 1, b: undefined }, { a: 1 })).toBeUndefined();
  });

  it('is as short as what has changed', () => {
    const before = { gpus: [{ uuid: 'a', busy: 1, power: { absent: 'x' } }, { uuid: 'b', busy: 1, power: 3 }], cores: [1, 2, 3] };
    const after = { gpus: [{ uuid: 'a', busy: 2, power: 70 }, { uuid: 'b', busy: 1, power: 3 }], cores: [1, 2, 4] };
    expect(patchOf(before, after)).toEqual({ gpus: { 0: { busy: [2], power: [70] } }, cores: [[1, 2, 4]] });
  });

  it('leaves what it does not name the same object', () => {
    const before = { gpus: [{ uuid: 'a' }, { uuid: 'b' }], host: { name: 'h' } };
    const after = applyPatch(before, { gpus: { 1: { uuid: ['c'] } } }) as typeof before;
    expect([after.host === before.host, after.gpus[0] === before.gpus[0], after.gpus[1]]).toEqual([true, true, { uuid: 'c' }]);
  });

  it('is refused where it fits nothing', () => {
    expect(() => applyPatch([1], { 4: [2] })).toThrow(RangeError);
    expect(() => applyPatch(1, { a: [2] })).toThrow(RangeError);
  });
});
