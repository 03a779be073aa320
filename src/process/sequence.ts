import type { Command, CommandOptions, CommandResult } from './runCommand.ts';
import { runCommand } from './runCommand.ts';

/** Bytes of one run's words, below what every xargs and system takes. */
const LONGEST_RUN = 100_000;

export interface SequenceInput {
  /** Words of each run. */
  readonly length: number;
  /** All words of all runs, each ended by a NUL. */
  readonly text: string;
}

/**
 * What xargs is to read. undefined where it could not do it: runs without words of their own, or with more than fit one
 * command. Throws a RangeError where a word holds a NUL or the runs differ in length, which would shift words from one run
 * into the next.
 */
export function sequenceInput(words: readonly string[], runs: readonly (readonly string[])[]): SequenceInput | undefined {
  const length = runs[0]?.length ?? 0;
  if (runs.some((run) => run.length !== length)) {
    throw new RangeError('the runs of a sequence differ in length');
  }
  if (runs.some((run) => run.some((word) => word.includes('\0')))) {
    throw new RangeError('a word of a sequence holds a NUL');
  }
  const fixed = bytesOf(words);
  if (length === 0 || runs.some((run) => fixed + bytesOf(run) > LONGEST_RUN)) {
    return undefined;
  }
  return { length, text: runs.map((run) => `${run.join('\0')}\0`).join('') };
}

/** The same as xargs does, one start of ours each: the slow way, for where there is no xargs or it could not. */
export async function runOneByOne(command: Command, runs: readonly (readonly string[])[], options: CommandOptions): Promise<CommandResult> {
  const startedAt = performance.now();
  const results: CommandResult[] = [];
  for (const run of runs) {
    const wallSeconds = options.wallSeconds && Math.max(0, options.wallSeconds - (performance.now() - startedAt) / 1000);
    const result = await runCommand({ ...command, words: [...command.words, ...run] }, { ...options, wallSeconds });
    results.push(result);
    if (result.ended !== undefined || result.exitCode >= 128) {
      break;
    }
  }
  const ended = results.at(-1)?.ended;
  return {
    exitCode: results.find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0,
    stdout: results.map(({ stdout }) => stdout).join(''),
    stderr: results.map(({ stderr }) => stderr).join(''),
    leftOut: results.reduce((sum, { leftOut }) => sum + leftOut, 0),
    ms: performance.now() - startedAt,
    ...(ended !== undefined && { ended }),
  };
}

function bytesOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
}
