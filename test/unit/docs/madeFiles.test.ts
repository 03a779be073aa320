import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MADE_FILES } from '../../docs/madeFiles.ts';

it.each(Object.entries(MADE_FILES))('%s is as the code gives it (npm run docs renews it)', (path, made) => {
  expect(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')).toBe(made());
});
