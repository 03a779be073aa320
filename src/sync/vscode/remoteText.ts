import * as vscode from 'vscode';
import { shownPath, systemPath, toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { SyncError } from '../syncError.ts';
import type { SyncThread } from './syncModel.ts';

/** Texts of boxes, to be compared: `trainyard-there://BOX/absolute/path`. */
export const REMOTE_TEXT_SCHEME = 'trainyard-there';

/** Bytes. */
const LARGEST = 16 * 1024 * 1024;

export function registerRemoteText(thread: SyncThread): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(REMOTE_TEXT_SCHEME, {
    async provideTextDocumentContent({ authority, path }) {
      const bytes = await thread.request('readFile', { box: authority, path: toBytePath(path), most: LARGEST });
      return Buffer.from(bytes).toString('utf8');
    },
  });
}

/** Shows both sides of a file, the box's on the left. */
export async function compareText(box: string, local: BytePath, remote: BytePath): Promise<void> {
  const [here, there] = [local, remote].map((path) => systemPath(path).toString('utf8'));
  if (here === undefined || there === undefined || here.includes('\ufffd') || there.includes('\ufffd')) {
    throw new SyncError('failed', `The name ${shownPath(local)} is not UTF-8, so VS Code cannot open it.`);
  }
  const left = vscode.Uri.from({ scheme: REMOTE_TEXT_SCHEME, authority: box, path: there });
  await vscode.commands.executeCommand('vscode.diff', left, vscode.Uri.file(here), `${shownPath(local).split('/').at(-1)} (${box} ↔ here)`);
}
