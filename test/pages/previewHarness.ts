import type { Browser } from 'playwright-core';
import { Emitter } from '../../src/base/emitter.ts';
import type { Handlers } from '../../src/base/endpoint.ts';
import type { Service, ServiceContext } from '../../src/dataset/service.ts';
import type { Preview, PreviewInput } from '../../src/dataset/vscode/preview.ts';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import { inProcess } from './inProcess.ts';

export interface OpenPreview extends OpenPage {
  /** Requests to the services, the latest last. */
  readonly asked: readonly (readonly [method: string, params: unknown])[];
  readonly changes: Emitter<'changed' | 'gone'>;
  /** Bytes of the largest message to the page so far. */
  readonly largest: () => number;
  dispose(): void;
}

/** What a service tells by itself goes to whoever has its thread. */
export type Tell = (event: string, params: unknown) => void;

export interface PreviewScene {
  readonly file: string;
  /** By name; `made` is made for this scene and ended with it, others outlive it. */
  readonly services: Readonly<Record<string, { readonly made: (tell: Tell) => unknown } | { readonly lent: unknown }>>;
  /** Whether the host is to decode, whatever the browser can. */
  readonly onHost?: boolean;
}

export const TOOLS: NonNullable<ServiceContext['search']> = { paths: {}, env: process.env, never: [], sharpWorker: '' };
/** Of a service that keeps nothing. */
export const BARE: ServiceContext = { storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0 };

/** A preview by its real session and its real services, in a browser. */
export async function openPreview(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, preview: unknown, { file, services, onHost = false }: PreviewScene, options: PageOptions = {}): Promise<OpenPreview> {
  const { page, open } = preview as Preview<never, never>;
  const panel = new FakePanel('preview');
  const changes = new Emitter<'changed' | 'gone'>();
  const asked: (readonly [string, unknown])[] = [];
  const ours: { dispose(): void }[] = [];
  const current: { host?: WebviewHost<never, never> } = {};
  const thread = (name: string, events: Handlers<Record<string, (params: unknown) => void>> = {}) => {
    const wanted = services[name];
    if (wanted === undefined) {
      throw new Error(`There is no service ${name} in this scene.`);
    }
    const service = ('lent' in wanted ? wanted.lent : wanted.made((event, params) => void events[event]?.(params, new AbortController().signal))) as Service<never>;
    if ('made' in wanted) {
      ours.push(service);
    }
    const own = inProcess(service.handlers);
    const requestUntil = (signal: AbortSignal | undefined, method: string, params: unknown) => {
      asked.push([method, params]);
      return own.requestUntil(signal, method as never, ...([params] as never));
    };
    return { stop: () => undefined, dispose: () => undefined, requestUntil, request: (method: string, params: unknown) => requestUntil(undefined, method, params) };
  };
  const input = {
    place: { file },
    face: { services: { config: { ofUser: (name: string) => name === 'dataset.decodeOnHost' && onHost } }, share: (name: string) => thread(name), thread },
    page: () => current.host,
    onDidChangeFile: changes.event,
  };
  const session = open(input as unknown as PreviewInput<never, never>);
  const host = new WebviewHost<never, never>({ webview: panel.webview as never, extensionUri: new FakeUri('') as never, page, title: 'preview', showsMedia: true, handlers: session.handlers, onReady: () => session.onReady() });
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
      ours.forEach((service) => service.dispose());
    },
  });
}

function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) {
    return value.byteLength;
  }
  return typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, inner) => sum + sizeOf(inner), 0) : String(value).length;
}
