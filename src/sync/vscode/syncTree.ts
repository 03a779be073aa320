import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { createThrottle } from '../../base/throttle.ts';
import { nodeItem } from '../../platform/nodeItem.ts';
import type { SyncNode } from '../view/syncNodes.ts';
import type { SyncModel } from './syncModel.ts';

/** Milliseconds between two renewals, however much several boxes tell. */
const TOGETHER = 200;

/** The view “Remote Sync”: boxes, their targets and what was synced. */
export class SyncTree implements vscode.TreeDataProvider<SyncNode>, Disposable {
  private readonly own = new DisposableStore();
  private readonly renewed = this.own.add(new vscode.EventEmitter<undefined>());
  private readonly view: vscode.TreeView<SyncNode>;
  private readonly renew = this.own.add(createThrottle(TOGETHER, () => this.renewed.fire(undefined)));

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
        this.renew.request();
      }
    };
    this.own.add(this.view.onDidChangeVisibility(update));
    this.own.add(model.onDidChange(() => this.view.visible && this.renew.request()));
    update();
  }

  getChildren(node?: SyncNode): SyncNode[] {
    return [...(node?.children ?? this.model.nodes(Date.now()))];
  }

  getTreeItem(node: SyncNode): vscode.TreeItem {
    const { icon, color, label, description, context } = node;
    const item = nodeItem({ ...node, icon: { name: icon, ...(color !== undefined && { color }) }, spoken: `${label}, ${description}` }, context);
    if (node.kind === 'problem') {
      item.command = { command: 'trainyard.sync.editTargets', title: 'Open Targets' };
    }
    return item;
  }

  dispose(): void {
    this.own.dispose();
  }
}
