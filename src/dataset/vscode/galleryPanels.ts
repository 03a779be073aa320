import { basename } from 'node:path';
import { ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { printable } from '../../base/printable.ts';
import { GalleryHostSide } from './galleryHost.ts';
import type { GalleryServices } from './galleryHost.ts';

export const GALLERY_VIEW_TYPE = 'trainyard.gallery';

export interface Galleries extends Disposable {
  /** Shows a dataset's gallery in an editor tab; there is one for each dataset. */
  open(root: string, filter?: string): void;
  /** Datasets of which a gallery is visible. */
  readonly visible: ReadonlySet<string>;
}

interface Shown {
  readonly panel: WebviewPanel;
  readonly host: GalleryHostSide;
}

export interface GalleriesOptions extends GalleryServices {
  /** The dataset of a tab that VS Code brings back, remembered over the window's reload; undefined where it is none any more. */
  readonly remembered: { take(): readonly string[]; keep(roots: readonly string[]): void };
}

export function createGalleries(options: GalleriesOptions): Galleries {
  const own = new DisposableStore();
  const shown = new Map<string, Shown>();
  /** Roots of the tabs that were there before, in their order: a page does not say which file it may read. */
  const before = [...options.remembered.take()];
  const adopt = (panel: WebviewPanel, root: string, filter: string | undefined) => {
    panel.title = printable(basename(root) || root);
    const host = new GalleryHostSide(options, root, panel.webview, filter);
    shown.set(root, { panel, host });
    options.remembered.keep([...shown.keys()]);
    panel.onDidDispose(() => {
      host.dispose();
      shown.delete(root);
      options.remembered.keep([...shown.keys()]);
    });
  };
  own.add(
    window.registerWebviewPanelSerializer(GALLERY_VIEW_TYPE, {
      async deserializeWebviewPanel(panel) {
        const at = before.findIndex((root) => panel.title === printable(basename(root) || root));
        const [root] = at < 0 ? [] : before.splice(at, 1);
        if (root === undefined || shown.has(root)) {
          panel.dispose();
        } else {
          adopt(panel, root, undefined);
        }
      },
    }),
  );
  return {
    get visible() {
      return new Set([...shown].filter(([, { panel }]) => panel.visible).map(([root]) => root));
    },
    open(root, filter) {
      const there = shown.get(root);
      if (there === undefined) {
        adopt(window.createWebviewPanel(GALLERY_VIEW_TYPE, basename(root), { viewColumn: ViewColumn.Active }), root, filter);
        return;
      }
      there.panel.reveal();
      if (filter !== undefined) {
        there.host.setFilter(filter);
      }
    },
    dispose() {
      own.dispose();
      // The tabs stay: VS Code brings them back when the window is reloaded.
      shown.forEach(({ host }) => host.dispose());
      shown.clear();
    },
  };
}
