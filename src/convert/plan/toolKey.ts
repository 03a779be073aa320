import { createHash } from 'node:crypto';
import type { Toolbox } from '../../process/foundTool.ts';
import type { EngineId } from '../engine.ts';
import type { Preset } from '../preset.ts';

/**
 * Stands for the builds of all tools that make an output, as journals and ledgers have it: of one tool its `buildId`. Which engine takes
 * a recipe's later steps shows only when the steps before have run, so that all that may are among them.
 */
export function toolKey({ stages = [] }: Pick<Preset, 'stages'>, engine: EngineId, tools: Toolbox): string {
  const first = tools.get(engine)?.buildId ?? '';
  if (stages.length === 0) {
    return first;
  }
  const later = stages.map(({ methods }) => methods.map((method) => tools.get(method.engine)?.buildId ?? ''));
  return createHash('sha256').update(JSON.stringify([first, later])).digest('hex').slice(0, 32);
}
