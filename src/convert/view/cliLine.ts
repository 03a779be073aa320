import { shellLine } from '../../base/shellWords.ts';
import type { ConvertRequest } from '../job.ts';

/** The command line that asks for the same conversion. Tool paths and the person's own presets are not part of it. */
export function cliLine(request: Pick<ConvertRequest, 'preset' | 'options' | 'inputs' | 'output' | 'jobs' | 'salvage' | 'recipe'>): string {
  if (request.recipe !== undefined) {
    return shellLine(['trainyard', 'run', request.recipe.file, ...(request.recipe.only ?? []).flatMap((only) => ['--only', only])]);
  }
  const options = Object.entries(request.options).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return shellLine([
    'trainyard',
    'convert',
    '--preset',
    request.preset,
    ...options,
    ...(request.output === undefined ? [] : ['--out', request.output]),
    ...(request.jobs === undefined ? [] : ['--jobs', String(request.jobs)]),
    ...(request.salvage ? ['--salvage'] : []),
    '--',
    ...request.inputs,
  ]);
}
