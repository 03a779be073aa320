import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Uri } from 'vscode';
import { CancellationTokenSource, ProgressLocation, TabInputCustom, TabInputText, window } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatPercent } from '../../base/format.ts';
import type { Services } from '../../platform/services.ts';
import type { LanguageFace } from '../client.ts';

/** Of larger files VS Code gives extensions no document. (textModel.ts, _MODEL_SYNC_LIMIT) */
const MOST_SYNCED = 50 * 2 ** 20;
const NAMES = /\.(?:jsonl|ndjson|json|csv|tsv|scp)$|\/(?:segments|text|utt2spk|utt2dur)$/i;

/** Has the server check manifests in tabs that are too large for documents, for as long as they are open. */
export function watchLargeTabs({ config, log }: Services, face: () => Promise<LanguageFace>): Disposable {
  const owned = new DisposableStore();
  const checked = new Map<string, Disposable>();
  const look = async (): Promise<void> => {
    const open = new Map(window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(({ input }) => ((input instanceof TabInputText || input instanceof TabInputCustom) && input.uri.scheme === 'file' ? [[input.uri.toString(), input.uri] as const] : []))));
    for (const [key, check] of checked) {
      if (!open.has(key)) {
        checked.delete(key);
        check.dispose();
      }
    }
    if (config.merged('language.checkLargeFiles') === false) {
      return;
    }
    for (const [key, uri] of open) {
      if (!checked.has(key) && NAMES.test(uri.path) && (await sizeOf(uri)) > MOST_SYNCED && !checked.has(key)) {
        checked.set(key, checkLarge(uri, face, log));
      }
    }
  };
  const lookSafely = (): void => void look().catch((error: unknown) => log.error('Tabs could not be looked at', error));
  owned.add(window.tabGroups.onDidChangeTabs(lookSafely));
  owned.add({
    dispose() {
      for (const check of checked.values()) {
        check.dispose();
      }
    },
  });
  lookSafely();
  return owned;
}

/** One file's check; its end takes its problems away. */
export function checkLarge(uri: Uri, face: () => Promise<LanguageFace>, log: Services['log']): Disposable {
  const source = new CancellationTokenSource();
  let server: LanguageFace | undefined;
  const run = window.withProgress({ location: ProgressLocation.Window, title: `Checking ${basename(uri.fsPath)}` }, async (progress) => {
    server = await face();
    const listening = server.onFileProgress(({ uri: of, bytes, size }) => {
      if (of === uri.toString() && size > 0) {
        progress.report({ message: formatPercent(bytes / size) });
      }
    });
    try {
      const { rows, problems, seconds } = await server.checkFile(uri, source.token);
      log.info(`${uri.fsPath}: ${rows} rows with ${problems} problems, in ${seconds.toFixed(1)} s`);
    } finally {
      listening.dispose();
    }
  });
  run.then(undefined, (error: unknown) => {
    if (!source.token.isCancellationRequested) {
      log.warn(`${uri.fsPath} was not checked: ${(error as Error).message}`);
    }
  });
  return {
    dispose() {
      source.cancel();
      source.dispose();
      server?.forgetFile(uri).catch(() => undefined);
    },
  };
}

async function sizeOf(uri: Uri): Promise<number> {
  try {
    const found = await stat(uri.fsPath);
    return found.isFile() ? found.size : 0;
  } catch {
    return 0;
  }
}
