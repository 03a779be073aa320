import { describe, expect, it } from 'vitest';
import { mendedJson } from '../../../../../src/language/manifest/forms/mendedJson.ts';

describe('a row that is nearly JSON', () => {
  it('is closed where it ends too soon, and cut where it is closed too often', () => {
    expect(mendedJson('{"a": "x')).toBe('{"a": "x"}');
    expect(mendedJson('{"a": 1}}}')).toBe('{"a": 1}');
    expect(mendedJson('{"a": "\\"')).toBe('{"a": "\\""}');
  });

  it.each(['}', '{', '"', '\\"', '\' ', '} ', ', '])('is given up at once where it is %s over and over', (sign) => {
    expect(mendedJson(`{"a":1${sign.repeat(100_000)}x`)).toBeUndefined();
  });
});
