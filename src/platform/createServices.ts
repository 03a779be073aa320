import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { Config } from './config.ts';
import { ContextKeys } from './contextKeys.ts';
import type { Log } from './log.ts';
import type { Notify } from './notify.ts';
import type { Services } from './services.ts';
import { Trust } from './trust.ts';

export function createServices(context: vscode.ExtensionContext, log: Log, notify: Notify): Services {
  return {
    installation: { root: context.extensionUri.fsPath },
    extensionUri: context.extensionUri,
    storage: context.globalStorageUri.fsPath,
    memory: context.globalState,
    config: new Config(),
    log,
    notify,
    trust: new Trust(notify),
    keys: new ContextKeys(),
    command: (id, run) => registerCommand(id, run, log, notify),
  };
}

function registerCommand(id: string, run: (...args: readonly unknown[]) => unknown, log: Log, notify: Notify): Disposable {
  return vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      log.error(`${id} failed`, error);
      void notify.error(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  });
}
