import type { PresetFacts } from '../../recipe/recipe.ts';
import { resolveOptions } from '../optionValues.ts';
import type { Preset } from '../preset.ts';

/** What recipes know of presets. */
export function presetFacts(presets: readonly Preset[]): readonly PresetFacts[] {
  return presets.map(({ id, title, summary, kinds, options, methods }) => {
    const defaults = resolveOptions(options, {});
    return { id, title, summary, kinds, options, ways: methods.map(({ engine, needs }) => ({ tool: engine, needs: needs?.(defaults) ?? [] })) };
  });
}
