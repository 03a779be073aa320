import type { Call, Engine, EngineRun, Verdict } from '../engine.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolOutput } from '../../process/toolPlan.ts';
import type { FinishedRun, ToolRunner } from '../../process/toolRunner.ts';
import { ItemError, wordsOf } from './faults.ts';

/** What a call came to in the end. */
export type CallResult =
  | {
      readonly state: 'ran';
      readonly output: ToolOutput;
      /** Complaints, where it ran in spite of them. */
      readonly damage: readonly string[];
    }
  | { readonly state: 'failed'; readonly error: ItemError };

export interface CallRunner {
  readonly runner: ToolRunner;
  readonly engine: Engine;
  readonly run: EngineRun;
  readonly signal: AbortSignal;
  /** Told when a process begins or goes on: the calls in it, and the fraction of them that is done, where it tells. */
  readonly onProgress: (calls: readonly number[], fraction: number | undefined) => void;
  /** Called before a call is run again: what it wrote is to be removed. Throws where there is no sense in it. */
  readonly beforeAgain: (calls: readonly number[]) => void;
}

/** Lines of a tool's stderr that are kept with a failure. */
const TAIL = 20;

/**
 * Runs calls of one engine in one process. Where that leaves it open which of them failed, those in doubt are run again in
 * halves, down to single ones, so that one bad file costs one failure. Gives one result a call. Rejects with a `ToolError`
 * where no call could run: `notFound`, `cancelled`.
 */
export async function runCalls(calls: readonly Call[], context: CallRunner): Promise<readonly CallResult[]> {
  const results: CallResult[] = new Array<CallResult>(calls.length);
  await runSome(calls, calls.map((_, index) => index), context, results);
  return results;
}

async function runSome(calls: readonly Call[], chosen: readonly number[], context: CallRunner, results: CallResult[]): Promise<void> {
  const some = chosen.flatMap((index) => calls[index] ?? []);
  const { verdicts, finished, error } = await runOnce(some, chosen, context);
  const doubtful: number[] = [];
  for (const [position, index] of chosen.entries()) {
    const verdict = verdicts[position] ?? { state: 'unknown' };
    const call = some[position];
    if (verdict.state === 'unknown' && chosen.length > 1) {
      doubtful.push(index);
    } else if (call) {
      results[index] = resultOf(verdict, call, context, finished, chosen.length === 1, error);
    }
  }
  if (doubtful.length > 0) {
    context.beforeAgain(doubtful);
    const middle = Math.ceil(doubtful.length / 2);
    await runSome(calls, doubtful.slice(0, middle), context, results);
    if (doubtful.length > 1) {
      await runSome(calls, doubtful.slice(middle), context, results);
    }
  }
}

interface Ran {
  readonly verdicts: readonly Verdict[];
  readonly finished?: FinishedRun;
  readonly error?: unknown;
}

async function runOnce(some: readonly Call[], chosen: readonly number[], context: CallRunner): Promise<Ran> {
  const { runner, engine, run, signal, onProgress } = context;
  onProgress(chosen, undefined);
  try {
    const plan = engine.plan(some, run);
    const finished = await runner.execute(
      { ...plan, limits: { ...run.limits, ...plan.limits } },
      { signal, onProgress: (fraction) => onProgress(chosen, fraction) },
    );
    return { verdicts: engine.judge(finished.output, some), finished };
  } catch (error) {
    if (signal.aborted || ToolError.is(error, 'cancelled') || ToolError.is(error, 'notFound')) {
      throw error;
    }
    // Too slow, or too long a command line: alone, each call may fare better.
    return { verdicts: [], error };
  }
}

function resultOf(
  verdict: Verdict,
  call: Call,
  { runner, engine, run }: CallRunner,
  finished: FinishedRun | undefined,
  isAlone: boolean,
  error: unknown,
): CallResult {
  if (finished && verdict.state === 'clean') {
    return { state: 'ran', output: finished.output, damage: [] };
  }
  if (finished && verdict.state === 'complained' && run.salvage) {
    return { state: 'ran', output: finished.output, damage: verdict.lines };
  }
  const command = isAlone && finished ? finished.command : (runner.commandOf(engine.plan([call], run)) ?? []);
  if (!finished) {
    const toolError = ToolError.is(error) ? error : undefined;
    return {
      state: 'failed',
      error: new ItemError(wordsOf(error), { command, stderr: tail(toolError?.stderrTail ?? '') }),
    };
  }
  const { exitCode, stderr } = finished.output;
  const lines = 'lines' in verdict ? verdict.lines : [];
  const why = lines[0] ?? 'what it said cannot be told apart';
  // The exit code of a process that did several calls, or that says 0 of a failure, tells nothing of this one.
  const isTelling = isAlone && exitCode !== 0;
  const did = verdict.state === 'complained' ? 'complained' : isTelling ? `stopped with ${exitCode}` : 'failed';
  return {
    state: 'failed',
    error: new ItemError(`${engine.id} ${did} · ${why}`, {
      command,
      stderr: isAlone ? tail(stderr) : lines.slice(-TAIL).join('\n'),
      ...(isAlone && { exitCode }),
    }),
  };
}

/** As a terminal shows them: progress that was written over is gone. */
function tail(stderr: string): string {
  return stderr.trimEnd().split('\n').slice(-TAIL).map((line) => /[^\r]*(?=\r*$)/.exec(line)?.[0] ?? '').join('\n');
}
