import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Notify } from '../../platform/notify.ts';
import type { JobStatus } from '../job.ts';
import { endNotice, windowProgress } from '../view/jobNotices.ts';
import type { JobsModel } from '../view/jobsModel.ts';

const SHOW = 'Show';
const RETRY = 'Retry Failed';

export interface EndActions {
  /** Brings the job to the front. */
  show(jobId: string): void;
  retryFailed(jobId: string): void;
}

/** What a window shows of its jobs outside of the view: progress in the status bar, and a word at the end where it matters. */
export class JobsWindow implements Disposable {
  private readonly owned = new DisposableStore();
  private progress: { report(message: string): void; end(): void } | undefined;

  /** `isOurs`: whether this window is the one to speak of a job, of all windows that see it. */
  constructor(
    private readonly model: JobsModel,
    private readonly notify: Notify,
    private readonly isOurs: (status: JobStatus) => boolean,
    private readonly actions: EndActions,
  ) {
    this.owned.add(
      model.onDidChange(({ ended }) => {
        this.showProgress();
        for (const status of ended.filter(isOurs)) {
          void this.tellEnd(status);
        }
      }),
    );
  }

  dispose(): void {
    this.owned.dispose();
    this.progress?.end();
  }

  private showProgress(): void {
    const message = windowProgress(this.model.all.filter(this.isOurs));
    if (message === undefined) {
      this.progress?.end();
      this.progress = undefined;
    } else {
      this.progress ??= openProgress(message);
      this.progress.report(message);
    }
  }

  private async tellEnd(status: JobStatus): Promise<void> {
    const notice = endNotice(status);
    if (notice === undefined) {
      return;
    }
    const action = await this.notify[notice.severity](notice.message, SHOW, ...(notice.canRetry ? [RETRY] : []));
    if (action === SHOW) {
      this.actions.show(status.id);
    } else if (action === RETRY) {
      this.actions.retryFailed(status.id);
    }
  }
}

function openProgress(first: string): { report(message: string): void; end(): void } {
  let end: () => void = () => undefined;
  let reporter: vscode.Progress<{ message: string }> | undefined;
  let last = first;
  void vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window },
    (progress) =>
      new Promise<void>((resolve) => {
        reporter = progress;
        end = resolve;
        progress.report({ message: last });
      }),
  );
  return {
    report(message) {
      if (message !== last) {
        last = message;
        reporter?.report({ message });
      }
    },
    end: () => end(),
  };
}
