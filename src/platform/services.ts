import type * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Installation } from '../installation.ts';
import type { Config } from './config.ts';
import type { ContextKeys } from './contextKeys.ts';
import type { Log } from './log.ts';
import type { Notify } from './notify.ts';
import type { Trust } from './trust.ts';

/** What the rooms' faces are built on; made once in `extension.ts` and handed down. */
export interface Services {
  readonly installation: Installation;
  readonly extensionUri: vscode.Uri;
  /** Absolute path of the folder for what is kept over all workspaces; it may not exist yet. */
  readonly storage: string;
  /** Remembered over all workspaces. */
  readonly memory: vscode.Memento;
  readonly config: Config;
  readonly log: Log;
  readonly notify: Notify;
  readonly trust: Trust;
  readonly keys: ContextKeys;
  /** Registers a command whose failure is logged and told, and never lost. */
  readonly command: (id: string, run: (...args: readonly unknown[]) => unknown) => Disposable;
}
