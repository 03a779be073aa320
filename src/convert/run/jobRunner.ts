import { existsSync } from 'node:fs';
import { ownIdentity } from '../../process/processIdentity.ts';
import type { JobStatus } from '../job.ts';
import { openLedger } from '../ledger.ts';
import { RequestError } from '../requestError.ts';
import { wordsOf } from './faults.ts';
import { jobFiles, readRequest, readStatus, type JobFiles } from './jobFiles.ts';
import { openJobLog } from './jobLog.ts';
import { makeJobPlan } from './jobPlanning.ts';
import { runJob } from './jobRun.ts';
import { limitsFor } from './limits.ts';
import { takeOwnership } from './ownerLock.ts';
import { prepareJob, type PreparedJob, type PrepareServices } from './preparedJob.ts';
import { StatusFile } from './statusFile.ts';

export type JobRunnerServices = PrepareServices;

export interface JobRunOptions {
  /** Ends the job as cancelled. */
  readonly signal: AbortSignal;
  readonly onStatus?: (status: JobStatus) => void;
}

/** Plans and runs jobs in this process. How a job ends stands in its status. */
export interface JobRunner {
  /** Throws a `RequestError` where there is no such job or another process has it. */
  plan(id: string, options: JobRunOptions): Promise<void>;
  /** Runs a planned job, or what is left of an interrupted one; plans it first where that was not done. Throws the same. */
  run(id: string, options: JobRunOptions): Promise<void>;
}

export function createJobRunner(services: JobRunnerServices): JobRunner {
  async function own(id: string, { signal, onStatus }: JobRunOptions, work: (task: OwnedJob) => Promise<void>): Promise<void> {
    const files = jobFiles(services.store, id);
    const request = readRequest(files);
    const lock = takeOwnership(files.folder);
    if (lock === undefined) {
      throw new RequestError('job', 'Another process is working on this job.');
    }
    const log = openJobLog(files.log);
    const before = readStatus(files);
    try {
      if (before === undefined) {
        throw new RequestError('job', 'The job has no status: it was not made by this version.');
      }
      const status = new StatusFile(files, { ...before, owner: ownIdentity() }, onStatus);
      let prepared: Promise<PreparedJob> | undefined;
      const prepare = (): Promise<PreparedJob> => (prepared ??= prepareJob(request, services, log, signal));
      try {
        await work({ files, status, prepare, signal });
      } catch (error) {
        log.write(error instanceof Error ? (error.stack ?? error.message) : String(error));
        status.set(signal.aborted ? { state: 'cancelled' } : { state: 'failed', problem: wordsOf(error) });
      } finally {
        const { current } = status;
        status.set({ owner: undefined, ...(hasEnded(current) && { endedAt: current.endedAt ?? Date.now() }) });
        status.close();
      }
    } finally {
      log.close();
      lock.release();
    }
  }

  async function plan({ files, status, prepare, signal }: OwnedJob): Promise<void> {
    status.set({ state: 'planning', problem: undefined, endedAt: undefined });
    await makeJobPlan(files, services.store, status, await prepare(), signal);
  }

  async function run(job: OwnedJob): Promise<void> {
    const { files, status, prepare, signal } = job;
    if (!existsSync(files.plan)) {
      await plan(job);
    }
    status.set({ state: 'running', startedAt: Date.now(), endedAt: undefined, problem: undefined });
    const prepared = await prepare();
    const { request, cpus } = prepared;
    const { output } = status.current;
    const { recipe } = request;
    await runJob(files, status, {
      ...prepared, output, limitsFor,
      ...(recipe && { conclude: async () => (await import('../recipe/concludeRecipe.ts')).concludeRecipe(recipe, { files, prepared, output }) }),
      salvage: request.salvage,
      imageEngine: request.imageEngine,
      ledger: await openLedger({ store: services.store, output }),
      workers: request.jobs ?? cpus,
    }, signal);
  }

  return {
    plan: (id, options) => own(id, options, plan),
    run: (id, options) => own(id, options, run),
  };
}

/** A job that is this process's for now. */
interface OwnedJob {
  readonly files: JobFiles;
  readonly status: StatusFile;
  readonly prepare: () => Promise<PreparedJob>;
  readonly signal: AbortSignal;
}

function hasEnded({ state }: JobStatus): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
