import { basename, dirname } from 'node:path';
import { RelativePattern, Uri, window, workspace } from 'vscode';
import type { CustomDocument, CustomReadonlyEditorProvider, WebviewPanel } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { WebviewHost } from '../../platform/webviewHost.ts';
import type { DatasetFace } from './datasetFace.ts';
import { placeOfUri } from './placeUri.ts';
import type { Preview } from './preview.ts';
import { PREVIEWS } from './previews/index.ts';

type Anything = Record<string, (params: unknown) => unknown>;
type AnyPreview = Preview<Anything, Anything>;
type AnyHost = WebviewHost<Anything, Anything>;

/** Registers every preview as a read-only custom editor. */
export function registerPreviews(face: DatasetFace): Disposable {
  const own = new DisposableStore();
  for (const [viewType, load] of Object.entries(PREVIEWS)) {
    own.add(
      window.registerCustomEditorProvider(viewType, new PreviewEditors(face, load as unknown as () => Promise<AnyPreview>), {
        supportsMultipleEditorsPerDocument: true,
        webviewOptions: { retainContextWhenHidden: false },
      }),
    );
  }
  return own;
}

class PreviewEditors implements CustomReadonlyEditorProvider {
  constructor(
    private readonly face: DatasetFace,
    private readonly load: () => Promise<AnyPreview>,
  ) {}

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): Promise<void> {
    const place = placeOfUri(uri);
    if (place === undefined) {
      throw new Error(`${uri.toString(true)} is not a file of the machine that Trainyard runs on.`);
    }
    const { face } = this;
    const preview = await this.load();
    const own = new DisposableStore();
    panel.onDidDispose(() => own.dispose());
    const changes = own.add(new Emitter<'changed' | 'gone'>());
    const watcher = own.add(workspace.createFileSystemWatcher(new RelativePattern(Uri.file(dirname(place.file)), escapeGlob(basename(place.file)))));
    own.add(watcher.onDidChange(() => changes.fire('changed')));
    own.add(watcher.onDidCreate(() => changes.fire('changed')));
    own.add(watcher.onDidDelete(() => changes.fire('gone')));
    const host: { current?: AnyHost } = {};
    const session = own.add(
      preview.open({
        uri,
        place,
        panel,
        face,
        page: () => {
          if (host.current === undefined) {
            throw new Error('The page is not there yet.');
          }
          return host.current;
        },
        onDidChangeFile: changes.event,
      }),
    );
    host.current = own.add(
      new WebviewHost({
        webview: panel.webview,
        extensionUri: face.services.extensionUri,
        page: preview.page,
        title: basename(uri.path),
        showsMedia: true,
        handlers: session.handlers,
        onReady: () => session.onReady(),
      }),
    );
  }
}

/** VS Code's globs have no escape but a class of one character. */
function escapeGlob(name: string): string {
  return name.replace(/[[\]{}*?]/g, '[$&]');
}
