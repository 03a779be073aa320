import { resolve } from 'node:path';
import type { ConvertRequest } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { OptionValue } from '../../recipe/option.ts';
import { parseOption, resolveOptions } from '../optionValues.ts';
import type { Preset } from '../preset.ts';
import { RequestError } from '../requestError.ts';
import type { CliIo } from '../../base/cliIo.ts';
import { answering } from './answering.ts';
import { carryOut } from './carryOut.ts';
import { parseConvertArguments, type ConvertArguments } from './convertArguments.ts';

export interface ConvertServices {
  readonly jobs: Jobs;
  /** The shipped presets, and the person's own after them. */
  readonly presets: readonly Preset[];
  /** What is wrong with those of the person's own that cannot be used; told where one of them may be meant. */
  readonly presetProblems: readonly string[];
  /** What stands in settings and not on the command line. */
  readonly settings: Pick<ConvertRequest, 'imageEngine' | 'toolPaths' | 'customPresets' | 'noToolsFrom'>;
}

const USAGE = `trainyard convert --preset ID [options] PATH…

Converts files, the files in folders, and the files that manifests (JSONL, CSV, TSV) name. Outputs go to a new folder; nothing of
yours is overwritten. What was done before and has not changed is not done again.
  --preset ID        which conversion; trainyard presets lists them
  --set NAME=VALUE   an option of it; may be given several times
  --out DIR          the output folder, instead of a new one beside the inputs
  --jobs N           files at once, instead of one a CPU
  --dry-run          print the plan and write nothing
  --salvage          keep damaged outputs that can be decoded, and tell the damage
  --json             JSON lines: one an item, then a summary
Exit codes: 0 all done, 1 something is wrong with the request, 17 some items failed, 130 cancelled.
`;

/** `trainyard convert …`. Resolves to the exit code. `services` is asked for when the arguments make sense. */
export function convert(args: readonly string[], io: CliIo, services: () => Promise<ConvertServices>): Promise<number> {
  return answering(args, io, {
    usage: USAGE,
    parse: parseConvertArguments,
    async answer(parsed, report) {
      const found = await services();
      return carryOut(requestOf(parsed, io.cwd, found), { ...parsed, io, report, jobs: found.jobs });
    },
  });
}

function requestOf(args: ConvertArguments, cwd: string, { presets, presetProblems, settings }: ConvertServices): ConvertRequest {
  const preset = presets.find(({ id }) => id === args.preset);
  if (preset === undefined) {
    const near = nearest(args.preset, presets);
    const words = [`There is no preset “${args.preset}”. ${near}trainyard presets lists them all.`, ...presetProblems];
    throw new RequestError('preset', words.join(' '));
  }
  const options = Object.fromEntries(args.set.map(([name, text]) => [name, valueOf(preset, name, text)]));
  resolveOptions(preset.options, options);
  return {
    ...settings,
    preset: preset.id,
    options,
    inputs: args.paths.map((path) => resolve(cwd, path)),
    salvage: args.salvage,
    ...(args.out !== undefined && { output: resolve(cwd, args.out) }),
    ...(args.jobs !== undefined && { jobs: args.jobs }),
  };
}

/** An option that is not there is left for `resolveOptions` to complain of. */
function valueOf(preset: Preset, name: string, text: string): OptionValue {
  const spec = Object.hasOwn(preset.options, name) ? preset.options[name] : undefined;
  return spec === undefined ? text : parseOption(name, spec, text);
}

function nearest(id: string, presets: readonly Preset[]): string {
  const part = id.slice(id.indexOf('.') + 1);
  const near = presets.filter((preset) => preset.id.includes(part));
  return part === '' || near.length === 0 ? '' : `There is ${near.map((preset) => preset.id).join(', ')}. `;
}
