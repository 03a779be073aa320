import { parseArgs } from 'node:util';

/** What was typed, not yet held to any preset. */
export interface ConvertArguments {
  readonly preset: string;
  /** Names and values of options, as typed. */
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly out?: string;
  readonly jobs?: number;
  readonly dryRun: boolean;
  readonly salvage: boolean;
  readonly json: boolean;
  readonly paths: readonly string[];
}

const MOST_JOBS = 1024;

const OPTIONS = {
  preset: { type: 'string', short: 'p' },
  set: { type: 'string', multiple: true },
  out: { type: 'string', short: 'o' },
  jobs: { type: 'string', short: 'j' },
  'dry-run': { type: 'boolean' },
  salvage: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `help` where it is asked for; text says what is wrong with the arguments. */
export function parseConvertArguments(args: readonly string[]): ConvertArguments | 'help' | { readonly fault: string } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    return { fault: (error as Error).message };
  }
  const { values, positionals } = parsed;
  if (values.help) {
    return 'help';
  }
  if (values.preset === undefined) {
    return { fault: 'Which conversion? Name one with --preset; trainyard presets lists them.' };
  }
  if (positionals.length === 0) {
    return { fault: 'Which files? Name files, folders or manifests.' };
  }
  const set = (values.set ?? []).map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const);
  const odd = (values.set ?? []).find((text) => text.indexOf('=') < 1);
  if (odd !== undefined) {
    return { fault: `--set takes name=value, not ${odd}` };
  }
  const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS)) {
    return { fault: `--jobs takes a whole number from 1 to ${MOST_JOBS}, not ${values.jobs}` };
  }
  return {
    preset: values.preset,
    set,
    ...(values.out !== undefined && { out: values.out }),
    ...(jobs !== undefined && { jobs }),
    dryRun: values['dry-run'] ?? false,
    salvage: values.salvage ?? false,
    json: values.json ?? false,
    paths: positionals,
  };
}
