import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../../../src/media/rules/index.ts';
import { BROKEN } from './broken.ts';
import { MADE } from './made.ts';
import type { Files } from './support.ts';
import { madeFolder, problemsOf, recognised } from './support.ts';

describe('a dataset that is broken on purpose', () => {
  it.each(BROKEN)('tells of $what in $format: $code', async ({ format, change, code, row, file }) => {
    const files = { ...MADE[format]?.files, ...change };
    const root = madeFolder(Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined)) as Files);
    expect(recognised(root), 'is still recognised').toContain(format);
    const found = (await problemsOf(root, format)).filter((problem) => problem.code === code);
    expect(found.length, 'problems of the code').toBeGreaterThan(0);
    const [first] = found;
    expect(first?.severity).toBe(ruleOf(code)?.severity);
    expect(first?.message).toMatch(/^\S.*[.…]$/s);
    if (row !== undefined) {
      expect(found.map((problem) => problem.row)).toContain(row);
    }
    if (file !== undefined) {
      expect(found.map((problem) => problem.file)).toContain(join(root, file));
    }
  });
});
