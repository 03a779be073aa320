import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FoundTool } from '../../../../process/foundTool.ts';
import type { MediaToolId, ToolPlan } from '../../../../process/toolPlan.ts';
import type { ToolRunner } from '../../../../process/toolRunner.ts';
import { parseEncoders, parseFilters, parseHelp, parseMuxers, type Listed, type ListedCoder, type ListedFilter, type ToolHelp } from './parseFfmpeg.ts';
import { parseEffectNames, parseEffects, parseOperators, parseWritableFormats } from './parseOthers.ts';

/** What the installed tools say of themselves; undefined where a tool is not there, or does not answer. Asked for once a build. */
export interface ToolFacts {
  readonly found: (tool: MediaToolId) => FoundTool | undefined;
  filters(): Promise<readonly ListedFilter[] | undefined>;
  /** null: there is no such filter. */
  filter(name: string): Promise<ToolHelp | null | undefined>;
  encoders(): Promise<readonly ListedCoder[] | undefined>;
  encoder(name: string): Promise<ToolHelp | null | undefined>;
  muxers(): Promise<readonly Listed[] | undefined>;
  effects(): Promise<readonly Listed[] | undefined>;
  operators(): Promise<readonly string[] | undefined>;
  formats(): Promise<readonly string[] | undefined>;
}

export interface ToolFactsOptions {
  readonly tools: ReadonlyMap<string, FoundTool>;
  readonly runner: ToolRunner;
  /** Absolute path of the folder that answers are kept in. */
  readonly cache: string;
  readonly log: (message: string, error?: unknown) => void;
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** Raised whenever answers are kept in another form. */
const FORMAT = 1;

export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trainyard', 'tools');
}

/** Answers are kept by the tool's build (path, banner, size and time of the binary), in memory and on disk. */
export function createToolFacts(options: ToolFactsOptions): ToolFacts {
  const answers = new Map<string, Promise<unknown>>();

  function ask<T>(tool: MediaToolId, args: readonly string[], parse: (text: string) => T): Promise<T | undefined> {
    const found = options.tools.get(tool);
    if (found === undefined) {
      return Promise.resolve(undefined);
    }
    const key = `${tool} ${args.join(' ')}`;
    const known = answers.get(key) ?? answer(found, tool, key, args, parse);
    answers.set(key, known);
    return known as Promise<T | undefined>;
  }

  async function answer<T>(found: FoundTool, tool: MediaToolId, key: string, args: readonly string[], parse: (text: string) => T): Promise<T | undefined> {
    const file = join(options.cache, `${found.buildId}-${FORMAT}`, `${encodeURIComponent(key)}.json`);
    const kept = read<T>(file);
    if (kept !== undefined) {
      return kept.value;
    }
    try {
      const value = await options.runner.run(helpPlan(tool, args, parse));
      keep(file, value);
      return value;
    } catch (error) {
      options.log(`${tool} did not tell of itself`, error);
      return undefined;
    }
  }

  const help = (kind: 'filter' | 'encoder', name: string): Promise<ToolHelp | null | undefined> =>
    NAME.test(name) ? ask('ffmpeg', ['-hide_banner', '-h', `${kind}=${name}`], (text) => parseHelp(text) ?? null) : Promise.resolve(null);

  return {
    found: (tool) => options.tools.get(tool),
    filters: () => ask('ffmpeg', ['-hide_banner', '-filters'], parseFilters),
    filter: (name) => help('filter', name),
    encoders: () => ask('ffmpeg', ['-hide_banner', '-encoders'], parseEncoders),
    encoder: (name) => help('encoder', name),
    muxers: () => ask('ffmpeg', ['-hide_banner', '-muxers'], parseMuxers),
    async effects() {
      const [names, usages] = await Promise.all([ask('sox', ['--help'], parseEffectNames), ask('sox', ['--help-effect', 'all'], parseEffects)]);
      return names?.map((name) => usages?.find((usage) => usage.name === name) ?? { name, about: name });
    },
    operators: () => ask('imagemagick', ['-list', 'command'], parseOperators),
    formats: () => ask('imagemagick', ['-list', 'format'], parseWritableFormats),
  };
}

function helpPlan<T>(tool: MediaToolId, args: readonly string[], parse: (text: string) => T): ToolPlan<T> {
  return {
    tool, args,
    exitCodes: [0, 1],
    limits: { wallSeconds: 20, cpuSeconds: 20 },
    parse: ({ stdout, stderr }) => parse(stdout === '' ? stderr : stdout),
  };
}

function read<T>(file: string): { readonly value: T } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { readonly value: T };
  } catch {
    return undefined;
  }
}

function keep(file: string, value: unknown): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ value }), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // Then it is asked again the next time.
  }
}
