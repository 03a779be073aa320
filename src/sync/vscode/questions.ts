import * as vscode from 'vscode';
import type { SshQuestion } from '../../process/ssh/link.ts';
import { printable } from '../../base/printable.ts';

const TITLES: Readonly<Record<SshQuestion['kind'], string>> = {
  passphrase: 'Passphrase of Key',
  password: 'Password',
  code: 'Verification Code',
  hostKey: 'Host Key',
  other: 'Question of ssh',
};
const TRUST = 'Trust This Key';

/** Puts what ssh asks before the person who asked for the connection; undefined where they would not answer. */
export async function answerQuestion({ host, kind, text, secret }: SshQuestion): Promise<string | undefined> {
  const lines = text.split('\n').map(printable);
  if (kind === 'hostKey') {
    const chosen = await vscode.window.showWarningMessage(`${host} shows a key that this machine has not seen before.`, { modal: true, detail: lines.join('\n') }, TRUST);
    return chosen === TRUST ? 'yes' : undefined;
  }
  return vscode.window.showInputBox({ title: `${TITLES[kind]}: ${host}`, prompt: lines.join(' '), password: secret, ignoreFocusOut: true });
}
