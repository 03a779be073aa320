import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternError, readPattern } from '../../../../src/media/filter/linearPattern.ts';
import { LinearRegExp } from '../../../../src/media/filter/linearRegExp.ts';

const piece = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '[a-c]', '\\d', '\\w', '\\s', '\\b', '\\B', '^', '$', 'é', '1', ' ');
const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  pattern: fc.array(tie('part'), { minLength: 0, maxLength: 5 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    piece,
    fc.tuple(tie('pattern'), fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?')).map(([inner, times]) => `(${inner})${times}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
    fc.tuple(fc.constantFrom('a', 'b', '.', '[ab]'), fc.constantFrom('*', '+', '?', '{2,3}')).map(([one, times]) => one + times),
  ),
}));

/** Repeats of repeats may make more steps than are taken. */
function isTooLong(source: string): boolean {
  try {
    readPattern(source, false);
    return false;
  } catch (error) {
    return error instanceof PatternError && error.message.includes('too long');
  }
}

describe('a regular expression in linear time', () => {
  it('fits where JavaScript’s own fits', () => {
    fc.assert(
      fc.property(pattern, fc.array(fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '_', 'é', 'É', '\n', '😀'), { maxLength: 12 }).map((letters) => letters.join('')), fc.boolean(), (source, text, ignoreCase) => {
        fc.pre(!isTooLong(source));
        // V8 lets \B hold in the middle of a character of two units, where a pattern of characters has no place to stand.
        fc.pre(!(source.includes('\\B') && text.includes('😀')));
        expect(new LinearRegExp(source, ignoreCase).test(text)).toBe(new RegExp(source, ignoreCase ? 'iu' : 'u').test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('is at its end where JavaScript’s own would go on for ages', () => {
    const text = `${'a'.repeat(50_000)}c`;
    for (const source of ['(a+)+b', '(a|a)*b', '(a|aa)+$', '(.*a){12}b', '(?:a*)*b']) {
      expect(new LinearRegExp(source, false).test(text)).toBe(false);
    }
  });

  it('keeps its memory where every character is another', () => {
    const text = Array.from({ length: 60_000 }, (_, at) => String.fromCodePoint(0x4e00 + (at % 20_000))).join('');
    expect(new LinearRegExp('(.a.|.b.)+x', true).test(text)).toBe(false);
    expect(new LinearRegExp('\\u4e02.\\x4e?$', true).test(text.slice(0, 4))).toBe(true);
  });

  it.each([
    ['(?=a)b', 0, /ahead or back/],
    ['(?<n>a)', 0, /are groups here/],
    ['a\\1', 1, /References/],
    ['a**', 2, /nothing to be repeated/],
    ['+a', 0, /nothing to be repeated/],
    ['[a', 0, /not closed/],
    ['[b-a]', 4, /backwards/],
    ['(a', 0, /not closed/],
    ['a)', 1, /no \( before/],
    ['a{3,2}', 1, /counts down/],
    ['((a{100}){100}){100}', undefined, /too long/],
    ['\\q', 0, /means nothing/],
    ['a\\', 1, /stands at the end/],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, undefined, /nested too deep/],
  ])('says of %s where and why it is not understood', (source, at, words) => {
    const thrown = ((): unknown => {
      try {
        return new LinearRegExp(source, false);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(PatternError);
    expect((thrown as PatternError).message).toMatch(words);
    if (at !== undefined) {
      expect((thrown as PatternError).at).toBe(at);
    }
  });
});
