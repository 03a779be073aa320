import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { SyncNode } from '../view/syncNodes.ts';
import type { SyncModel } from './syncModel.ts';

/** Milliseconds in which what several boxes tell renews it once. */
const TOGETHER = 200;

/** The view “Remote Sync”: boxes, their targets and what was synced. */
export class SyncTree implements vscode.TreeDataProvider<SyncNode>, Disposable {
  private readonly own = new DisposableStore();
  private readonly renewed = this.own.add(new vscode.EventEmitter<undefined>());
  private readonly view: vscode.TreeView<SyncNode>;
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.renewed.event;

  constructor(
    private readonly model: SyncModel,
    onFirstShown: () => void,
  ) {
    this.view = this.own.add(vscode.window.createTreeView<SyncNode>('trainyard.sync', { treeDataProvider: this, showCollapseAll: true }));
    let shown = false;
    const update = (): void => {
      if (this.view.visible) {
        if (!shown) {
          shown = true;
          onFirstShown();
        }
        this.renew();
      }
    };
    this.own.add(this.view.onDidChangeVisibility(update));
    this.own.add(model.onDidChange(() => this.renewSoon()));
    update();
  }

  getChildren(node?: SyncNode): SyncNode[] {
    return [...(node?.children ?? this.model.nodes(Date.now()))];
  }

  getTreeItem(node: SyncNode): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.label, node.children.length === 0 ? None : node.expanded ? Expanded : Collapsed);
    item.id = node.key;
    item.description = node.description;
    item.tooltip = node.tooltip;
    item.iconPath = new vscode.ThemeIcon(node.icon, node.color === undefined ? undefined : new vscode.ThemeColor(node.color));
    item.contextValue = node.context;
    item.accessibilityInformation = { label: `${node.label}, ${node.description}` };
    if (node.kind === 'problem') {
      item.command = { command: 'trainyard.sync.editTargets', title: 'Open Targets' };
    }
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.own.dispose();
  }

  private renewSoon(): void {
    if (this.view.visible) {
      this.timer ??= setTimeout(() => this.renew(), TOGETHER);
    }
  }

  private renew(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.renewed.fire(undefined);
  }
}
