import { EXIT, ReaderGone, type CliIo } from '../../base/cliIo.ts';
import type { ConvertRequest, JobStatus } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import { RequestError } from '../requestError.ts';
import { filesToDo } from '../view/planLine.ts';
import { Interruption } from './interruption.ts';
import { ProgressLine } from './progressLine.ts';
import type { Report } from './report.ts';

export interface CarryOut {
  readonly io: CliIo;
  readonly jobs: Jobs;
  readonly report: Report;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Told of a plan that is about to be run. */
  readonly onPlanned?: (status: JobStatus) => Promise<void>;
}

/** Plans a request and runs it, with progress, Ctrl-C and a report. Resolves to the exit code. Throws a `RequestError`. */
export async function carryOut(request: ConvertRequest, { io, jobs, report, dryRun, json, onPlanned }: CarryOut): Promise<number> {
  const line = new ProgressLine(io, !json);
  const interruption = new Interruption(io, jobs, line);
  const onStatus = (status: JobStatus): void => {
    interruption.follow(status.id);
    line.show(status);
  };
  try {
    const planned = await jobs.plan(request, { onStatus });
    interruption.follow(planned.id);
    line.clear();
    if (planned.state === 'failed') {
      throw new RequestError('job', planned.problem ?? 'The job could not be planned.');
    }
    if (planned.state === 'cancelled' || interruption.isRaised) {
      await interruption.settle();
      return EXIT.cancelled;
    }
    if (dryRun) {
      await report.plan(jobs.store, planned).catch(unlessGone);
      await jobs.store.remove(planned.id);
      return planned.counts.refuse > 0 ? EXIT.someFailed : EXIT.done;
    }
    const isIdle = filesToDo(planned.counts) === 0;
    await onPlanned?.(planned).catch(unlessGone);
    // Of a recipe the lock and the manifest are brought up to date even where no file is.
    const ended: JobStatus = isIdle && request.recipe === undefined ? { ...planned, state: 'done' } : await jobs.run(planned.id, { onStatus });
    line.clear();
    await interruption.settle();
    await report.outcome(jobs.store, ended, planned.counts.skip).catch(unlessGone);
    if (isIdle && ended.state === 'done') {
      await jobs.store.remove(planned.id);
    }
    return exitCodeOf(ended);
  } finally {
    line.clear();
    interruption.dispose();
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ReaderGone)) {
    throw error;
  }
}

function exitCodeOf({ state, counts }: JobStatus): number {
  if (state === 'cancelled') {
    return EXIT.cancelled;
  }
  const isWhole = state === 'done' && counts.failed + counts.refuse === 0;
  return isWhole ? EXIT.done : EXIT.someFailed;
}
