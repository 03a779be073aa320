import type { ConvertRequest } from '../job.ts';
import { PRESETS } from '../presets/index.ts';
import type { Preset } from '../preset.ts';
import { RequestError } from '../requestError.ts';

/** The preset that a request names. Throws a `RequestError` where there is none. */
export function findPreset({ preset: id }: Pick<ConvertRequest, 'preset' | 'customPresets'>): Preset {
  const preset = PRESETS.find((candidate) => candidate.id === id);
  if (preset === undefined) {
    throw new RequestError('preset', `There is no preset “${id}”.`);
  }
  return preset;
}
