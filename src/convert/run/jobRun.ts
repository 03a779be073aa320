import { randomBytes } from 'node:crypto';
import { absent } from '../../base/absent.ts';
import type { Toolbox } from '../../process/foundTool.ts';
import type { ToolState } from '../../process/toolSearch.ts';
import { ownIdentity } from '../../process/processIdentity.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { EngineId } from '../engine.ts';
import type { Engines } from '../engines/index.ts';
import type { ImageEngineChoice, JobCounts, JobStatus } from '../job.ts';
import type { OptionValues } from '../../recipe/option.ts';
import type { Preset } from '../preset.ts';
import { runBatch } from './batch.ts';
import { clearDeadRuns } from './deadRuns.ts';
import { wordsOf } from './faults.ts';
import type { JobFiles } from './jobFiles.ts';
import { openJournal, type Journal } from './journal.ts';
import { readJournal, type JournalState } from './journalState.ts';
import type { LimitsFor } from './limits.ts';
import { OutputFolders } from './outputFolders.ts';
import type { LedgerAccess } from './placer.ts';
import { readPlan, readTotals, type PlanTotals } from './planFile.ts';
import { ProgressMeter } from './progressMeter.ts';
import { Settlement } from './settlement.ts';
import { SmoothTime } from './smoothTime.ts';
import type { StatusFile } from './statusFile.ts';
import type { RunMark } from './tempNames.ts';
import type { Inspect } from './verifyOutput.ts';

/** What a request comes to on this machine. */
export interface RunSetup {
  readonly preset: Preset;
  readonly options: OptionValues;
  readonly salvage: boolean;
  readonly toolbox: Toolbox;
  readonly states: readonly ToolState[];
  readonly imageEngine: ImageEngineChoice;
  readonly runner: ToolRunner;
  readonly engines: Engines;
  readonly ledger: LedgerAccess;
  /** Stands for preset, revision and options in the ledger. */
  readonly recipe: string;
  readonly inspect: Inspect;
  /** The job's output folder. */
  readonly output: string;
  /** Processes at once, at most. */
  readonly workers: number;
  readonly cpus: number;
  readonly limitsFor: LimitsFor;
  /** What is to be written down of the whole before the job ends, whichever way. Gives what is wrong with it. */
  readonly conclude?: () => Promise<string | undefined>;
}

/** Running items that a status shows. */
const SHOWN = 8;

/**
 * Does what is left of a planned job, and says in its status how it ended. Whoever calls has the job to himself. Rejects only
 * where the job's own files cannot be written.
 */
export async function runJob(files: JobFiles, status: StatusFile, setup: RunSetup, signal: AbortSignal): Promise<void> {
  const totals = readTotals(files);
  const before = await readJournal(files.journal);
  await clearDeadRuns(before);
  const left = leftOf(totals, before);
  const workers = Math.max(1, Math.min(setup.workers, left.items));
  const mark: RunMark = { pid: process.pid, token: randomBytes(6).toString('hex') };
  const journal = openJournal(files.journal);
  const now = (): number => performance.now();
  const meter = new ProgressMeter({ total: weights(totals), settled: before.settledWeight, workers, now });
  const time = new SmoothTime(now);
  const settlement = new Settlement(journal, countsAtStart(totals, before), () => status.touch(picture));

  function picture(): Partial<JobStatus> {
    const running = meter.running();
    return {
      counts: settlement.counts,
      failures: settlement.failures,
      notes: settlement.notes,
      progress: meter.progress(),
      secondsLeft: time.next(meter.secondsLeft()),
      running: running.slice(0, SHOWN),
      runningMore: Math.max(0, running.length - SHOWN),
    };
  }

  try {
    journal.append([{ kind: 'run', ...mark, startTime: ownIdentity().startTime, at: Date.now() }]);
    await journal.sync();
    status.set({ ...picture(), state: 'running', startedAt: Date.now(), endedAt: undefined, problem: undefined });
    const stopped = await runBatch({
      ...setup,
      items: left.items === 0 ? nothing() : readPlan(files),
      left, before, workers, mark, journal, meter, settlement, signal,
      root: setup.output,
      folders: new OutputFolders(journal, before.madeFolders),
      threadsFor: ({ kind }) => (kind === 'video' ? Math.max(1, Math.floor(setup.cpus / workers)) : 1),
      onProgress: () => status.touch(picture),
    }).then(() => undefined, wordsOf);
    const untold = await end(journal);
    const unwritten = await setup.conclude?.().catch(wordsOf);
    const problem = stopped ?? untold ?? unwritten;
    const state = problem !== undefined ? 'failed' : signal.aborted ? 'cancelled' : 'done';
    const rest = { running: [], runningMore: 0, secondsLeft: absent('it has ended'), ...(state === 'done' && { progress: 1 }) };
    status.set({ ...picture(), ...rest, state, problem, endedAt: Date.now() });
  } finally {
    status.close();
    journal.close();
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** Says in the journal that the run is over: nothing is left to clear away. Gives why it cannot be said. */
async function end(journal: Journal): Promise<string | undefined> {
  try {
    journal.append([{ kind: 'ended', at: Date.now() }]);
    await journal.sync();
    return undefined;
  } catch (error) {
    return `The job’s journal cannot be written: ${wordsOf(error)}.`;
  }
}

function leftOf({ counts, weight }: PlanTotals, before: JournalState): { readonly items: number; readonly weight: number } {
  const settled = before.done + before.skipped.write + before.skipped.replace;
  const whole = Object.values(weight).reduce((sum, value) => sum + value, 0);
  return { items: Math.max(0, counts.write + counts.replace - settled), weight: Math.max(0, whole - before.settledWeight) };
}

function countsAtStart({ counts }: PlanTotals, { done, salvaged, skipped }: JournalState): JobCounts {
  return {
    write: counts.write - skipped.write,
    replace: counts.replace - skipped.replace,
    skip: counts.skip + skipped.write + skipped.replace,
    refuse: counts.refuse,
    done,
    failed: 0,
    salvaged,
  };
}

function weights({ weight }: PlanTotals): ReadonlyMap<EngineId, number> {
  return new Map(Object.entries(weight) as [EngineId, number][]);
}
