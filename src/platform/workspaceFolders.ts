import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';

/** Absolute paths of the workspace's folders, links resolved: what is in them may be anybody's. */
export async function workspaceFolders(): Promise<readonly string[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  return Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
}
