import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedText } from '../../../src/process/boundedText.ts';

function textOf(limit: number, ...chunks: readonly string[]): BoundedText {
  const text = new BoundedText(limit);
  chunks.forEach((chunk) => text.add(Buffer.from(chunk)));
  return text;
}

describe('bounded text', () => {
  it('keeps head and tail, and says on a line of its own what lay between', () => {
    const text = textOf(6, 'abcdefghij');
    expect(text.toString()).toBe('abc\n[… 4 bytes left out …]\nhij');
    expect(text.leftOut).toBe(4);
  });

  it('is whole up to its limit, characters of several bytes included', () => {
    expect(textOf(9, '日', '本', '語').toString()).toBe('日本語');
  });

  it('keeps the same however the text is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'abcdefgh'), maxLength: 20 })),
        fc.integer({ min: 0, max: 15 }),
        (chunks, half) => {
          const whole = chunks.join('');
          const text = textOf(half * 2, ...chunks);
          const isCut = whole.length > half * 2;
          expect(text.leftOut).toBe(isCut ? whole.length - half * 2 : 0);
          expect(text.toString()).toBe(
            isCut ? `${whole.slice(0, half)}\n[… ${text.leftOut} bytes left out …]\n${half === 0 ? '' : whole.slice(-half)}` : whole,
          );
        },
      ),
    );
  });
});
