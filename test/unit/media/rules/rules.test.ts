import { describe, expect, it } from 'vitest';
import { RULES } from '../../../../src/media/rules/index.ts';
import { checkNemoRow } from '../../../../src/media/rules/nemo.ts';
import { checkPath, isNear } from '../../../../src/media/rules/row.ts';
import { checkClasses } from '../../../../src/media/rules/splits.ts';

const rules = Object.entries(RULES);

describe('the rules', () => {
  it('are those of the table, which tells when a code changes', async () => {
    const table = rules.map(([code, { severity, title, help }]) => `| \`${code}\` | ${severity} | ${title} | ${help} |`).sort();
    await expect(['| Code | Severity | What is wrong | Why it matters |', '| --- | --- | --- | --- |', ...table, ''].join('\n')).toMatchFileSnapshot('./rules.md');
  });

  it.each(rules)('%s has a code, a title and a help that can stand alone', (code, { title, help }) => {
    expect(code).toMatch(/^[a-z\d]+(?:-[a-z\d]+)*\/[a-z\d]+(?:-[a-z\d]+)*$/);
    expect(title).toMatch(/^.{5,70}[^.]$/);
    expect(help).toMatch(/^.{15,}\.$/s);
  });

  it('names both durations', () => {
    expect(checkNemoRow({ duration: 3.2 }, 2.05)).toEqual([{ code: 'nemo/duration-mismatch', key: 'duration', message: 'duration says 3.20 s, the header 2.05 s.', mends: [{ do: 'set', value: 2.05 }] }]);
    expect(checkNemoRow({ duration: 2.08 }, 2.05)).toEqual([]);
    expect(checkNemoRow({ duration: 1, offset: 1 }, 2.05)).toEqual([]);
  });

  it('offers the folder that a path is relative to', () => {
    const facts = { presence: { is: 'missing' }, path: '/m/a.wav', elsewhere: '/a.wav' } as const;
    expect(checkPath('a.wav', 'audio', facts)).toMatchObject([{ code: 'row/path-base', related: '/a.wav' }]);
  });

  it.each([['file_name', 'flie_name', true], ['text', 'texts', true], ['audio', 'audio', false], ['text', 'speaker', false]])('takes %s and %s for near: %s', (a, b, near) => {
    expect(isNear(a, b)).toBe(near);
  });

  it('calls no class rare where there are few samples, and numbers never misspelt', () => {
    expect(checkClasses(new Map([['cat', 20], ['dog', 1]]))).toEqual([]);
    expect(checkClasses(new Map([['class1', 500], ['class2', 40]]))).toEqual([]);
    expect(checkClasses(new Map([['cat', 500], ['cat ', 40]]))).toMatchObject([{ code: 'class/similar-names' }]);
  });
});
