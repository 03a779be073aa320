import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { take, type Command, type Contender } from '../measure.ts';
import type { BenchContext } from '../row.ts';

export interface Conversion {
  readonly preset: string;
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  /** Folder of the inputs. */
  readonly inputs: string;
  /** How many outputs there must be in the end. */
  readonly outputs: number;
  /** Keep what was done in an earlier run, so that this one finds nothing to do. */
  readonly again?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Our own command line, run as a user runs it: plan, conversion, verification, renaming and journal included. */
export function ourRun({ root, folder }: BenchContext, conversion: Conversion): Contender & { readonly output: string; readonly store: string } {
  const output = join(folder, `ours-${conversion.preset}`);
  const store = join(folder, `store-${conversion.preset}`);
  return {
    output,
    store,
    prepare: () => {
      if (!conversion.again) {
        rmSync(output, { recursive: true, force: true });
        rmSync(store, { recursive: true, force: true });
      }
    },
    command: ourCommand(root, conversion, output, store),
  };
}

function ourCommand(root: string, { preset, set = {}, inputs, env }: Conversion, output: string, store: string): Command {
  const options = Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return {
    argv: [process.execPath, join(root, 'dist/cli.js'), 'convert', '--preset', preset, ...options, '--out', output, '--json', inputs],
    env: { TRAINYARD_STORE: store, ...env },
  };
}

export function countFiles(folder: string): number {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length : 0;
}

/** The same for one file alone: the command that our run gave to the tool, with its input and output to be put in. */
export async function singleCommand(context: BenchContext, conversion: Conversion): Promise<(input: string, output: string) => readonly string[]> {
  const run = ourRun(context, conversion);
  run.prepare();
  const { stdout } = await take(run.command);
  const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}') as { firstCommand?: readonly string[]; firstInput?: string; firstOutput?: string };
  const { firstCommand, firstInput, firstOutput } = summary;
  if (!firstCommand || !firstInput || !firstOutput) {
    throw new Error('the summary of the run does not say what was run first');
  }
  return (input, output) => firstCommand.map((argument) => argument.replace(firstInput, input).replace(firstOutput, output));
}

/** GNU parallel, two at a time, over commands that are written out; its citation notice is silenced as its manual asks. */
export function parallelRun(folder: string, commands: (output: string) => readonly (readonly string[])[], outputs: number): Contender {
  return shellLines(folder, commands, outputs, ['parallel', '--will-cite', '-j2']);
}

/** The same commands by xargs, two at a time, each in a shell-less start of its own. */
export function xargsRun(folder: string, commands: (output: string) => readonly (readonly string[])[], outputs: number): Contender {
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
export function serialRun(folder: string, commands: (output: string) => readonly (readonly string[])[], outputs: number): Contender {
  return shellLines(folder, commands, outputs, ['sh', '-e']);
}

function shellLines(folder: string, commands: (output: string) => readonly (readonly string[])[], _outputs: number, argv: readonly string[]): Contender {
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

export function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
}
