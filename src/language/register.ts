import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import { lazyAsync } from '../base/lazy.ts';
import type { Services } from '../platform/services.ts';
import { isOurs } from './vscode/documentLook.ts';
import { registerLanguageCommands } from './vscode/languageCommands.ts';
import { watchLargeTabs } from './vscode/largeTabs.ts';

/** The server's process starts with the first document that it understands, and not before. */
export function registerLanguage(services: Services): Disposable {
  const owned = new DisposableStore();
  const face = lazyAsync(async () => {
    const { startClient } = await import('./client.ts');
    return owned.add(await startClient(services));
  });
  const start = (document: vscode.TextDocument): void => {
    if (services.config.merged('language.enabled') !== false && isOurs(document)) {
      face().catch((error: unknown) => services.log.error('The language server could not be started', error));
    }
  };
  owned.add(vscode.workspace.onDidOpenTextDocument(start));
  owned.add(vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) {
      start(document);
    }
  }));
  owned.add(registerLanguageCommands(services, face));
  owned.add(watchLargeTabs(services, face));
  vscode.workspace.textDocuments.forEach(start);
  return owned;
}
