import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { pickHost } from '../../platform/sshHosts.ts';
import { listSshHosts } from '../../process/ssh/hosts.ts';
import type { SyncNode } from '../view/syncNodes.ts';
import type { Direction, Target } from '../target.ts';

/** The target of a row of the view, or one that is picked. */
export async function pickTarget(row: unknown, targets: readonly Target[], placeHolder: string): Promise<Target | undefined> {
  const { target, box } = (typeof row === 'object' && row !== null ? row : {}) as Partial<SyncNode>;
  if (target !== undefined) {
    return box === undefined ? target : { ...target, boxes: [box] };
  }
  const items = targets.map((one) => ({ label: one.name, description: `${one.boxes.join(', ')}:${one.remote}`, detail: one.local, target: one }));
  return items.length < 2 ? items[0]?.target : (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.target;
}

/** Boxes that are known already stand before those of the ssh configuration. */
export async function pickBox(title: string, known: readonly string[]): Promise<string | undefined> {
  return pickHost(title, [...new Set([...known, ...(await listSshHosts())])]);
}

export async function askRemoteFolder(title: string, value: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: 'Folder on the box',
    value,
    validateInput: (path) => (/^(\/|~(\/|$))/.test(path.trim()) ? undefined : 'From / or from ~/'),
  });
}

/**
 * What a file or folder of the Explorer is synced by: the part of a target that it lies in, else a pair of folders that is asked
 * for. A file is the only name of its folder that takes part.
 */
export async function targetOfPath(path: string, direction: Direction, targets: readonly Target[], title: string): Promise<Target | undefined> {
  const isFolder = (await stat(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const only = isFolder ? [] : [`+ /${escaped(basename(path))}`, '- *'];
  const around = targets.filter(({ local }) => folder === local || folder.startsWith(`${local}/`));
  const within = around.length < 2 ? around[0] : await pickTarget(undefined, around, title);
  if (within !== undefined) {
    const part = relative(within.local, folder);
    return { ...within, name: basename(path), local: folder, remote: part === '' ? within.remote : `${within.remote}/${part}`, direction, boxes: direction === 'pull' ? within.boxes.slice(0, 1) : within.boxes, send: { ...within.send, rules: [...only, ...(isFolder ? within.send.rules : [])] }, from: 'typed' };
  }
  const box = around.length === 0 ? await pickBox(title, []) : undefined;
  const remote = box && (await askRemoteFolder(title, `~/${basename(folder)}`));
  return box === undefined || remote === undefined
    ? undefined
    : { name: basename(path), boxes: [box], local: folder, remote: remote.trim(), direction, send: { list: 'git', rules: only }, deletions: 'never', runsUnasked: false, checkpoints: [], from: 'typed' };
}

/** The path of a file on the box of a target that it lies in. */
export function remotePathIn({ local, remote }: Target, path: string): string {
  return join(remote, relative(local, path));
}

/** A name that means itself in a rule of rsync. */
function escaped(name: string): string {
  return name.replace(/[\\*?[\]]/g, '\\$&');
}
