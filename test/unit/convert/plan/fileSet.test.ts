import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileSet } from '../../../../src/convert/plan/fileSet.ts';

describe('FileSet', () => {
  it('knows exactly the files that were added, up to inodes of 64 bits on several devices', () => {
    const file = fc.record({
      dev: fc.constantFrom(0n, 1n, 2049n, 2n ** 40n),
      ino: fc.oneof(fc.bigInt(0n, 50n), fc.constantFrom(2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 64n - 1n)),
    });
    fc.assert(
      fc.property(fc.array(file, { minLength: 1200, maxLength: 3000 }), fc.array(file), (added, others) => {
        const set = new FileSet();
        const expected = new Set<string>();
        const key = ({ dev, ino }: { dev: bigint; ino: bigint }): string => `${dev}:${ino}`;
        for (const one of added) {
          expect(set.add(one)).toBe(!expected.has(key(one)));
          expected.add(key(one));
        }
        expect(set.size).toBe(expected.size);
        for (const one of [...added, ...others]) {
          expect(set.has(one)).toBe(expected.has(key(one)));
        }
      }),
      { numRuns: 10 },
    );
  });
});
