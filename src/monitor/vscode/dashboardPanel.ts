import { hostname } from 'node:os';
import * as v from 'valibot';
import type { Uri, WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { printable } from '../../base/printable.ts';
import { SinglePanel } from '../../platform/singlePanel.ts';
import { WebviewHost, checked } from '../../platform/webviewHost.ts';
import type { Event } from '../../base/emitter.ts';
import type { HostInventory } from '../hostSample.ts';
import { DashboardFeed, emptyFrame, pastFrame } from '../view/dashboardFeed.ts';
import type { FeedOptions } from '../view/dashboardFeed.ts';
import { machineChoice } from '../view/machineChoice.ts';
import { runRows } from '../view/dashboardRuns.ts';
import { DASHBOARD_ACTIONS, PROCESS_SCOPES } from '../webview/protocol.ts';
import type { DashboardAction, DashboardHost, DashboardPage, PageCommand, ProcessScope } from '../webview/protocol.ts';
import type { PastOfMachine } from './pastOfMachine.ts';
import type { Look, MachineModel } from './machineModel.ts';

export const DASHBOARD_VIEW_TYPE = 'trainyard.system';

const INTERVAL = 1000;
const TIME = v.pipe(v.number(), v.finite(), v.minValue(0));
const KEY = v.pipe(v.string(), v.maxLength(256));
const SCOPE = v.picklist(PROCESS_SCOPES);
const HISTORY_REQUEST = v.strictObject({ from: TIME, to: TIME, step: v.pipe(v.number(), v.finite(), v.minValue(100)) });
const AT_REQUEST = v.strictObject({ time: TIME, scope: SCOPE });
const SCOPE_REQUEST = v.strictObject({ scope: SCOPE });
const MODE_REQUEST = v.strictObject({ time: v.nullable(TIME) });
const MACHINE_REQUEST = v.strictObject({ key: KEY, restored: v.boolean() });
const ACT_REQUEST = v.strictObject({ action: v.picklist(DASHBOARD_ACTIONS), key: v.optional(KEY), from: v.optional(TIME), to: v.optional(TIME) });

export type ActionParams = Omit<v.InferOutput<typeof ACT_REQUEST>, 'action'>;

export interface DashboardServices {
  readonly extensionUri: Uri;
  readonly machines: Machines;
  readonly past: (machine: MachineModel) => PastOfMachine;
  readonly act: (action: DashboardAction, params: ActionParams, machine: MachineModel) => Promise<unknown>;
}

/** The machine that this window is on, and the boxes. */
export interface Machines {
  readonly here: MachineModel;
  readonly boxes: () => readonly MachineModel[];
  /** A box has come or gone, or has told something. */
  readonly onDidChangeBoxes: Event<void>;
}

export interface Dashboards {
  /** Shows the dashboard in an editor tab; there is one. `alias`: of this box; undefined: of whatever it shows. */
  open(alias?: string): void;
  /** What the page's own button does; nothing where no dashboard is open. */
  command(command: PageCommand): void;
  dispose(): void;
}

export function createDashboards(services: DashboardServices): Dashboards {
  const single = new SinglePanel({ viewType: DASHBOARD_VIEW_TYPE, title: 'System', show: (panel) => new Dashboard(services, panel) });
  return {
    open(alias) {
      const dashboard = single.open();
      if (alias !== undefined) {
        dashboard.showMachine(alias);
      }
    },
    command: (command) => single.shown?.command(command),
    dispose: () => single.dispose(),
  };
}

class Dashboard {
  private readonly own = new DisposableStore();
  private readonly host: WebviewHost<DashboardHost, DashboardPage>;
  private shown: ShownMachine;
  private scope: ProcessScope = 'gpu';
  private ready = false;
  private playsBack = false;
  private choices = '';
  /** Opened for one machine: what the page remembers of an earlier time does not count. */
  private isGiven = false;

  constructor(
    private readonly services: DashboardServices,
    readonly panel: WebviewPanel,
  ) {
    const { machines, extensionUri } = services;
    this.shown = this.look(machines.here);
    this.host = this.own.add(
      new WebviewHost<DashboardHost, DashboardPage>({
        webview: panel.webview,
        extensionUri,
        page: 'monitorDashboard',
        title: 'System',
        handlers: {
          history: checked(HISTORY_REQUEST, (params) => this.past.charts(params)),
          kept: () => this.past.kept(),
          at: checked(AT_REQUEST, ({ time, scope }) => this.at(time, scope)),
          scope: checked(SCOPE_REQUEST, ({ scope }) => {
            this.scope = scope;
            this.show();
          }),
          mode: checked(MODE_REQUEST, ({ time }) => {
            this.playsBack = time !== null;
            this.name();
          }),
          machine: checked(MACHINE_REQUEST, ({ key, restored }) => {
            if (!restored || !this.isGiven) {
              this.turnTo(key);
            }
          }),
          // An export asks the person for a file first, which takes its time.
          act: checked(ACT_REQUEST, ({ action, ...params }) => void this.act(action, params)),
        },
        onReady: () => {
          this.ready = true;
          this.choices = '';
          this.shown.feed.reset();
          this.update();
        },
      }),
    );
    this.own.add(
      machines.onDidChangeBoxes(() => {
        const { alias } = this.shown.machine;
        if (alias !== undefined && this.find(alias) === undefined) {
          this.turnTo('');
        }
        this.showMachines();
      }),
    );
    this.own.add(panel.onDidChangeViewState(() => this.update()));
  }

  dispose(): void {
    this.shown.own.dispose();
    this.own.dispose();
  }

  command(command: PageCommand): void {
    this.host.notify('command', command);
  }

  /** @param alias of a box; empty: the machine that this window is on */
  showMachine(alias: string): void {
    this.isGiven = true;
    this.turnTo(alias);
  }

  private get past(): PastOfMachine {
    return this.services.past(this.shown.machine);
  }

  private find(key: string): MachineModel | undefined {
    const { here, boxes } = this.services.machines;
    return key === '' ? here : boxes().find(({ alias }) => alias === key);
  }

  private turnTo(key: string): void {
    const machine = this.find(key);
    if (machine !== undefined && machine !== this.shown.machine) {
      const before = this.shown;
      this.playsBack = false;
      this.shown = this.look(machine);
      before.own.dispose();
      this.update();
    }
  }

  private look(machine: MachineModel): ShownMachine {
    const own = new DisposableStore();
    own.add(machine.onDidChange(() => this.show()));
    return { machine, own, look: own.add(machine.look()), feed: new DashboardFeed(machine.viewer, machine.watch), inventory: undefined };
  }

  private update(): void {
    this.shown.look.wish(this.panel.visible ? { interval: INTERVAL, detail: 'full' } : undefined);
    this.show();
  }

  private show(): void {
    const { machine, feed } = this.shown;
    const { holdings, link, alias } = machine;
    if (!this.ready || !this.panel.visible) {
      return;
    }
    this.showMachines();
    this.name();
    if (holdings !== undefined) {
      this.describe(this.shown);
      this.host.notify('frame', feed.frame(holdings, { ...this.options(), runs: runRows(holdings) }));
    } else if (link !== undefined && alias !== undefined) {
      this.host.notify('frame', emptyFrame({ link, alias }, this.options()));
    }
  }

  private options(): FeedOptions {
    const { machine, inventory } = this.shown;
    const { collector, link, alias } = machine;
    return { now: Date.now(), collector, inventory, scope: this.scope, ...(alias !== undefined && link && { box: { alias, link } }) };
  }

  /** Only what is new: a list that is open is not disturbed. */
  private showMachines(): void {
    if (!this.ready) {
      return;
    }
    const { here, boxes } = this.services.machines;
    const machines = [here, ...boxes()].map((machine) => machineChoice(machine, machine.holdings?.sample.host ?? hostname()));
    const text = JSON.stringify(machines);
    if (text !== this.choices) {
      this.choices = text;
      this.host.notify('machines', machines);
    }
  }

  private name(): void {
    const { alias, holdings } = this.shown.machine;
    const host = printable(alias ?? holdings?.sample.host ?? '');
    this.panel.title = this.playsBack ? `Playback, not live: ${host}` : host === '' ? 'System' : `System: ${host}`;
  }

  private async at(time: number, scope: ProcessScope): Promise<ReturnType<DashboardHost['at']>> {
    const { viewer, watch } = this.shown.machine;
    const options = this.options();
    const sample = await this.past.at(time);
    return sample === undefined ? null : pastFrame(sample, viewer, watch, { ...options, scope });
  }

  private async act(action: DashboardAction, params: ActionParams): Promise<void> {
    try {
      await this.services.act(action, params, this.shown.machine);
    } catch (error) {
      this.host.notify('problem', error instanceof Error ? error.message : String(error));
    }
  }

  /** Asks once what does not change while the machine runs; a box says it when it is live. */
  private describe(shown: ShownMachine): void {
    if (shown.inventory !== undefined || shown.asked === true) {
      return;
    }
    shown.asked = true;
    shown.machine
      .inventory()
      .then((inventory) => {
        shown.inventory = inventory;
        shown.asked = inventory !== undefined;
        if (inventory !== undefined && shown === this.shown) {
          this.show();
        }
      })
      .catch((error: unknown) => this.host.notify('problem', `The machine could not be described: ${error instanceof Error ? error.message : String(error)}`));
  }
}

/** The machine that the page shows, for as long as it does. */
interface ShownMachine {
  readonly machine: MachineModel;
  readonly own: DisposableStore;
  readonly look: Look;
  readonly feed: DashboardFeed;
  inventory: HostInventory | undefined;
  asked?: boolean;
}
