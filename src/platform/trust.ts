import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Notify } from './notify.ts';

const MANAGE = 'Manage Workspace Trust';

/** Whether tools may be run on what is in this window. */
export class Trust {
  constructor(private readonly notify: Notify) {}

  get isGranted(): boolean {
    return vscode.workspace.isTrusted;
  }

  onDidGrant(listener: () => void): Disposable {
    return vscode.workspace.onDidGrantWorkspaceTrust(listener);
  }

  /** True where tools may run; says why not, and offers the way out, where they may not. */
  async check(): Promise<boolean> {
    if (this.isGranted) {
      return true;
    }
    const action = await this.notify.info('This workspace is not trusted, so Trainyard runs no tool in it.', MANAGE);
    if (action === MANAGE) {
      await vscode.commands.executeCommand('workbench.trust.manage');
    }
    return false;
  }
}
