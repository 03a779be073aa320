import * as vscode from 'vscode';
import { shellLine } from '../base/shellWords.ts';
import { isSshHost } from '../process/ssh/hosts.ts';

const OTHER = 'Another host…';

/** Asks for one of these hosts, or for another that is typed; undefined where nothing was chosen. */
export async function pickHost(title: string, hosts: readonly string[]): Promise<string | undefined> {
  const picked = hosts.length === 0 ? OTHER : await vscode.window.showQuickPick([...hosts, OTHER], { title, placeHolder: 'A host of your ssh configuration' });
  return picked === OTHER
    ? (await vscode.window.showInputBox({ title, prompt: 'As you would give it to ssh', placeHolder: 'user@host', validateInput: (value) => (isSshHost(value.trim()) ? undefined : 'A name or an address that ssh takes') }))?.trim()
    : picked;
}

/** A shell on a host: what is done there is done as the person who signs in, with their own eyes on it. */
export function openSshTerminal(name: string, words: readonly string[]): vscode.Terminal {
  const terminal = vscode.window.createTerminal({ name });
  terminal.show();
  terminal.sendText(shellLine(words), true);
  return terminal;
}
