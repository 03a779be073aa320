import * as v from 'valibot';
import type { WebviewView, WebviewViewProvider } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { WebviewFeed } from '../../platform/webviewFeed.ts';
import { WebviewHost, checked } from '../../platform/webviewHost.ts';
import type { JobStatus } from '../job.ts';
import { RequestError } from '../requestError.ts';
import { JOB_ACTIONS } from '../webview/protocol.ts';
import type { JobSummary, JobsHost, JobsPage } from '../webview/protocol.ts';
import { COMMANDS, jobFacts, perform } from './pageActions.ts';
import type { PageServices } from './pageActions.ts';

const RUNNING_SHOWN = 8;

const ID = v.pipe(v.string(), v.maxLength(128));
const ACT_REQUEST = v.strictObject({ id: ID, action: v.picklist(JOB_ACTIONS) });
const NOTES_REQUEST = v.strictObject({ id: ID });
const FAILURES_REQUEST = v.strictObject({
  id: ID,
  offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1000)),
});

/** The list of jobs, as a view of the panel. */
export function createJobsPage(services: PageServices): WebviewViewProvider & { dispose(): void } {
  let shown: JobsView | undefined;
  return {
    resolveWebviewView(view) {
      shown?.dispose();
      const page = new JobsView(services, view);
      shown = page;
      view.onDidDispose(() => page.dispose());
    },
    dispose: () => shown?.dispose(),
  };
}

class JobsView {
  private readonly own = new DisposableStore();
  private readonly host: WebviewHost<JobsHost, JobsPage>;
  /** What the page was last told of: the newest first. */
  private statuses = new Map<string, JobStatus>();
  private ready = false;

  constructor(
    private readonly services: PageServices,
    view: WebviewView,
  ) {
    const { jobs, extensionUri } = services;
    const feed = this.own.add(
      new WebviewFeed({
        watch: (onChange) => jobs.store.watch(onChange),
        refresh: (changed, current) => this.refresh(changed, current),
        onError: (error) => this.host.notify('problem', error instanceof Error ? error.message : String(error)),
      }),
    );
    const update = () => feed.setActive(this.ready && view.visible);
    this.host = this.own.add(
      new WebviewHost<JobsHost, JobsPage>({
        webview: view.webview,
        extensionUri,
        page: 'convertJobs',
        title: 'Jobs',
        handlers: {
          failures: checked(FAILURES_REQUEST, ({ id, offset, count }) => jobs.store.failures(this.known(id), offset, count)),
          notes: checked(NOTES_REQUEST, async ({ id }) => (await jobs.store.status(this.known(id)))?.notes ?? []),
          act: checked(ACT_REQUEST, ({ id, action }) => this.run(COMMANDS[action], this.known(id))),
          convert: () => this.run('trainyard.convert.start'),
        },
        onReady: () => {
          this.ready = true;
          update();
        },
      }),
    );
    this.own.add(view.onDidChangeVisibility(update));
  }

  dispose(): void {
    this.own.dispose();
  }

  /** The id, if it is of a job that the page was told of. */
  private known(id: string): string {
    if (!this.statuses.has(id)) {
      throw new RequestError('job', 'This job is not in the list any more.');
    }
    return id;
  }

  private run(command: string, ...args: unknown[]) {
    return perform(this.services.executeCommand(command, ...args), (message) => this.host.notify('problem', message));
  }

  private async refresh(changed: ReadonlySet<string> | 'all', current: () => boolean): Promise<void> {
    const statuses = await this.read(changed);
    if (current()) {
      this.statuses = statuses;
      this.host.notify('show', [...statuses.values()].map(summary));
    }
  }

  private async read(changed: ReadonlySet<string> | 'all'): Promise<Map<string, JobStatus>> {
    const { store } = this.services.jobs;
    // A job that was not in the list before has its place in it, which the store alone knows.
    if (changed === 'all' || [...changed].some((id) => !this.statuses.has(id))) {
      return new Map((await store.list()).map((status) => [status.id, status]));
    }
    const statuses = new Map(this.statuses);
    await Promise.all(
      [...changed].map(async (id) => {
        const status = await store.status(id);
        if (status) {
          statuses.set(id, status);
        } else {
          statuses.delete(id);
        }
      }),
    );
    return statuses;
  }
}

function summary(status: JobStatus): JobSummary {
  return {
    ...jobFacts(status),
    running: status.running.slice(0, RUNNING_SHOWN),
    runningCount: status.running.length + (status.runningMore ?? 0),
    noteCount: status.notes.length,
  };
}
