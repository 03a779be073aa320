import type { Browser } from 'playwright-core';
import { Emitter } from '../../src/base/emitter.ts';
import type { Service, ServiceContext } from '../../src/dataset/service.ts';
import type { Preview, PreviewInput } from '../../src/dataset/vscode/preview.ts';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import { inProcess } from './inProcess.ts';

export interface OpenPlayer extends OpenPage {
  /** Requests to the services, the latest last. */
  readonly asked: readonly (readonly [method: string, params: unknown])[];
  readonly changes: Emitter<'changed' | 'gone'>;
  dispose(): void;
}

export interface PlayerScene {
  readonly file: string;
  /** Whether the host is to decode, whatever the browser can. */
  readonly onHost?: boolean;
}

export const TOOLS: ServiceContext['search'] = { paths: {}, env: process.env, never: [], sharpWorker: '' };

/** The preview of a recording or a film by its real session and its real services, in a browser. */
export async function openPlayer(
  browser: Browser,
  bundles: ReadonlyMap<string, Uint8Array>,
  preview: Preview<never, never>,
  services: Readonly<Record<string, Service<never>>>,
  { file, onHost = false }: PlayerScene,
  options: PageOptions = {},
): Promise<OpenPlayer> {
  const panel = new FakePanel('player');
  const threads = Object.fromEntries(Object.entries(services).map(([name, { handlers }]) => [name, inProcess(handlers)]));
  const changes = new Emitter<'changed' | 'gone'>();
  const current: { host?: WebviewHost<never, never> } = {};
  const asked: (readonly [string, unknown])[] = [];
  const input = {
    place: { file },
    face: {
      services: { config: { ofUser: (name: string) => name === 'dataset.decodeOnHost' && onHost } },
      share: (name: string) => {
        const thread = threads[name]!;
        return {
          ...thread,
          requestUntil: (signal: AbortSignal, method: string, params: unknown) => {
            asked.push([method, params]);
            return thread.requestUntil(signal, method as never, ...([params] as never));
          },
        };
      },
    },
    page: () => current.host,
    onDidChangeFile: changes.event,
  } as unknown as PreviewInput<never, never>;
  const session = preview.open(input);
  const host = new WebviewHost<never, never>({
    webview: panel.webview as never,
    extensionUri: new FakeUri('') as never,
    page: preview.page,
    title: 'player',
    showsMedia: true,
    handlers: session.handlers,
    onReady: () => session.onReady(),
  });
  current.host = host;
  const opened = await openPage(browser, panel.webview, bundles, { width: 1144, height: 740, ...options });
  return Object.assign(opened, {
    asked,
    changes,
    dispose: () => {
      session.dispose();
      host.dispose();
    },
  });
}
