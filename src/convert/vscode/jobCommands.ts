import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { Services } from '../../platform/services.ts';
import type { JobFailure, JobStatus } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import { failureText } from '../view/failureText.ts';
import type { JobAction } from '../view/jobRow.ts';
import { hasEnded, jobRow } from '../view/jobRow.ts';
import type { JobsModel } from '../view/jobsModel.ts';
import type { JobRunner } from './jobRunner.ts';
import { JobNode, RowNode } from './jobsTree.ts';
import { plainLabel } from './pick.ts';
import type { TextDocuments } from './textDocuments.ts';

const MOST_FAILURES = 100;

export interface JobCommandParts {
  readonly services: Services;
  readonly jobs: Jobs;
  readonly model: JobsModel;
  readonly runner: JobRunner;
  readonly documents: TextDocuments;
  readonly showPlan: (jobId: string) => void;
  readonly editOptions: (jobId: string) => Promise<void>;
}

/**
 * The commands on jobs. Each takes a job's id, or a row of the tree; from the palette, the person picks one of the jobs that it
 * applies to.
 */
export function registerJobCommands(parts: JobCommandParts): Disposable {
  const { services, jobs, runner, showPlan, editOptions } = parts;
  const { store } = jobs;
  const owned = new DisposableStore();
  const onJob = (command: string, action: JobAction, run: (id: string, failure?: number) => Promise<void> | void): void => {
    owned.add(
      services.command(command, async (target, failure) => {
        const id = jobIdOf(target) ?? (await pickJob(parts.model.all, action, services));
        if (id !== undefined) {
          await run(id, typeof failure === 'number' ? failure : failureOf(target));
        }
      }),
    );
  };
  onJob('trainyard.convert.showPlan', 'showPlan', showPlan);
  onJob('trainyard.convert.runPlan', 'runPlan', (id) => runner.run(id));
  onJob('trainyard.convert.editOptions', 'editOptions', editOptions);
  onJob('trainyard.jobs.cancel', 'cancel', (id) => jobs.cancel(id));
  onJob('trainyard.jobs.resume', 'resume', (id) => runner.run(id));
  onJob('trainyard.jobs.retryFailed', 'retryFailed', async (id) => runner.retry(id, (await store.request(id)).salvage));
  onJob('trainyard.jobs.retrySalvage', 'retrySalvage', (id) => runner.retry(id, true));
  onJob('trainyard.jobs.revealOutput', 'revealOutput', (id) => revealOutput(parts, id));
  onJob('trainyard.jobs.openLog', 'openLog', (id) => openLog(store.logFile(id)));
  onJob('trainyard.jobs.remove', 'remove', (id) => store.remove(id));
  onJob('trainyard.jobs.showFailure', 'showFailure', (id, failure) => showFailures(parts, id, failure));
  onJob('trainyard.jobs.copyCommand', 'copyCommand', (id, failure) => copyCommand(parts, id, failure));
  owned.add(
    services.command('trainyard.jobs.clearEnded', async () => {
      await Promise.all((await store.list()).filter(hasEnded).map(({ id }) => store.remove(id)));
    }),
  );
  return owned;
}

function jobIdOf(target: unknown): string | undefined {
  return typeof target === 'string' ? target : target instanceof JobNode || target instanceof RowNode ? target.jobId : undefined;
}

function failureOf(target: unknown): number | undefined {
  return target instanceof RowNode ? target.row.failure : undefined;
}

async function pickJob(all: readonly JobStatus[], action: JobAction, { notify }: Services): Promise<string | undefined> {
  const fitting = all.map((status) => ({ status, row: jobRow(status, Date.now()) })).filter(({ row }) => row.actions.includes(action));
  if (fitting.length === 0) {
    await notify.info('There is no job that this can be done with.');
    return undefined;
  }
  const [first] = fitting;
  if (fitting.length === 1 && first !== undefined) {
    return first.status.id;
  }
  const items = fitting.map(({ status, row }) => ({
    label: `$(${row.icon.name.replace('~spin', '')}) ${plainLabel(row.label)}`,
    description: plainLabel(row.description),
    detail: plainLabel(printable(status.base)),
    id: status.id,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which job', matchOnDescription: true, matchOnDetail: true }))?.id;
}

async function statusOf({ jobs }: JobCommandParts, id: string): Promise<JobStatus> {
  const status = await jobs.store.status(id);
  if (status === undefined) {
    throw new Error('This job is not in the list any more.');
  }
  return status;
}

async function revealOutput(parts: JobCommandParts, id: string): Promise<void> {
  const { output } = await statusOf(parts, id);
  const uri = vscode.Uri.file(output);
  if (vscode.workspace.getWorkspaceFolder(uri) !== undefined) {
    await vscode.commands.executeCommand('revealInExplorer', uri);
    return;
  }
  const [open, copy] = ['Open in New Window', 'Copy Path'];
  const action = await parts.services.notify.info(`The outputs lie outside of this workspace, in ${printable(output)}`, open, copy);
  if (action === open) {
    await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
  } else if (action === copy) {
    await vscode.env.clipboard.writeText(output);
  }
}

async function openLog(file: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
  // The job's process appends to it.
  await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
}

async function showFailures(parts: JobCommandParts, id: string, failure: number | undefined): Promise<void> {
  const status = await statusOf(parts, id);
  if (failure === undefined) {
    const { items, total } = await parts.jobs.store.failures(id, 0, MOST_FAILURES);
    await parts.documents.show(`${id}/Failures.txt`, failureText(status, items, total));
    return;
  }
  const one = await failureBy(parts, status, failure);
  await parts.documents.show(`${id}/${failure}/Failure.txt`, failureText(status, one === undefined ? [] : [one], 1));
}

async function copyCommand(parts: JobCommandParts, id: string, failure: number | undefined): Promise<void> {
  const status = await statusOf(parts, id);
  const command = failure === undefined ? status.firstCommand : (await failureBy(parts, status, failure))?.command;
  if (command === undefined || command.length === 0) {
    await parts.services.notify.info('No command was run for this.');
  } else {
    await vscode.env.clipboard.writeText(shellLine(command));
  }
}

async function failureBy({ jobs }: JobCommandParts, status: JobStatus, seq: number): Promise<JobFailure | undefined> {
  const known = status.failures.find((failure) => failure.seq === seq);
  return known ?? (await jobs.store.failures(status.id, 0, status.counts.failed)).items.find((failure) => failure.seq === seq);
}
