import * as v from 'valibot';
import { hostname } from 'node:os';
import type { Uri, WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import { SinglePanel } from '../../platform/singlePanel.ts';
import { WebviewHost, checked } from '../../platform/webviewHost.ts';
import { fleet } from '../view/fleet.ts';
import type { FleetMachine } from '../view/fleetBox.ts';
import { FLEET_ACTIONS } from '../webview/fleetProtocol.ts';
import type { FleetAction, FleetHost, FleetPage } from '../webview/fleetProtocol.ts';
import { BOXES_INTERVAL } from './boxesModel.ts';
import type { BoxesModel } from './boxesModel.ts';
import type { Look, MachineModel } from './machineModel.ts';

export const FLEET_VIEW_TYPE = 'trainyard.fleet';

/** Milliseconds in which what several boxes tell goes to the page at once. */
const TOGETHER = 250;
const ACT_REQUEST = v.strictObject({ action: v.picklist(FLEET_ACTIONS), key: v.optional(v.pipe(v.string(), v.maxLength(256))) });

export interface FleetServices {
  readonly extensionUri: Uri;
  readonly here: MachineModel;
  readonly boxes: BoxesModel;
  /** @param key of a box; empty: the machine of this window */
  readonly act: (action: FleetAction, key: string) => Promise<unknown>;
}

export interface FleetPanels {
  /** Shows all boxes in an editor tab; there is one. */
  open(): void;
  dispose(): void;
}

export function createFleet(services: FleetServices): FleetPanels {
  const single = new SinglePanel({ viewType: FLEET_VIEW_TYPE, title: 'Fleet', show: (panel) => new FleetView(services, panel) });
  return { open: () => void single.open(), dispose: () => single.dispose() };
}

class FleetView {
  private readonly own = new DisposableStore();
  private readonly host: WebviewHost<FleetHost, FleetPage>;
  private readonly look: Look;
  private ready = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly services: FleetServices,
    readonly panel: WebviewPanel,
  ) {
    const { here, boxes, extensionUri } = services;
    this.look = this.own.add(here.look());
    this.host = this.own.add(
      new WebviewHost<FleetHost, FleetPage>({
        webview: panel.webview,
        extensionUri,
        page: 'monitorFleet',
        title: 'Fleet',
        handlers: { act: checked(ACT_REQUEST, ({ action, key }) => void this.act(action, key ?? '')) },
        onReady: () => {
          this.ready = true;
          this.show();
        },
      }),
    );
    this.own.add(here.onDidChange(() => this.schedule()));
    this.own.add(boxes.onDidChange(() => this.schedule()));
    this.own.add(panel.onDidChangeViewState(() => this.update()));
    this.update();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.services.boxes.setShown(this, false);
    this.own.dispose();
  }

  private update(): void {
    const { visible } = this.panel;
    this.look.wish(visible ? { interval: BOXES_INTERVAL, detail: 'gpus' } : undefined);
    this.services.boxes.setShown(this, visible);
    this.show();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.show(), TOGETHER);
  }

  private show(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.ready && this.panel.visible) {
      const { here, boxes } = this.services;
      this.host.notify('fleet', fleet([here, ...boxes.all].map(asFleetMachine), Date.now()));
    }
  }

  private async act(action: FleetAction, key: string): Promise<void> {
    try {
      await this.services.act(action, key);
    } catch (error) {
      this.host.notify('problem', error instanceof Error ? error.message : String(error));
    }
  }
}

function asFleetMachine({ alias, link, collector, holdings, watch }: MachineModel): FleetMachine {
  return { alias, title: alias ?? holdings?.sample.host ?? hostname(), link, collector, holdings, watch };
}
