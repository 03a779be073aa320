import { describe, expect, it } from 'vitest';
import type { OptionSpec, OptionSpecs } from '../../../src/recipe/option.ts';
import { parseOption, resolveOptions } from '../../../src/convert/optionValues.ts';
import { describeRange } from '../../../src/recipe/optionFault.ts';
import { RequestError } from '../../../src/convert/requestError.ts';

const base = { title: 'T', description: 'D.' };
const SPECS = {
  gain: { ...base, type: 'number', default: -3, min: -60, max: 0, unit: 'dB' },
  count: { ...base, type: 'integer', default: 4, min: 1, max: 40 },
  rate: { ...base, type: 'integerOrKeep', default: 'keep', min: 8000, max: 192_000, unit: 'Hz' },
  depth: { ...base, type: 'choice', default: '16', choices: [{ value: '16', title: '16 bits' }, { value: '24', title: '24 bits' }] },
  strip: { ...base, type: 'switch', default: true },
  text: { ...base, type: 'text', default: 'x', maxLength: 5 },
} as const satisfies OptionSpecs;
const spec = (name: keyof typeof SPECS): OptionSpec => SPECS[name];

describe('options', () => {
  it('are their defaults where nothing is set', () => {
    expect(resolveOptions(SPECS, {})).toEqual({ gain: -3, count: 4, rate: 'keep', depth: '16', strip: true, text: 'x' });
  });

  it('are what is set, at the bounds too, and falsy values are values', () => {
    const set = { gain: 0, count: 40, rate: 8000, depth: '24', strip: false, text: '' };
    expect(resolveOptions(SPECS, set)).toEqual(set);
  });

  it.each([
    ['gain', 0.001, 'takes a number from -60 to 0 dB'],
    ['gain', NaN, 'takes a number'],
    ['gain', '-3', 'takes a number'],
    ['count', 2.5, 'takes a whole number from 1 to 40'],
    ['count', 0, 'takes a whole number'],
    ['rate', 'none', 'takes a whole number from 8000 to 192000 Hz, or keep'],
    ['depth', 16, 'takes 16, 24'],
    ['strip', 'true', 'takes true or false'],
    ['text', 'longer', 'takes text on one line, at most 5 characters'],
    ['text', 'a\nb', 'takes text on one line'],
    ['constructor', 1, 'There is no option “constructor” here; there is gain, count, rate, depth, strip, text.'],
    ['__proto__x', 1, 'There is no option'],
  ] as const)('%s = %j is refused in words', (name, value, words) => {
    const attempt = (): unknown => resolveOptions(SPECS, { [name]: value });
    expect(attempt).toThrow(RequestError);
    expect(attempt).toThrow(words);
  });

  it('of what has none are none', () => {
    expect(resolveOptions({}, {})).toEqual({});
    expect(() => resolveOptions({}, { a: 1 })).toThrow('there is none');
  });
});

describe('what a person types', () => {
  it.each([
    ['gain', ' -12.5 ', -12.5],
    ['count', '7', 7],
    ['rate', 'keep', 'keep'],
    ['rate', '16000', 16_000],
    ['depth', '24', '24'],
    ['strip', 'false', false],
    ['text', ' a ', ' a '],
    ['text', '', ''],
  ] as const)('for %s: %j becomes %j', (name, text, value) => {
    expect(parseOption(name, spec(name), text)).toBe(value);
  });

  it.each([
    ['gain', ''],
    ['gain', '   '],
    ['gain', 'loud'],
    ['gain', 'Infinity'],
    ['gain', '1e9'],
    ['gain', 'keep'],
    ['count', '7.5'],
    ['count', '0x7'],
    ['count', ''],
    ['rate', ''],
    ['depth', '32'],
    ['strip', 'yes'],
    ['text', 'longer'],
  ] as const)('for %s: %j is refused', (name, text) => {
    expect(() => parseOption(name, spec(name), text)).toThrow(`Option “${name}” takes `);
  });

  it('fits what the range says in words', () => {
    expect(Object.values(SPECS).map((one) => describeRange(one))).toEqual([
      'takes a number from -60 to 0 dB', 'takes a whole number from 1 to 40', 'takes a whole number from 8000 to 192000 Hz, or keep', 'takes 16, 24', 'takes true or false',
      'takes text on one line, at most 5 characters',
    ]);
  });
});
