import type { Browser } from 'playwright-core';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { fleet } from '../../src/monitor/view/fleet.ts';
import type { FleetMachine } from '../../src/monitor/view/fleetBox.ts';
import type { FleetHost, FleetPage } from '../../src/monitor/webview/fleetProtocol.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';

export interface OpenFleet extends OpenPage {
  /** What the page asked for. */
  readonly asked: unknown[];
  readonly host: WebviewHost<FleetHost, FleetPage>;
  show(machines: (now: number) => readonly FleetMachine[]): void;
  dispose(): void;
}

/** The fleet's page with invented boxes behind it, whose time is the browser's own; without them it waits. */
export async function openFleet(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, first: ((now: number) => readonly FleetMachine[]) | undefined, options: PageOptions = {}): Promise<OpenFleet> {
  const panel = new FakePanel('Fleet');
  const asked: unknown[] = [];
  let machines = first;
  const send = () => machines && host.notify('fleet', fleet(machines(Date.now()), Date.now()));
  const host = new WebviewHost<FleetHost, FleetPage>({
    webview: panel.webview as never,
    extensionUri: new FakeUri('') as never,
    page: 'monitorFleet',
    title: 'Fleet',
    onReady: send,
    handlers: { act: (params) => void asked.push(params) },
  });
  const opened = await openPage(browser, panel.webview, bundles, { width: 1392, height: 808, ...options });
  return Object.assign(opened, {
    asked,
    host,
    show(next: (now: number) => readonly FleetMachine[]) {
      machines = next;
      send();
    },
    dispose: () => host.dispose(),
  });
}
