import { customPresets } from '../customPreset.ts';
import type { ConvertRequest } from '../job.ts';
import { PRESETS } from '../presets/index.ts';
import type { Preset } from '../preset.ts';
import { RequestError } from '../requestError.ts';

/** The preset that a request names: shipped, or the person's own. Throws a `RequestError` where there is none, or theirs is wrong. */
export function findPreset({ preset: id, customPresets: specs }: Pick<ConvertRequest, 'preset' | 'customPresets'>): Preset {
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
