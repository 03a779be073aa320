import { rmSync } from 'node:fs';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { Call, Engine, EngineId, EngineRun } from '../engine.ts';
import type { Engines } from '../engines/index.ts';
import { isDiskFull, JobProblem } from './faults.ts';
import { advance, discardTemporary, makePlaces, type ItemRun, type Step } from './itemRun.ts';
import type { LimitsFor } from './limits.ts';
import type { Finished } from './placer.ts';
import type { Portion } from './progressMeter.ts';
import { runCalls, type CallResult, type CallRunner } from './runCalls.ts';
import { hasNextStage, nextStage, type StageSetup } from './stages.ts';

/** An item whose method has made its first call. */
export interface Begun {
  readonly run: ItemRun;
  readonly call: Call;
}

export interface GroupSetup extends StageSetup {
  readonly runner: ToolRunner;
  /** Of the first calls. */
  readonly engine: Engine;
  /** Steps of a recipe may go on with others. */
  readonly engines: Engines;
  readonly threads: number;
  readonly limitsFor: LimitsFor;
  readonly portion: Portion;
  /** Calls that this preset's methods were seen to make for one item. */
  readonly callsSeen: { most: number };
  readonly onProgress: () => void;
  /** Told of each item that came to nothing; its temporary file is still there. */
  readonly onError: (run: ItemRun, error: unknown) => void;
}

/**
 * Runs a group's first calls in one process, then what each method still has to do. Gives the items whose methods came to their
 * end; what they wrote is yet to be verified. Rejects where the job cannot go on, or was cancelled.
 */
export async function workGroup(group: readonly Begun[], setup: GroupSetup): Promise<readonly Finished[]> {
  const results = await runFirst(group, setup);
  const finished: Finished[] = [];
  for (const [index, { run }] of group.entries()) {
    setup.signal.throwIfAborted();
    try {
      finished.push({ run, outcome: await finishSteps(run, results[index], index, setup) });
    } catch (error) {
      setup.onError(run, error);
    }
  }
  return finished;
}

function runFirst(group: readonly Begun[], setup: GroupSetup): Promise<readonly CallResult[]> {
  const { callsSeen, portion, onProgress } = setup;
  const cost = group.reduce((sum, { run }) => sum + run.item.cost, 0);
  return runCalls(group.map(({ call }) => call), {
    ...setup,
    run: engineRun(setup.engine.id, cost, setup),
    onProgress: seldom((chosen, fraction) => {
      portion.update(chosen, fraction && fraction / callsSeen.most);
      onProgress();
    }),
    beforeAgain: (chosen) => clearAway(chosen.flatMap((index) => group[index]?.run ?? [])),
  });
}

async function finishSteps(run: ItemRun, first: CallResult | undefined, index: number, setup: GroupSetup): Promise<Finished['outcome']> {
  const { callsSeen, portion } = setup;
  let step = stepOn(run, first);
  const notes: string[] = [];
  for (let calls = 1; 'call' in step || hasNextStage(run); calls++) {
    if ('outcome' in step) {
      notes.push(...(step.outcome.notes ?? []));
      step = await nextStage(run, setup);
      continue;
    }
    callsSeen.most = Math.max(callsSeen.most, calls + 1);
    const engine = engineFor(step.call.engine, setup);
    const [result] = await runCalls([step.call], {
      ...setup,
      engine,
      run: engineRun(engine.id, run.item.cost, setup),
      onProgress: seldom((_, fraction) => {
        portion.update([index], (calls + (fraction ?? 0)) / callsSeen.most);
        setup.onProgress();
      }),
      beforeAgain: () => {},
    });
    step = stepOn(run, result);
  }
  if (run.stepsFolder !== undefined) {
    rmSync(run.stepsFolder, { recursive: true, force: true });
  }
  return notes.length === 0 ? step.outcome : { ...step.outcome, notes: [...notes, ...(step.outcome.notes ?? [])] };
}

function engineFor(id: EngineId, { engines }: GroupSetup): Engine {
  const engine = engines.get(id);
  if (engine === undefined) {
    throw new JobProblem(`There is no engine ${id}.`);
  }
  return engine;
}

function stepOn(run: ItemRun, result: CallResult | undefined): Step {
  if (result?.state !== 'ran') {
    throw result?.error ?? new Error('a call was given no result');
  }
  // Some tools say the same again and again, and a method that reads its input twice meets the same damage twice.
  run.damage.push(...[...new Set(result.damage)].filter((line) => !run.damage.includes(line)));
  return advance(run, result.output);
}

function engineRun(engine: EngineId, cost: number, { threads, salvage, limitsFor }: GroupSetup): EngineRun {
  return { salvage, limits: limitsFor(engine, cost, threads) };
}

/** What a failed process has written of these is removed, so that no second run meets it. */
function clearAway(runs: readonly ItemRun[]): void {
  const full = runs.find(({ folder }) => isDiskFull(folder));
  if (full) {
    throw new JobProblem(`There is no room left in ${full.folder}: the disk is full.`);
  }
  for (const run of runs) {
    discardTemporary(run);
    makePlaces(run);
  }
}

type OnProgress = CallRunner['onProgress'];

/** Milliseconds between two looks at a process that tells more often. */
const PAUSE = 100;

/** Passes on that a process began, and then no more than ten words a second: sox says several for each short file. */
function seldom(onProgress: OnProgress): OnProgress {
  let next = 0;
  return (chosen, fraction) => {
    const now = performance.now();
    if (fraction === undefined || now >= next) {
      next = now + PAUSE;
      onProgress(chosen, fraction);
    }
  };
}
