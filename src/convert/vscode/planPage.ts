import * as v from 'valibot';
import { ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { printable } from '../../base/printable.ts';
import { WebviewFeed } from '../../platform/webviewFeed.ts';
import { WebviewHost, checked } from '../../platform/webviewHost.ts';
import type { ConvertRequest, JobStatus } from '../job.ts';
import type { PlanFilter } from '../jobStore.ts';
import { leftOutLine } from '../view/planLine.ts';
import { JOB_ACTIONS, ROW_ACTIONS } from '../webview/protocol.ts';
import type { PlanFacts, PlanHost, PlanPage } from '../webview/protocol.ts';
import { COMMANDS, jobFacts, perform } from './pageActions.ts';
import type { PageServices } from './pageActions.ts';

export const PLAN_VIEW_TYPE = 'trainyard.plan';

const ROWS_REQUEST = v.strictObject({
  offset: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1000)),
  actions: v.optional(v.array(v.picklist(ROW_ACTIONS))),
  text: v.optional(v.pipe(v.string(), v.maxLength(4096))),
});
const ACT_REQUEST = v.strictObject({ action: v.picklist(JOB_ACTIONS) });
/** What a page kept for itself; after a reload of the window it says which plan a tab showed. */
const PAGE_STATE = v.object({ id: v.pipe(v.string(), v.maxLength(128)) });

export interface PlanPages {
  /** Shows a job's plan in an editor tab; one tab a job. */
  open(jobId: string): void;
  dispose(): void;
}

export function createPlanPages(services: PageServices): PlanPages {
  const panels = new Map<string, PlanPanel>();
  const own = new DisposableStore();

  const adopt = (jobId: string, panel: WebviewPanel) => {
    panels.set(jobId, new PlanPanel(services, jobId, panel));
    panel.onDidDispose(() => {
      panels.get(jobId)?.dispose();
      panels.delete(jobId);
    });
  };

  own.add(
    window.registerWebviewPanelSerializer(PLAN_VIEW_TYPE, {
      async deserializeWebviewPanel(panel, state) {
        const parsed = v.safeParse(PAGE_STATE, state);
        if (parsed.success && !panels.has(parsed.output.id)) {
          adopt(parsed.output.id, panel);
        } else {
          panel.dispose();
        }
      },
    }),
  );

  return {
    open(jobId) {
      const open = panels.get(jobId);
      if (open) {
        open.panel.reveal();
      } else {
        adopt(jobId, window.createWebviewPanel(PLAN_VIEW_TYPE, 'Plan', { viewColumn: ViewColumn.Active }));
      }
    },
    dispose() {
      own.dispose();
      // The tabs stay: VS Code brings them back when the window is reloaded.
      panels.forEach((panel) => panel.dispose());
      panels.clear();
    },
  };
}

class PlanPanel {
  private readonly own = new DisposableStore();
  private readonly host: WebviewHost<PlanHost, PlanPage>;
  private ready = false;

  constructor(
    private readonly services: PageServices,
    private readonly jobId: string,
    readonly panel: WebviewPanel,
  ) {
    const feed = this.own.add(
      new WebviewFeed({
        watch: (onChange) => services.jobs.store.watch((id) => id === jobId && onChange(id)),
        refresh: (_changed, current) => this.refresh(current),
        onError: (error) => this.problem(error),
      }),
    );
    const update = () => feed.setActive(this.ready && panel.visible);
    this.host = this.own.add(
      new WebviewHost<PlanHost, PlanPage>({
        webview: panel.webview,
        extensionUri: services.extensionUri,
        page: 'convertPlan',
        title: 'Plan',
        handlers: {
          rows: checked(ROWS_REQUEST, ({ offset, count, actions, text }) =>
            services.jobs.store.plan(jobId, offset, count, { ...(actions && { actions }), ...(text && { text }) } satisfies PlanFilter),
          ),
          act: checked(ACT_REQUEST, ({ action }) => this.run(COMMANDS[action], jobId)),
          showJobs: () => this.run('trainyard.jobsPage.focus'),
        },
        onReady: () => {
          this.ready = true;
          update();
        },
      }),
    );
    this.own.add(panel.onDidChangeViewState(update));
  }

  dispose(): void {
    this.own.dispose();
  }

  private run(command: string, ...args: unknown[]) {
    return perform(this.services.executeCommand(command, ...args), (message) => this.host.notify('problem', message));
  }

  private async refresh(current: () => boolean): Promise<void> {
    const { store } = this.services.jobs;
    const status = await store.status(this.jobId);
    const request = status && (await store.request(this.jobId));
    if (!current()) {
      return;
    }
    if (status && request) {
      this.panel.title = `Plan: ${printable(status.title)}`;
      this.host.notify('show', planFacts(status, request));
    } else {
      this.host.notify('show', undefined);
    }
  }

  private problem(error: unknown): void {
    this.host.notify('problem', error instanceof Error ? error.message : String(error));
  }
}

function planFacts(status: JobStatus, request: ConvertRequest): PlanFacts {
  const { bytes, freeBytes, leftOut } = status;
  const words = leftOutLine(status);
  return {
    ...jobFacts(status),
    bytes,
    freeBytes,
    ...(words !== undefined && { leftOut: { count: Object.values<number>({ ...leftOut }).reduce((sum, count) => sum + count, 0), words } }),
    ...(request.jobs !== undefined && { atOnce: request.jobs }),
  };
}
