import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CliIo } from '../../base/cliIo.ts';
import { formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { JobStatus } from '../job.ts';
import type { JobStore } from '../jobStore.ts';
import { recipeRequest } from '../recipe/recipeRequest.ts';
import { RequestError } from '../requestError.ts';
import { answering } from './answering.ts';
import { carryOut } from './carryOut.ts';
import type { ConvertServices } from './convert.ts';
import { PAGE } from './report.ts';

const USAGE = `trainyard run RECIPE [options]

Runs a recipe (NAME.recipe.yaml): brings its inputs to its outputs, step by step, and writes NAME.recipe.lock beside it. What was done
before and has not changed is not done again; what is done again is told with the reason.
  --dry-run    print what would be done and why, and write nothing
  --only WHAT  only these inputs: a pattern as in the recipe, a path, or a file's name; may be given several times
  --jobs N     files at once, instead of the recipe's concurrency
  --json       JSON lines: one an item, then a summary
Exit codes: 0 all done, 1 something is wrong with the recipe, 17 some items failed, 130 cancelled.
`;

const MOST_JOBS = 1024;

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  only: { type: 'string', multiple: true },
  jobs: { type: 'string', short: 'j' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface RunArguments {
  readonly recipe: string;
  readonly only: readonly string[] | undefined;
  readonly jobs: number | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `trainyard run RECIPE`. Resolves to the exit code. */
export function run(args: readonly string[], io: CliIo, services: () => Promise<ConvertServices>): Promise<number> {
  return answering(args, io, {
    usage: USAGE,
    parse,
    async answer(parsed, report) {
      const file = resolve(io.cwd, parsed.recipe);
      const only = parsed.only?.map((pattern) => (existsSync(resolve(io.cwd, pattern)) ? resolve(io.cwd, pattern) : pattern));
      const recipe = { file, text: textOf(file), ...(only && { only }) };
      const { jobs, settings } = await services();
      const onPlanned = async ({ id }: JobStatus): Promise<void> => io.out(await reasonLines(jobs.store, id));
      return carryOut(recipeRequest(recipe, settings, parsed.jobs), { ...parsed, io, jobs, report, ...(!parsed.json && { onPlanned }) });
    },
  });
}

/** `2 files again: input changed`, one line a reason; new files need none. */
async function reasonLines(store: JobStore, id: string): Promise<string> {
  const reasons = new Map<string, number>();
  for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
    const page = await store.plan(id, offset, PAGE, { actions: ['write', 'replace'] });
    total = page.total;
    page.items.filter(({ reason }) => reason !== 'new').forEach(({ reason }) => reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
  }
  return [...reasons].map(([reason, count]) => `${formatCountOf(count, 'file')} again: ${printable(reason)}\n`).join('');
}

function parse(args: readonly string[]): RunArguments | 'help' | { readonly fault: string } {
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
  const [recipe, ...others] = positionals;
  if (recipe === undefined || others.length > 0) {
    return { fault: recipe === undefined ? 'Which recipe? Name a file, such as speech.recipe.yaml.' : 'One recipe at a time.' };
  }
  const jobs = values.jobs === undefined ? undefined : Number(values.jobs);
  if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS)) {
    return { fault: `--jobs takes a whole number from 1 to ${MOST_JOBS}, not ${values.jobs}` };
  }
  return { recipe, only: values.only, jobs, dryRun: values['dry-run'] ?? false, json: values.json ?? false };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new RequestError('recipe', code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${message}`);
  }
}
