import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { nodeItem } from '../../platform/nodeItem.ts';
import { contextValue, hostNode } from '../view/tree.ts';
import type { SystemNode } from '../view/tree.ts';
import type { BoxesModel } from './boxesModel.ts';
import type { Look } from './machineModel.ts';
import type { SystemModel } from './systemModel.ts';

const INTERVAL = 2000;
/** Milliseconds in which what several machines tell renews it once. */
const TOGETHER = 200;

/** The view “System”: machines, their GPUs and who holds them. Renewed only while somebody sees it. */
export class SystemTree implements vscode.TreeDataProvider<SystemNode>, Disposable {
  private readonly owned = new DisposableStore();
  private readonly renewed = this.owned.add(new vscode.EventEmitter<undefined>());
  private readonly view: vscode.TreeView<SystemNode>;
  private readonly look: Look;
  private parents = new Map<string, SystemNode>();
  private boxes: BoxesModel | undefined;
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.renewed.event;

  constructor(private readonly model: SystemModel) {
    this.look = this.owned.add(model.look());
    this.view = this.owned.add(vscode.window.createTreeView<SystemNode>('trainyard.system', { treeDataProvider: this, showCollapseAll: true, canSelectMany: true }));
    this.owned.add(this.view.onDidChangeVisibility(() => this.update()));
    this.owned.add(model.onDidChange(() => this.renewSoon()));
    this.update();
  }

  getChildren(node?: SystemNode): SystemNode[] {
    if (node !== undefined) {
      node.children.forEach((child) => this.parents.set(child.key, node));
      return [...node.children];
    }
    const { holdings, viewer, watch } = this.model;
    this.parents = new Map();
    const now = Date.now();
    return [...(holdings === undefined ? [] : [hostNode(holdings, { viewer, now, watch })]), ...(this.boxes?.nodes(now) ?? [])];
  }

  /** Shows other machines below this one from now on. */
  addBoxes(boxes: BoxesModel): void {
    this.boxes = boxes;
    this.owned.add(boxes.onDidChange(() => this.renewSoon()));
    this.owned.add({ dispose: () => boxes.setShown(this, false) });
    this.update();
  }

  getParent(node: SystemNode): SystemNode | undefined {
    return this.parents.get(node.key);
  }

  getTreeItem(node: SystemNode): vscode.TreeItem {
    return nodeItem(node, contextValue(node));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.owned.dispose();
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

  private update(): void {
    this.look.wish(this.view.visible ? { interval: INTERVAL, detail: 'gpus' } : undefined);
    this.boxes?.setShown(this, this.view.visible);
    if (this.view.visible) {
      this.renew();
    }
  }
}
