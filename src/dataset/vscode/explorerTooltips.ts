import { setImmediate } from 'node:timers/promises';
import { FileDecoration, window } from 'vscode';
import type { CancellationToken, Disposable, Uri } from 'vscode';
import { isMedium } from '../../media/names.ts';
import { createProber } from '../../media/probe.ts';
import { factsOfFile } from './factsPick.ts';

/** What stands in the tooltip already, or is too much for it. */
const LEFT_OUT = new Set(['Path', 'Modified']);

/** Adds what a file is by its header to the tooltip of its row in the Explorer and of its tab: VS Code asks for rows in view alone. */
export function registerExplorerTooltips(): Disposable {
  const prober = createProber();
  return window.registerFileDecorationProvider({
    async provideFileDecoration({ scheme, fsPath }: Uri, token: CancellationToken) {
      if (scheme !== 'file' || !isMedium(fsPath)) {
        return undefined;
      }
      // Rows come by the hundred, and each header is a read: others have their turn between two.
      await setImmediate();
      if (token.isCancellationRequested) {
        return undefined;
      }
      const facts = await factsOfFile(fsPath, prober);
      return new FileDecoration(undefined, facts.filter(({ name }) => !LEFT_OUT.has(name)).map(({ value }) => value).join(' · '));
    },
  });
}
