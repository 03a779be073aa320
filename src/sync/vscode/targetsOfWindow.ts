import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Config } from '../../platform/config.ts';
import type { Target } from '../target.ts';
import { parseTargets } from '../targets/parseTargets.ts';
import { readTargetsFile, TARGETS_FILE } from '../targets/readTargets.ts';

const SETTING = 'sync.targets';

/** The targets of a window: those of its folders' own files, then the user's. */
export class TargetsOfWindow implements Disposable {
  private readonly own = new DisposableStore();
  private readonly changed = this.own.add(new Emitter<void>());
  private found: { readonly targets: readonly Target[]; readonly problems: readonly string[] } = { targets: [], problems: [] };

  readonly onDidChange = this.changed.event;

  constructor(private readonly config: Pick<Config, 'ofUser' | 'onDidChange'>) {
    const watcher = this.own.add(vscode.workspace.createFileSystemWatcher(`**/${TARGETS_FILE}`));
    const renew = (): void => this.renew();
    this.own.add(watcher.onDidChange(renew));
    this.own.add(watcher.onDidCreate(renew));
    this.own.add(watcher.onDidDelete(renew));
    this.own.add(vscode.workspace.onDidChangeWorkspaceFolders(renew));
    this.own.add(config.onDidChange(SETTING, renew));
    this.renew();
  }

  get targets(): readonly Target[] {
    return this.found.targets;
  }

  get problems(): readonly string[] {
    return this.found.problems;
  }

  named(name: string): Target | undefined {
    return this.targets.find((target) => target.name === name);
  }

  dispose(): void {
    this.own.dispose();
  }

  private renew(): void {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
    const files = folders.map(readTargetsFile);
    const targets = files.flatMap((file) => file.targets);
    const user = parseTargets(this.config.ofUser('sync.targets') ?? [], { from: 'user', folder: homedir(), path: `trainyard.${SETTING}`, taken: targets.map(({ name }) => name) });
    this.found = {
      targets: [...targets, ...user.targets],
      problems: [...files.flatMap(({ problems }) => problems.map(({ message }) => message)), ...user.problems.map(({ key, message }) => `${key} ${message}`)],
    };
    this.changed.fire();
  }
}
