import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withRoom } from '../../../src/base/columns.ts';
import { createTextHash } from '../../../src/base/hash.ts';
import { NumberMap } from '../../../src/base/numberMap.ts';

describe('NumberMap', () => {
  it('holds what a Map holds, also keys that fall into the same places', () => {
    const key = fc.oneof(fc.constantFrom(0, 1, 2 ** 32, 2 ** 33, 2 ** 52, 2 ** 53 - 1, 2 ** 32 + 1), fc.maxSafeNat());
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.nat(2 ** 31 - 2)), { maxLength: 2000, minLength: 1500 }), fc.array(key), (entries, others) => {
        const map = new NumberMap();
        const expected = new Map(entries);
        entries.forEach(([at, value]) => map.set(at, value));
        expect(map.size).toBe(expected.size);
        for (const at of [...expected.keys(), ...others]) {
          expect([map.get(at), map.has(at)]).toEqual([expected.get(at), expected.has(at)]);
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('withRoom', () => {
  it('keeps the column while there is room, and its content where there is none', () => {
    const column = Float64Array.of(1, 2);
    expect(withRoom(column, 2)).toBe(column);
    expect([...withRoom(column, 3)]).toEqual([1, 2, 0, 0]);
    expect(withRoom(BigInt64Array.of(-5n), 9)).toEqual(BigInt64Array.of(-5n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n));
  });
});

describe('the hash of a text', () => {
  it('is a whole number that a double holds, the same for the same text, and no empty or long text is too much', async () => {
    const hash = await createTextHash();
    const again = await createTextHash();
    const texts = ['', 'a', '\0', '\ud800', '/data/ü/\u{1f600}.wav', 'x'.repeat(100_000)];
    const hashes = texts.map((text) => hash(text));
    expect(hashes.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
    expect(new Set(hashes).size).toBe(texts.length);
    expect(texts.map((text) => again(text))).toEqual(hashes);
  });
});
