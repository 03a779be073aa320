import { appendFileSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { LedgerEntry } from '../../../src/convert/ledger.ts';
import { median, take, type Command } from '../measure.ts';
import { against, alone, type Bench } from '../row.ts';
import { ourRun, type Conversion } from './conversion.ts';
import { makeManyWavs } from '../inputs.ts';

const FILES = 100_000;
const ROUNDS = 3;

/** (e) Planning 100,000 files, beside what it costs to find them; (f) a batch of as many that are all done already. */
export const manyFiles: Bench = {
  room: 'convert',
  name: 'plan',
  async run(context) {
    const { folder, say } = context;
    const inputs = join(folder, 'many');
    const names = makeManyWavs(inputs, FILES);
    const conversion: Conversion = { preset: 'audio.wav-16k-mono', inputs, again: true };
    const run = ourRun(context, conversion);
    const planning: Command = { ...run.command, argv: run.command.argv.map((word) => (word === '--json' ? '--dry-run' : word)) };
    const find: Command = { argv: ['find', inputs, '-type', 'f', '-printf', '%s\t%p\n'] };

    const plan = await repeat(planning);
    const found = await repeat(find);
    say('filling the record of what was done …');
    await doOneAndRecordAll(run, inputs, names);
    const noop = await repeat(run.command);
    return [
      against('convert', 'plan 100,000 WAV, beside find', plan.seconds, found.seconds, null),
      alone('convert', 'plan 100,000 WAV, memory', plan.megabytes, null, 'MB'),
      against('convert', '100,000 WAV that are all done, beside find', noop.seconds, found.seconds, null),
      alone('convert', '100,000 WAV that are all done, memory', noop.megabytes, null, 'MB'),
    ];
  },
};

async function repeat(command: Command): Promise<{ seconds: number; megabytes: number }> {
  const runs = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const taken = await take(command);
    if (round > 0) {
      runs.push(taken);
    }
  }
  return { seconds: median(runs.map(({ seconds }) => seconds)), megabytes: median(runs.map(({ megabytes }) => megabytes)) };
}

/**
 * Converts one file and enters the others as if each had been converted like it: their outputs are copies of its output. Really
 * converting 100,000 files would take the bench a quarter of an hour, and the run that is measured sees no difference.
 */
async function doOneAndRecordAll({ output, store, command }: ReturnType<typeof ourRun>, inputs: string, names: readonly string[]): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  rmSync(store, { recursive: true, force: true });
  const [first = '', ...others] = names;
  await take({ ...command, argv: [...command.argv.slice(0, -1), first] });
  const ledger = join(store, 'ledgers', readdirSync(join(store, 'ledgers'))[0] ?? '');
  const entry = readFileSync(ledger, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as LedgerEntry).find((line) => 'output' in line);
  if (entry === undefined) {
    throw new Error('the first conversion was not entered');
  }
  const made = join(output, entry.output);
  const enter = (input: string): LedgerEntry => {
    const within = relative(inputs, input);
    const target = join(output, within);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(made, target);
    return { ...entry, input, output: within, inputStamp: stampOf(input), outputStamp: stampOf(target) };
  };
  const lines = [first, ...others].map((input) => `${JSON.stringify(enter(input))}\n`);
  appendFileSync(ledger, lines.join(''));
}

function stampOf(path: string): string {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return `${size}:${mtimeNs}`;
}
