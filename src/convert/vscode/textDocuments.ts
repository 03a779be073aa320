import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';

const SCHEME = 'trainyard';

/** Texts to read and not to write: a tab each, renewed when shown again, forgotten when closed. */
export class TextDocuments implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly texts = new Map<string, string>();
  private readonly changed = this.owned.add(new vscode.EventEmitter<vscode.Uri>());

  constructor() {
    this.owned.add(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: (uri) => this.texts.get(uri.path) ?? 'Close this tab and open it again from Trainyard.',
      }),
    );
    this.owned.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) {
          this.texts.delete(uri.path);
        }
      }),
    );
  }

  /** `path` names the document, and its last part the tab. */
  async show(path: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${path}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  dispose(): void {
    this.owned.dispose();
  }
}
