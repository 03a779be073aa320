import * as v from 'valibot';
import { ViewColumn, window } from 'vscode';
import type { Uri, WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { printable } from '../../base/printable.ts';
import { WebviewHost, checked } from '../../platform/webviewHost.ts';
import type { HostInventory } from '../hostSample.ts';
import { DashboardFeed, pastFrame } from '../view/dashboardFeed.ts';
import { runRows } from '../view/dashboardRuns.ts';
import { DASHBOARD_ACTIONS, PROCESS_SCOPES } from '../webview/protocol.ts';
import type { DashboardAction, DashboardHost, DashboardPage, PageCommand, ProcessScope } from '../webview/protocol.ts';
import type { PastOfMachine } from './pastOfMachine.ts';
import type { Look, SystemModel } from './systemModel.ts';

export const DASHBOARD_VIEW_TYPE = 'trainyard.system';

const INTERVAL = 1000;
const TIME = v.pipe(v.number(), v.finite(), v.minValue(0));
const KEY = v.pipe(v.string(), v.maxLength(256));
const SCOPE = v.picklist(PROCESS_SCOPES);
const HISTORY_REQUEST = v.strictObject({ from: TIME, to: TIME, step: v.pipe(v.number(), v.finite(), v.minValue(100)) });
const AT_REQUEST = v.strictObject({ time: TIME, scope: SCOPE });
const SCOPE_REQUEST = v.strictObject({ scope: SCOPE });
const MODE_REQUEST = v.strictObject({ time: v.nullable(TIME) });
const ACT_REQUEST = v.strictObject({ action: v.picklist(DASHBOARD_ACTIONS), key: v.optional(KEY), from: v.optional(TIME), to: v.optional(TIME) });

export type ActionParams = Omit<v.InferOutput<typeof ACT_REQUEST>, 'action'>;

export interface DashboardServices {
  readonly extensionUri: Uri;
  readonly model: SystemModel;
  readonly inventory: () => Promise<HostInventory>;
  readonly past: PastOfMachine;
  readonly act: (action: DashboardAction, params: ActionParams) => Promise<unknown>;
}

export interface Dashboards {
  /** Shows the dashboard in an editor tab; there is one. */
  open(): void;
  /** What the page's own button does; nothing where no dashboard is open. */
  command(command: PageCommand): void;
  dispose(): void;
}

export function createDashboards(services: DashboardServices): Dashboards {
  const own = new DisposableStore();
  let shown: Dashboard | undefined;
  const adopt = (panel: WebviewPanel) => {
    const dashboard = new Dashboard(services, panel);
    shown = dashboard;
    panel.onDidDispose(() => {
      dashboard.dispose();
      if (shown === dashboard) {
        shown = undefined;
      }
    });
  };
  own.add(
    window.registerWebviewPanelSerializer(DASHBOARD_VIEW_TYPE, {
      async deserializeWebviewPanel(panel) {
        if (shown === undefined) {
          adopt(panel);
        } else {
          panel.dispose();
        }
      },
    }),
  );
  return {
    open() {
      if (shown === undefined) {
        adopt(window.createWebviewPanel(DASHBOARD_VIEW_TYPE, 'System', { viewColumn: ViewColumn.Active }));
      } else {
        shown.panel.reveal();
      }
    },
    command: (command) => shown?.command(command),
    dispose() {
      own.dispose();
      // The tab stays: VS Code brings it back when the window is reloaded.
      shown?.dispose();
      shown = undefined;
    },
  };
}

class Dashboard {
  private readonly own = new DisposableStore();
  private readonly host: WebviewHost<DashboardHost, DashboardPage>;
  private readonly feed: DashboardFeed;
  private readonly look: Look;
  private inventory: HostInventory | undefined;
  private scope: ProcessScope = 'gpu';
  private ready = false;
  private playsBack = false;

  constructor(
    private readonly services: DashboardServices,
    readonly panel: WebviewPanel,
  ) {
    const { model, past, extensionUri } = services;
    this.feed = new DashboardFeed(model.viewer, model.watch);
    this.look = this.own.add(model.look());
    this.host = this.own.add(
      new WebviewHost<DashboardHost, DashboardPage>({
        webview: panel.webview,
        extensionUri,
        page: 'monitorDashboard',
        title: 'System',
        handlers: {
          history: checked(HISTORY_REQUEST, (params) => past.charts(params)),
          kept: () => past.kept(),
          at: checked(AT_REQUEST, ({ time, scope }) => this.at(time, scope)),
          scope: checked(SCOPE_REQUEST, ({ scope }) => {
            this.scope = scope;
            this.show();
          }),
          mode: checked(MODE_REQUEST, ({ time }) => {
            this.playsBack = time !== null;
            this.name();
          }),
          // An export asks the person for a file first, which takes its time.
          act: checked(ACT_REQUEST, ({ action, ...params }) => void this.act(action, params)),
        },
        onReady: () => {
          this.ready = true;
          this.feed.reset();
          this.update();
        },
      }),
    );
    this.own.add(model.onDidChange(() => this.show()));
    this.own.add(panel.onDidChangeViewState(() => this.update()));
    void this.readInventory();
  }

  dispose(): void {
    this.own.dispose();
  }

  command(command: PageCommand): void {
    this.host.notify('command', command);
  }

  private update(): void {
    this.look.wish(this.panel.visible ? { interval: INTERVAL, detail: 'full' } : undefined);
    this.show();
  }

  private show(): void {
    const { holdings, collector } = this.services.model;
    if (!this.ready || !this.panel.visible || holdings === undefined) {
      return;
    }
    this.name();
    this.host.notify('frame', this.feed.frame(holdings, { now: Date.now(), collector, inventory: this.inventory, scope: this.scope, runs: runRows(holdings) }));
  }

  private name(): void {
    const host = printable(this.services.model.holdings?.sample.host ?? '');
    this.panel.title = this.playsBack ? `Playback, not live: ${host}` : host === '' ? 'System' : `System: ${host}`;
  }

  private async at(time: number, scope: ProcessScope): Promise<ReturnType<DashboardHost['at']>> {
    const { model, past } = this.services;
    const sample = await past.at(time);
    return sample === undefined ? null : pastFrame(sample, model.viewer, model.watch, { collector: model.collector, inventory: this.inventory, scope });
  }

  private async act(action: DashboardAction, params: ActionParams): Promise<void> {
    try {
      await this.services.act(action, params);
    } catch (error) {
      this.host.notify('problem', error instanceof Error ? error.message : String(error));
    }
  }

  private async readInventory(): Promise<void> {
    try {
      this.inventory = await this.services.inventory();
      this.show();
    } catch (error) {
      this.host.notify('problem', `The machine could not be described: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
