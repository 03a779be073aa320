import { customPresets } from '../customPreset.ts';
import type { CustomPresetSpec } from '../job.ts';
import { PRESETS } from '../presets/index.ts';
import type { Preset } from '../preset.ts';
import { RequestError } from '../requestError.ts';

/** The preset of an id: shipped, or the person's own. Throws a `RequestError` where there is none, or theirs is wrong. */
export function namedPreset(id: string, specs: readonly CustomPresetSpec[]): Preset {
  const shipped = PRESETS.find((candidate) => candidate.id === id);
  if (shipped !== undefined) {
    return shipped;
  }
  const { presets, problems } = customPresets(specs);
  const own = presets.find((candidate) => candidate.id === id);
  if (own === undefined) {
    throw new RequestError('preset', [`There is no preset “${id}”.`, ...problems.map(({ message }) => message)].join(' '));
  }
  return own;
}
