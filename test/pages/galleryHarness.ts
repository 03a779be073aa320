import type { Browser } from 'playwright-core';
import { Emitter } from '../../src/base/emitter.ts';
import type { Handlers } from '../../src/base/endpoint.ts';
import type { CatalogueApi, Summary } from '../../src/dataset/catalogue/catalogueApi.ts';
import type { AudioApi } from '../../src/dataset/audio/audioApi.ts';
import type { VideoApi } from '../../src/dataset/video/videoApi.ts';
import type { ThumbnailsApi } from '../../src/dataset/thumbnails/thumbnailsApi.ts';
import { GalleryHostSide } from '../../src/dataset/vscode/galleryHost.ts';
import type { ActionTarget } from '../../src/dataset/vscode/galleryHost.ts';
import type { GalleryAction } from '../../src/dataset/webview/gallery/protocol.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { InventedCatalogue, ROOT, inventedThumbnails } from './galleryInvented.ts';
import type { InventedOptions } from './galleryInvented.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import { inProcess } from './inProcess.ts';

export interface GalleryScene extends InventedOptions {
  readonly thumbnails?: Handlers<ThumbnailsApi>;
  readonly audio?: Handlers<AudioApi>;
  readonly video?: Handlers<VideoApi>;
  readonly filter?: string;
  readonly actions?: readonly GalleryAction[];
  /** Instead of the invented catalogue's. */
  readonly catalogue?: Partial<Handlers<CatalogueApi>>;
}

export interface OpenGallery extends OpenPage {
  readonly catalogue: InventedCatalogue;
  readonly askedOfCatalogue: readonly (readonly [method: string, params: unknown])[];
  readonly askedOfThumbnails: readonly (readonly [method: string, params: unknown])[];
  readonly acted: (readonly [action: GalleryAction, target: ActionTarget])[];
  readonly changes: Emitter<Summary>;
  readonly host: GalleryHostSide;
  /** Bytes of the messages to the page since the last call, as JSON and with bytes as they are. */
  sentBytes(): number;
  dispose(): void;
}

/** A service that was not given to a scene. */
const REFUSES = new Proxy({} as never, {
  get: () => () => {
    throw new Error('there is none in this scene');
  },
});

const ACTIONS: readonly GalleryAction[] = ['open', 'export', 'copyPaths', 'reveal', 'refresh', 'convert', 'sync', 'problems'];

/** The gallery by its real host, with an invented catalogue behind it, in a browser. */
export async function openGallery(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, scene: GalleryScene, options: PageOptions = {}): Promise<OpenGallery> {
  const panel = new FakePanel('Gallery');
  const invented = new InventedCatalogue(scene);
  const catalogue = inProcess<CatalogueApi>({ ...invented.handlers, ...scene.catalogue });
  const thumbnails = inProcess<ThumbnailsApi>(scene.thumbnails ?? inventedThumbnails);
  const changes = new Emitter<Summary>();
  const acted: (readonly [GalleryAction, ActionTarget])[] = [];
  let sent = 0;
  const post = panel.webview.postMessage.bind(panel.webview);
  panel.webview.postMessage = (message) => {
    sent += sizeOf(message);
    return post(message);
  };
  const host = new GalleryHostSide(
    {
      extensionUri: new FakeUri('') as never,
      catalogue,
      onDidChange: changes.event,
      thumbnails,
      media: { audio: () => inProcess<AudioApi>(scene.audio ?? REFUSES), video: () => inProcess<VideoApi>(scene.video ?? REFUSES) },
      actions: async () => scene.actions ?? ACTIONS,
      act: async (action, target) => void acted.push([action, target]),
    },
    ROOT,
    panel.webview as never,
    scene.filter,
  );
  const opened = await openPage(browser, panel.webview, bundles, { width: 1144, height: 800, ...options });
  return Object.assign(opened, {
    catalogue: invented,
    askedOfCatalogue: catalogue.asked,
    askedOfThumbnails: thumbnails.asked,
    acted,
    changes,
    host,
    sentBytes: () => {
      const bytes = sent;
      sent = 0;
      return bytes;
    },
    dispose: () => host.dispose(),
  });
}

function sizeOf(message: unknown): number {
  let bytes = 0;
  const text = JSON.stringify(message, (_key, value: unknown) => {
    if (ArrayBuffer.isView(value)) {
      bytes += value.byteLength;
      return 0;
    }
    return value;
  });
  return bytes + text.length;
}
