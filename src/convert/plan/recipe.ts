import { createHash } from 'node:crypto';
import type { OptionValues } from '../../recipe/option.ts';
import type { Preset } from '../preset.ts';

/**
 * Stands for what is done to a file, in the ledger: preset, revision and resolved options. The engine is not among them, as the
 * tool's `buildId` stands for it.
 */
export function recipeKey({ id, revision }: Pick<Preset, 'id' | 'revision'>, options: OptionValues): string {
  const canonical = JSON.stringify([id, revision, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, 32);
}
