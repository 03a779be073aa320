import type { Browser } from 'playwright-core';
import { Emitter } from '../../src/base/emitter.ts';
import type { Handlers } from '../../src/base/endpoint.ts';
import { createArraysService } from '../../src/dataset/arrays/arraysService.ts';
import type { CreateService } from '../../src/dataset/service.ts';
import { createSensorsService } from '../../src/dataset/sensors/sensorsService.ts';
import type { Preview, PreviewInput } from '../../src/dataset/vscode/preview.ts';
import { arraysPreview } from '../../src/dataset/vscode/previews/arrays.ts';
import { sensorPreview } from '../../src/dataset/vscode/previews/sensor.ts';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import { inProcess } from './inProcess.ts';
import { TOOLS } from './playerHarness.ts';

export interface OpenPreview extends OpenPage {
  readonly asked: readonly (readonly [method: string, params: unknown])[];
  readonly changes: Emitter<'changed' | 'gone'>;
  /** Bytes of the largest message to the page so far. */
  readonly largest: () => number;
  dispose(): void;
}

/** A preview by its real session and its real service, in a browser. */
async function openPreview<Host, Page, Api, Events>(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, preview: Preview<Host, Page>, create: CreateService<Api, Events>, file: string, options: PageOptions): Promise<OpenPreview> {
  const panel = new FakePanel('file');
  const changes = new Emitter<'changed' | 'gone'>();
  const asked: (readonly [string, unknown])[] = [];
  const current: { host?: WebviewHost<Host, Page> } = {};
  const services: { dispose(): void }[] = [];
  const thread = (_name: string, events: Handlers<Record<string, (params: unknown) => void>>) => {
    const service = create({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0, search: TOOLS }, (event, params) => void events[event]?.(params, new AbortController().signal));
    services.push(service);
    const own = inProcess<Api>(service.handlers);
    return {
      ...own,
      stop: () => undefined,
      requestUntil: (signal: AbortSignal | undefined, method: never, ...params: never) => {
        asked.push([method, (params as readonly unknown[])[0]]);
        return own.requestUntil(signal, method, ...params);
      },
    };
  };
  const input = { place: { file }, face: { thread }, page: () => current.host, onDidChangeFile: changes.event };
  const session = preview.open(input as unknown as PreviewInput<Host, Page>);
  const host = new WebviewHost<Host, Page>({ webview: panel.webview as never, extensionUri: new FakeUri('') as never, page: preview.page, title: 'file', showsMedia: true, handlers: session.handlers, onReady: () => session.onReady() });
  current.host = host;
  const opened = await openPage(browser, panel.webview, bundles, { width: 1144, height: 740, ...options });
  let largest = 0;
  const { deliver } = panel.webview;
  panel.webview.deliver = (message) => {
    largest = Math.max(largest, sizeOf(message));
    return deliver?.(message) ?? Promise.resolve();
  };
  return Object.assign(opened, {
    asked,
    changes,
    largest: () => largest,
    dispose: () => {
      session.dispose();
      host.dispose();
      services.forEach((service) => service.dispose());
    },
  });
}

function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) {
    return value.byteLength;
  }
  return typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, inner) => sum + sizeOf(inner), 0) : String(value).length;
}

export function openArraysPage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, file: string, options: PageOptions = {}): Promise<OpenPreview> {
  return openPreview(browser, bundles, arraysPreview, createArraysService, file, options);
}

export function openSensorPage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, file: string, options: PageOptions = {}): Promise<OpenPreview> {
  return openPreview(browser, bundles, sensorPreview, createSensorsService, file, options);
}
