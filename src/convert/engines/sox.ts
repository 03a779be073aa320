import { isAbsolute } from 'node:path';
import type { ToolOutput, ToolPlan } from '../../process/toolPlan.ts';
import type { Engine, EngineRun, RawCall, Verdict } from '../engine.ts';
import type { SoxCall } from '../mediaWork.ts';
import { soxType } from './soxInputs.ts';
import { isLiteral, soxInputName, soxNames } from './soxNames.ts';
import { createSoxProgress } from './soxProgress.ts';
import { soxLines, soxMessages, soxRuns, tellsOfClipping, tellsOfLastPiece, tellsOfPrematureEnd, type SoxMessage } from './soxSays.ts';

type AnyCall = SoxCall | RawCall;

/**
 * No dither, which is noise by chance: the same input gives the same bytes. No threads: each worker is one. `-S` costs nothing that
 * can be measured and tells the runs of a group apart.
 */
const ALWAYS = ['-V2', '-D', '--single-threaded', '-S'];
/** Said again in front of a shorter run, which changes nothing: the runs of a sequence have the same number of words. */
const FILLER = '-D';

/** Address space. sox streams, and its `reverse` and `gain -n` go through temporary files; large spectrograms are held whole. */
const MEMORY = 4 * 2 ** 30;

/** sox starts in 5 ms, less than it takes us to start anything: the runs of a group are one start of ours. */
export const soxEngine: Engine<AnyCall> = {
  id: 'sox',
  group: { calls: 128, cost: 600 },
  plan,
  judge: judgeSox,
};

function plan(calls: readonly AnyCall[], { limits }: EngineRun): ToolPlan {
  const common = { tool: 'sox', limits: { ...limits, memory: MEMORY }, parse: (output: ToolOutput) => output } as const;
  const works = calls.filter((call): call is SoxCall => !('raw' in call));
  const names = works.map(soxNames);
  const runs = works.map((work, index) => wordsOf(work, names[index]?.output));
  const [raw] = calls.flatMap((call) => ('raw' in call ? [call.raw] : []));
  if (raw !== undefined || runs.length === 0) {
    return { ...common, args: ['-V2', ...refusePlaylists(raw ?? [])] };
  }
  const longest = Math.max(...runs.map(({ length }) => length));
  return {
    ...common,
    ...(runs.length === 1
      ? { args: [...ALWAYS, ...runs.flat()] }
      : { args: ALWAYS, sequence: runs.map((words) => [...new Array<string>(longest - words.length).fill(FILLER), ...words]) }),
    links: Object.assign({}, ...names.map(({ links }) => links)) as Readonly<Record<string, string>>,
    progress: () => createSoxProgress(runs.length),
  };
}

/** Without `--no-glob` sox would read `*` in a name, without `-t` it would go by the contents. */
function wordsOf({ source, format, output: to, effects }: SoxCall, output: string | undefined): readonly string[] {
  const type = soxType(source.container);
  if (type === undefined || !isAbsolute(source.path)) {
    throw new Error(`sox is not asked to read ${source.container} at ${source.path}`);
  }
  if (to === source.path) {
    throw new Error(`sox would empty ${source.path} before it is read`);
  }
  const input = ['--no-glob', '-t', type, soxInputName(source.path)];
  return output === undefined ? [...input, '-n', ...effects] : [...input, ...format, '--no-glob', output, ...effects];
}

/** A person's own arguments hold the paths of files that somebody else has named. */
function refusePlaylists(words: readonly string[]): readonly string[] {
  const playlist = words.find((word) => !isLiteral(word));
  if (playlist !== undefined) {
    throw new Error(`sox would take ${playlist} for a playlist, whatever is in it`);
  }
  return words;
}

/**
 * Exit 0 is not enough: sox gives it with a full disk, a truncated input or after SIGTERM. A message at level FAIL is a failure, one at
 * level WARN a complaint. Clipping is no complaint where a preset's own call did it, as the preset counts it and says so; of a
 * person's own arguments it is one.
 */
function judgeSox(output: ToolOutput, calls: readonly AnyCall[]): readonly Verdict[] {
  const [call] = calls;
  if (call === undefined || calls.length > 1) {
    return judgeRuns(output, calls);
  }
  const { exitCode, stderr } = output;
  const messages = complaints(soxLines(stderr), call);
  const isCut = exitCode === 0 && !('raw' in call) && soxRuns(stderr).length === 0;
  if (exitCode === 0 && messages.length === 0 && !isCut) {
    return [{ state: 'clean' }];
  }
  const words = messages.map(({ line }) => line);
  if (isCut) {
    words.push(`sox ended before it was done: ${soxLines(stderr).at(-1) ?? 'it said nothing'}`);
  } else if (words.length === 0) {
    words.push(`exit code ${exitCode}`);
  }
  const isFailure = exitCode !== 0 || isCut || messages.some(({ level }) => level === 'FAIL');
  return [{ state: isFailure ? 'failed' : 'complained', lines: words }];
}

/**
 * A run is clean where it named its input, alone did so, complained of nothing and went to its end. All others are run again in
 * smaller groups and at last alone, where nobody else's words can be taken for theirs.
 * Tags are among the words, so that a file may say anything; a run that names none of the inputs puts the whole group in doubt.
 */
function judgeRuns({ exitCode, stderr }: ToolOutput, calls: readonly AnyCall[]): readonly Verdict[] {
  const said = new Map<string, (readonly string[])[]>(calls.map((call) => [nameOf(call), []]));
  const strangers = soxRuns(stderr).filter(({ input = '', lines }) => said.get(input)?.push(lines) === undefined);
  const isClean = calls.map((call) => {
    const [lines, ...more] = said.get(nameOf(call)) ?? [];
    return lines !== undefined && more.length === 0 && complaints(lines, call).length === 0;
  });
  const isTold = strangers.length === 0 && (exitCode === 0 || isClean.includes(false));
  return isClean.map((clean) => ({ state: clean && isTold ? 'clean' : 'unknown' }));
}

function nameOf(call: AnyCall): string {
  return 'raw' in call ? '' : soxInputName(call.source.path);
}

function complaints(lines: readonly string[], call: AnyCall): readonly SoxMessage[] {
  return soxMessages(lines).filter(({ line }) => 'raw' in call || !isExpected(line, call));
}

function isExpected(line: string, { effects, isWhole }: SoxCall): boolean {
  const isLastPiece = effects.includes('newfile') && tellsOfLastPiece(line);
  return tellsOfClipping(line) || isLastPiece || (isWhole === true && tellsOfPrematureEnd(line));
}
