import type { Uri } from 'vscode';
import type { JobStatus } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import { jobRow } from '../view/jobRow.ts';
import { JOB_ACTIONS } from '../webview/protocol.ts';
import type { ActionOutcome, JobAction, JobFacts } from '../webview/protocol.ts';

export interface PageServices {
  readonly extensionUri: Uri;
  readonly jobs: Jobs;
  readonly executeCommand: (command: string, ...args: unknown[]) => Thenable<unknown>;
}

export const COMMANDS: Readonly<Record<JobAction, string>> = {
  runPlan: 'trainyard.convert.runPlan',
  showPlan: 'trainyard.convert.showPlan',
  editOptions: 'trainyard.convert.editOptions',
  cancel: 'trainyard.jobs.cancel',
  resume: 'trainyard.jobs.resume',
  retryFailed: 'trainyard.jobs.retryFailed',
  retrySalvage: 'trainyard.jobs.retrySalvage',
  revealOutput: 'trainyard.jobs.revealOutput',
  openLog: 'trainyard.jobs.openLog',
  copyCommand: 'trainyard.jobs.copyCommand',
  remove: 'trainyard.jobs.remove',
};

/** Milliseconds: a command that takes longer, such as one that ends when the batch ends, has begun well enough. */
const BEGUN = 1500;

/** Answers a page's request to run a command. A failure after that is told to `onLateError`. */
export async function perform(command: Thenable<unknown>, onLateError: (message: string) => void): Promise<ActionOutcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let late = false;
  const done = Promise.resolve(command).then(
    () => 'done' as const,
    (error: unknown) => {
      if (!late) {
        throw error;
      }
      onLateError(error instanceof Error ? error.message : String(error));
      return 'done' as const;
    },
  );
  const begun = new Promise<'started'>((resolve) => {
    timer = setTimeout(() => {
      late = true;
      resolve('started');
    }, BEGUN);
  });
  try {
    return await Promise.race([done, begun]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a page is told of a job: no more of it than it shows. */
export function jobFacts(status: JobStatus): JobFacts {
  const { id, state, title, base, output, salvage, createdAt, startedAt, endedAt, counts, looked = 0, progress, secondsLeft, problem } = status;
  const possible: readonly string[] = jobRow(status, Date.now()).actions;
  return {
    id,
    state,
    title,
    base,
    output,
    salvage,
    createdAt,
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    counts,
    looked,
    progress,
    secondsLeft,
    ...(problem !== undefined && { problem }),
    actions: JOB_ACTIONS.filter((action) => possible.includes(action)),
  };
}
