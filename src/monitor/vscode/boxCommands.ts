import * as vscode from 'vscode';
import { openSshTerminal, pickHost } from '../../platform/sshHosts.ts';
import { listSshHosts } from '../../process/ssh/hosts.ts';
import type { SystemNode } from '../view/tree.ts';
import type { BoxesModel } from './boxesModel.ts';

const SETTING = 'trainyard.monitor.boxes';

/** Adds a name of the ssh configuration, or one that is typed, to the user's settings. */
export async function addBox(boxes: BoxesModel): Promise<void> {
  const known = (await listSshHosts()).filter((alias) => !boxes.aliases.includes(alias));
  const alias = await pickHost('Add Box', known);
  if (alias !== undefined) {
    await save([...boxes.aliases, alias]);
  }
}

export async function removeBox(boxes: BoxesModel, target: unknown): Promise<void> {
  const alias = await aliasOf(boxes, target);
  if (alias !== undefined) {
    await save(boxes.aliases.filter((each) => each !== alias));
  }
}

/** Opens a terminal in which the person signs in, and looks again when it is closed. */
export async function signIn(boxes: BoxesModel, target: unknown): Promise<void> {
  const alias = await aliasOf(boxes, target);
  const box = alias === undefined ? undefined : boxes.box(alias);
  if (alias === undefined || box?.link.kind !== 'signIn') {
    return;
  }
  const terminal = openSshTerminal(`Sign in: ${alias}`, box.link.command);
  const closed = vscode.window.onDidCloseTerminal((one) => {
    if (one === terminal) {
      closed.dispose();
      boxes.box(alias)?.retry();
    }
  });
}

/** A shell there: what is to be done to its processes is done by the person who signs in. */
export async function openBoxTerminal(boxes: BoxesModel, target: unknown): Promise<void> {
  const alias = await aliasOf(boxes, target);
  if (alias !== undefined) {
    openSshTerminal(alias, ['ssh', alias]);
  }
}

export async function retryBox(boxes: BoxesModel, target: unknown): Promise<void> {
  const alias = await aliasOf(boxes, target);
  if (alias !== undefined) {
    boxes.box(alias)?.retry();
  }
}

async function aliasOf({ aliases }: BoxesModel, target: unknown): Promise<string | undefined> {
  const { subject, machine } = (target ?? {}) as Partial<SystemNode> & { readonly machine?: string };
  const named = subject?.kind === 'box' ? subject.alias : machine;
  if (named !== undefined && named !== '') {
    return aliases.find((alias) => alias === named);
  }
  return aliases.length < 2 ? aliases[0] : vscode.window.showQuickPick([...aliases], { placeHolder: 'Which box' });
}

async function save(aliases: readonly string[]): Promise<void> {
  await vscode.workspace.getConfiguration().update(SETTING, aliases, vscode.ConfigurationTarget.Global);
}
