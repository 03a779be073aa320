import type { Browser } from 'playwright-core';
import { Emitter } from '../../src/base/emitter.ts';
import type { Annotation } from '../../src/dataset/sample.ts';
import type { ImageApi } from '../../src/dataset/image/imageApi.ts';
import { createImageService } from '../../src/dataset/image/imageService.ts';
import { imagePreview } from '../../src/dataset/vscode/previews/image.ts';
import type { ImageHost, ImagePage } from '../../src/dataset/webview/image/protocol.ts';
import type { PreviewInput } from '../../src/dataset/vscode/preview.ts';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import { inProcess } from './inProcess.ts';

export interface OpenImage extends OpenPage {
  readonly asked: readonly (readonly [method: string, params: unknown])[];
  readonly changes: Emitter<'changed' | 'gone'>;
  dispose(): void;
}

export interface ImageScene {
  readonly file: string;
  /** What a dataset around it says of the picture; none where left out. */
  readonly annotations?: readonly Annotation[];
}

/** The preview of a picture by its real session and its real service, in a browser. */
export async function openImage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, { file, annotations }: ImageScene, options: PageOptions = {}): Promise<OpenImage> {
  const panel = new FakePanel('picture');
  const service = createImageService({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0 });
  const thread = inProcess<ImageApi>({ ...service.handlers, ...(annotations && { annotations: () => ({ format: 'COCO', file: '/data/instances_train.json', items: annotations }) }) });
  const changes = new Emitter<'changed' | 'gone'>();
  const current: { host?: WebviewHost<ImageHost, ImagePage> } = {};
  const input: Partial<PreviewInput<ImageHost, ImagePage>> = {
    place: { file },
    face: { share: () => thread } as never,
    page: () => current.host as WebviewHost<ImageHost, ImagePage>,
    onDidChangeFile: changes.event,
  };
  const session = imagePreview.open(input as PreviewInput<ImageHost, ImagePage>);
  const host = new WebviewHost<ImageHost, ImagePage>({
    webview: panel.webview as never,
    extensionUri: new FakeUri('') as never,
    page: imagePreview.page,
    title: 'picture',
    showsMedia: true,
    handlers: session.handlers,
    onReady: () => session.onReady(),
  });
  current.host = host;
  const opened = await openPage(browser, panel.webview, bundles, { width: 1144, height: 740, ...options });
  return Object.assign(opened, {
    asked: thread.asked,
    changes,
    dispose: () => {
      session.dispose();
      host.dispose();
      service.dispose();
    },
  });
}
