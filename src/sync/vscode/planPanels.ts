import * as v from 'valibot';
import { ViewColumn, window } from 'vscode';
import type { Uri, WebviewPanel } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { printable } from '../../base/printable.ts';
import { WebviewHost, checked } from '../../platform/webviewHost.ts';
import type { SessionHost } from '../syncApi.ts';
import { PLAN_ACTIONS, PLAN_COMMANDS } from '../webview/planProtocol.ts';
import type { PlanCommand, PlanHost, PlanPage, PlanRow } from '../webview/planProtocol.ts';
import type { SyncModel, SyncThread } from './syncModel.ts';

export const SYNC_PLAN_VIEW_TYPE = 'trainyard.syncPlan';

const ID = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const TEXT = v.pipe(v.string(), v.maxLength(4096));
const ROWS = v.strictObject({ offset: ID, count: v.pipe(ID, v.minValue(1), v.maxValue(1000)), actions: v.optional(v.array(v.picklist(PLAN_ACTIONS))), text: v.optional(TEXT) });
const OPEN = v.strictObject({ id: ID, open: v.boolean() });
const TICK = v.strictObject({ id: ID, on: v.boolean() });
const KEEP = v.strictObject({ id: ID, side: v.picklist(['source', 'sink']) });
const RELEASE = v.strictObject({ code: TEXT, word: TEXT });
const BOX = v.strictObject({ box: TEXT });
const ROW = v.strictObject({ id: ID });
const ACT = v.strictObject({ command: v.picklist(PLAN_COMMANDS), box: v.optional(TEXT) });
/** What a page kept for itself; after a reload of the window it says which plan a tab showed. */
const PAGE_STATE = v.object({ id: v.pipe(v.string(), v.maxLength(4096)) });

export interface PlanPanelServices {
  readonly extensionUri: Uri;
  readonly model: SyncModel;
  readonly thread: SyncThread;
  readonly act: (session: string, command: PlanCommand, box: string | undefined) => Promise<unknown>;
  readonly compare: (session: string, row: number) => Promise<unknown>;
  /** Makes the plan of a tab that VS Code brings back; undefined where its target is no more. */
  readonly reopen: (session: string) => Promise<string | undefined>;
}

export interface PlanPanels extends Disposable {
  /** Shows a session in an editor tab; one tab a session. */
  show(session: string): void;
}

export function createPlanPanels(services: PlanPanelServices): PlanPanels {
  const panels = new Map<string, PlanPanel>();
  const own = new DisposableStore();

  const adopt = (session: string, panel: WebviewPanel): void => {
    panels.set(session, new PlanPanel(services, session, panel));
    panel.onDidDispose(() => {
      panels.get(session)?.dispose();
      panels.delete(session);
      services.model.leave(session);
    });
  };
  own.add(
    window.registerWebviewPanelSerializer(SYNC_PLAN_VIEW_TYPE, {
      async deserializeWebviewPanel(panel, state) {
        const parsed = v.safeParse(PAGE_STATE, state);
        const session = parsed.success ? await services.reopen(parsed.output.id) : undefined;
        if (session === undefined || panels.has(session)) {
          panel.dispose();
        } else {
          adopt(session, panel);
        }
      },
    }),
  );
  own.add(services.model.onDidTellFacts((facts) => panels.get(facts.session)?.show()));

  return {
    show(session) {
      const open = panels.get(session);
      if (open) {
        open.panel.reveal();
      } else {
        adopt(session, window.createWebviewPanel(SYNC_PLAN_VIEW_TYPE, 'Sync plan', { viewColumn: ViewColumn.Active }));
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
  private readonly host: WebviewHost<PlanHost, PlanPage>;
  private readonly viewState: Disposable;
  private ready = false;

  constructor(
    private readonly services: PlanPanelServices,
    private readonly session: string,
    readonly panel: WebviewPanel,
  ) {
    this.host = new WebviewHost<PlanHost, PlanPage>({
      webview: panel.webview,
      extensionUri: services.extensionUri,
      page: 'syncPlan',
      title: 'Sync plan',
      handlers: {
        rows: checked(ROWS, async (params) => (await this.page('rows', params)) as { readonly items: readonly PlanRow[]; readonly total: number }),
        setOpen: checked(OPEN, async (params) => void (await this.page('setOpen', params))),
        tick: checked(TICK, async (params) => void (await this.page('tick', params))),
        keep: checked(KEEP, async (params) => void (await this.page('keep', params))),
        release: checked(RELEASE, async (params) => void (await this.page('release', params))),
        choose: checked(BOX, async (params) => void (await this.page('choose', params))),
        compare: checked(ROW, ({ id }) => void this.tried(services.compare(session, id))),
        act: checked(ACT, ({ command, box }) => void this.tried(services.act(session, command, box))),
      },
      onReady: () => {
        this.ready = true;
        this.show();
      },
    });
    this.viewState = panel.onDidChangeViewState(() => this.show());
  }

  show(): void {
    const facts = this.services.model.facts(this.session);
    if (this.ready && this.panel.visible) {
      if (facts !== undefined) {
        this.panel.title = `Sync plan: ${printable(facts.name)}`;
        this.host.notify('show', facts);
      } else if (this.services.model.target(this.session) === undefined) {
        this.host.notify('show', undefined);
      }
    }
  }

  dispose(): void {
    this.viewState.dispose();
    this.host.dispose();
  }

  private page(method: keyof SessionHost, params: unknown): Promise<unknown> {
    return this.services.thread.request('page', { session: this.session, method, params });
  }

  private async tried(act: Promise<unknown>): Promise<void> {
    try {
      await act;
    } catch (error) {
      this.host.notify('problem', error instanceof Error ? error.message : String(error));
    }
  }
}
