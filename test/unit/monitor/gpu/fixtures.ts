import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real outputs, which are not ours to carry with us. */
export const fixtures = resolve(process.env.TRAINYARD_FIXTURES ?? '../shared/fixtures', 'gpu');
export const hasFixtures = existsSync(fixtures);

export function fixture(name: string): string {
  return readFileSync(join(fixtures, name), 'utf8');
}
