import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import * as vscode from 'vscode';
import { TARGETS_FILE } from '../targets/readTargets.ts';
import { askRemoteFolder, pickBox } from './pickTarget.ts';

const TITLE = 'Add Target';

/** Asks for the box and the folder, and writes the target into the workspace's own file. */
export async function addTarget(known: readonly string[]): Promise<void> {
  const folder = await workspaceFolder();
  if (folder === undefined) {
    return;
  }
  const box = await pickBox(TITLE, known);
  const remote = box && (await askRemoteFolder(TITLE, `~/${folder.name}`));
  if (box === undefined || remote === undefined) {
    return;
  }
  const file = join(folder.uri.fsPath, TARGETS_FILE);
  const text = await readFile(file, 'utf8').catch(emptyWhereMissing);
  const edits = modify(text, ['targets', -1], { box, remote: remote.trim() }, { isArrayInsertion: true, formattingOptions: { insertSpaces: true, tabSize: 2 } });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, applyEdits(text, edits));
}

/** Opens the file that targets are written in; made where it is not there. */
export async function editTargets(): Promise<void> {
  const folder = await workspaceFolder();
  if (folder === undefined) {
    return;
  }
  const file = join(folder.uri.fsPath, TARGETS_FILE);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, EMPTY, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  });
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}

const EMPTY = '{\n  "targets": []\n}\n';

function emptyWhereMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') {
    return EMPTY;
  }
  throw error;
}

async function workspaceFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) {
    throw new Error('Open the folder that is to be kept in step first: its targets are written in it.');
  }
  return folders.length === 1 ? folders[0] : vscode.window.showWorkspaceFolderPick({ placeHolder: `Folder whose ${TARGETS_FILE} it is written in` });
}
