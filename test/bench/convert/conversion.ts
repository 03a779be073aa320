import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageEngineChoice, JobStatus, PlanItem } from '../../../src/convert/job.ts';
import { saveSettings } from '../../../src/convert/savedSettings.ts';
import { take, type Command, type Contender, type Taken } from '../measure.ts';
import type { BenchContext } from '../row.ts';

export interface Conversion {
  readonly preset: string;
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  /** Folder of the inputs. */
  readonly inputs: string;
  /** Keep what was done in an earlier run, so that this one finds nothing to do. */
  readonly again?: boolean;
  /** Image engine; the one that is faster where left out. */
  readonly engine?: ImageEngineChoice;
}

/** Our own command line, run as a user runs it: plan, conversion, verification, renaming and journal included. */
export function ourRun({ root, folder }: BenchContext, conversion: Conversion): Contender & { readonly output: string; readonly store: string } {
  const output = join(folder, `ours-${nameOf(conversion)}`);
  const store = join(folder, `store-${nameOf(conversion)}`);
  return {
    output,
    store,
    prepare: () => {
      if (!conversion.again) {
        rmSync(output, { recursive: true, force: true });
        forgetConversions(store);
      }
      if (conversion.engine) {
        saveSettings(store, { imageEngine: conversion.engine, toolPaths: {}, customPresets: [] });
      }
    },
    command: ourCommand(root, conversion, output, store),
  };
}

/** Of our own run, the batch alone: from the first process to the last entry in the journal, without start and plan. */
export function batchSeconds({ stdout }: Taken): number {
  return (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}') as { seconds: number }).seconds;
}

/** All but which tools were found, which a machine knows after the first conversion. */
function forgetConversions(store: string): void {
  for (const name of existsSync(store) ? readdirSync(store) : []) {
    if (name !== 'tools.json') {
      rmSync(join(store, name), { recursive: true, force: true });
    }
  }
}

function ourCommand(root: string, { preset, set = {}, inputs }: Conversion, output: string, store: string): Command {
  const options = Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return {
    argv: [process.execPath, join(root, 'dist/cli.js'), 'convert', '--preset', preset, ...options, '--out', output, '--json', inputs],
    env: { TRAINYARD_STORE: store },
  };
}

function nameOf({ preset, engine = 'auto' }: Conversion): string {
  return `${preset}-${engine}`;
}

/** The same for one file alone: the command that our run shows for its first file, with another input and output put in. */
export async function singleCommand(context: BenchContext, conversion: Conversion): Promise<(input: string, output: string) => readonly string[]> {
  const run = ourRun(context, conversion);
  await run.prepare();
  await take(run.command);
  const [job = ''] = readdirSync(run.store).filter((name) => existsSync(join(run.store, name, 'plan.jsonl')));
  const read = (name: string): string => readFileSync(join(run.store, job, name), 'utf8');
  const { firstCommand } = JSON.parse(read('status.json')) as JobStatus;
  const first = JSON.parse(read('plan.jsonl').split('\n')[0] ?? '{}') as PlanItem;
  const { input, output } = first;
  if (firstCommand === undefined || output === undefined) {
    throw new Error('the job does not say what was run first');
  }
  return (otherInput, otherOutput) => firstCommand.map((word) => word.replace(input, otherInput).replace(output, otherOutput));
}

/** GNU parallel, two at a time, over commands that are written out; its citation notice is silenced as its manual asks. */
export function parallelRun(folder: string, commands: (output: string) => readonly (readonly string[])[]): Contender {
  return shellLines(folder, commands, ['parallel', '--will-cite', '-j2']);
}

/** The same commands by xargs, two at a time, each in a shell-less start of its own. */
export function xargsRun(folder: string, commands: (output: string) => readonly (readonly string[])[]): Contender {
  const lines = commands(folder);
  const [first = []] = lines;
  const fixed = commonStart(lines);
  return {
    prepare: () => emptied(folder),
    command: {
      argv: ['xargs', '-0', '-P2', '-n', String(first.length - fixed), ...first.slice(0, fixed)],
      stdin: lines.flatMap((line) => line.slice(fixed)).map((argument) => `${argument}\0`).join(''),
    },
  };
}

/** One after the other, as a loop in a shell script does it. */
export function serialRun(folder: string, commands: (output: string) => readonly (readonly string[])[]): Contender {
  return shellLines(folder, commands, ['sh', '-e']);
}

function shellLines(folder: string, commands: (output: string) => readonly (readonly string[])[], argv: readonly string[]): Contender {
  return {
    prepare: () => emptied(folder),
    command: { argv, stdin: commands(folder).map((command) => `${command.map(quoted).join(' ')}\n`).join('') },
  };
}

function emptied(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

function commonStart(lines: readonly (readonly string[])[]): number {
  const [first = []] = lines;
  const index = first.findIndex((argument, at) => lines.some((line) => line[at] !== argument));
  return index < 0 ? first.length : index;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
