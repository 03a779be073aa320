import { join } from 'node:path';
import { bundlePath, type Installation } from '../../installation.ts';
import { createProber, type ProbeOptions } from '../../media/probe.ts';
import { availableCpus } from '../../process/cpus.ts';
import { createToolRunner } from '../../process/createToolRunner.ts';
import type { Toolbox } from '../../process/foundTool.ts';
import { toolboxOf } from '../../process/toolFinder.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { ToolSearch, ToolState } from '../../process/toolSearch.ts';
import { createEngines, type Engines } from '../engines/index.ts';
import type { ConvertRequest } from '../job.ts';
import type { OptionValues } from '../../recipe/option.ts';
import { resolveOptions } from '../optionValues.ts';
import { recipeKey } from '../plan/recipe.ts';
import type { Preset } from '../preset.ts';
import { findPreset } from './findPreset.ts';
import type { JobLog } from './jobLog.ts';
import { findJobTools } from './toolMemory.ts';
import type { Inspect } from './verifyOutput.ts';

export interface PrepareServices {
  readonly installation: Installation;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the job store's folder. */
  readonly store: string;
}

/** What a request comes to on this machine: its preset, and the tools for it. */
export interface PreparedJob {
  readonly request: ConvertRequest;
  readonly preset: Preset;
  readonly options: OptionValues;
  /** Stands for preset, revision and options in the ledger. */
  readonly recipe: string;
  readonly states: readonly ToolState[];
  readonly toolbox: Toolbox;
  readonly runner: ToolRunner;
  readonly engines: Engines;
  readonly ffprobe?: NonNullable<ProbeOptions['ffprobe']>;
  readonly inspect: Inspect;
  readonly cpus: number;
}

/** Throws a `RequestError` where the preset or an option does not fit. A tool that is not there is no error here. */
export async function prepareJob(
  request: ConvertRequest,
  services: PrepareServices,
  log: JobLog,
  signal: AbortSignal,
): Promise<PreparedJob> {
  const { store, installation, env } = services;
  const preset = await findPreset(request);
  const options = resolveOptions(preset.options, request.options);
  const search: ToolSearch = {
    env,
    paths: request.toolPaths,
    sharpWorker: bundlePath(installation, 'sharpWorker'),
    never: request.noToolsFrom ?? [],
  };
  const engines = [preset, ...(preset.stages ?? [])].flatMap(({ methods }) => methods.map(({ engine }) => engine));
  const wanted = [...new Set(engines), 'ffprobe'] as const;
  const { states, wrappers } = await findJobTools(search, wanted, join(store, 'tools.json'));
  const toolbox = toolboxOf(states);
  const runner = createToolRunner({ tools: toolbox, env, wrappers, log: (line) => log.write(line) });
  // Not in the job's log, which would be full of it.
  const quiet = createToolRunner({ tools: toolbox, env, wrappers });
  const ffprobe: ProbeOptions['ffprobe'] = toolbox.has('ffprobe') ? (plan) => quiet.run(plan) : undefined;
  const prober = createProber();
  return {
    request, preset, options, states, toolbox, runner,
    ...(ffprobe && { ffprobe }),
    recipe: recipeKey(preset, options),
    engines: createEngines(installation),
    inspect: (path) => prober.probeFast(path) ?? prober.probe(path, { signal, ...(ffprobe && { ffprobe }) }),
    cpus: availableCpus(),
  };
}
