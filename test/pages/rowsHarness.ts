import type { Browser } from 'playwright-core';
import { Emitter } from '../../src/base/emitter.ts';
import type { RowsApi } from '../../src/dataset/rows/rowsApi.ts';
import { createRowsService } from '../../src/dataset/rows/rowsService.ts';
import type { ThumbnailsApi } from '../../src/dataset/thumbnails/thumbnailsApi.ts';
import { createThumbnailsService } from '../../src/dataset/thumbnails/thumbnailsService.ts';
import type { PreviewInput } from '../../src/dataset/vscode/preview.ts';
import { rowsPreview } from '../../src/dataset/vscode/previews/rows.ts';
import type { RowsHost, RowsPageEvents } from '../../src/dataset/webview/rows/protocol.ts';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import { inProcess } from './inProcess.ts';

export interface OpenRowsPage extends OpenPage {
  readonly asked: readonly (readonly [method: string, params: unknown])[];
  readonly changes: Emitter<'changed' | 'gone'>;
  dispose(): void;
}

/** The preview of rows by its real session and its real services, in a browser. */
export async function openRowsPage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, file: string, storage: string, options: PageOptions = {}): Promise<OpenRowsPage> {
  const panel = new FakePanel('rows');
  const service = createRowsService();
  const thumbnails = createThumbnailsService({ storage, root: '/nonexistent', cacheBytes: 1_000_000 }, () => undefined);
  const rows = inProcess<RowsApi>(service.handlers);
  const drawing = inProcess<ThumbnailsApi>(thumbnails.handlers);
  const changes = new Emitter<'changed' | 'gone'>();
  const current: { host?: WebviewHost<RowsHost, RowsPageEvents> } = {};
  const input: Partial<PreviewInput<RowsHost, RowsPageEvents>> = {
    place: { file },
    face: { share: (name: string) => (name === 'rows' ? rows : drawing) } as never,
    page: () => current.host as WebviewHost<RowsHost, RowsPageEvents>,
    onDidChangeFile: changes.event,
  };
  const session = rowsPreview.open(input as PreviewInput<RowsHost, RowsPageEvents>);
  const host = new WebviewHost<RowsHost, RowsPageEvents>({
    webview: panel.webview as never,
    extensionUri: new FakeUri('') as never,
    page: rowsPreview.page,
    title: 'rows',
    showsMedia: true,
    handlers: session.handlers,
    onReady: () => session.onReady(),
  });
  current.host = host;
  const opened = await openPage(browser, panel.webview, bundles, { width: 1144, height: 740, ...options });
  return Object.assign(opened, {
    asked: rows.asked,
    changes,
    dispose: () => {
      session.dispose();
      host.dispose();
      service.dispose();
      thumbnails.dispose();
    },
  });
}
