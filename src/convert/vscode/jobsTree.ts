import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatCountOf } from '../../base/format.ts';
import { themeIcon } from '../../platform/nodeItem.ts';
import type { JobStatus } from '../job.ts';
import { isActive, jobRow } from '../view/jobRow.ts';
import type { TreeRow } from '../view/jobTree.ts';
import { jobChildren } from '../view/jobTree.ts';
import type { JobsChange, JobsModel } from '../view/jobsModel.ts';

const VIEW = 'trainyard.jobs';

/** A job in the tree: the same object for as long as the job is there, so that VS Code can renew it alone. */
export class JobNode {
  constructor(readonly jobId: string) {}
}

/** A row under a job. */
export class RowNode {
  constructor(
    readonly jobId: string,
    readonly row: TreeRow,
    readonly parent: JobNode | RowNode,
  ) {}
}

export type TreeNode = JobNode | RowNode;

/** The view “Jobs”: jobs, and under each what runs, what failed and why. Renewed only while somebody sees it. */
export class JobsTree implements vscode.TreeDataProvider<TreeNode>, Disposable {
  private readonly owned = new DisposableStore();
  private readonly nodes = new Map<string, JobNode>();
  private readonly renewed = this.owned.add(new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>());
  private readonly view: vscode.TreeView<TreeNode>;
  private isStale = false;
  private message = '';

  readonly onDidChangeTreeData = this.renewed.event;

  constructor(
    private readonly model: JobsModel,
    onShown: () => void,
  ) {
    this.view = this.owned.add(vscode.window.createTreeView<TreeNode>(VIEW, { treeDataProvider: this, showCollapseAll: true }));
    this.owned.add(model.onDidChange((change) => this.onChange(change)));
    this.owned.add(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          onShown();
          this.catchUp();
        }
      }),
    );
    if (this.view.visible) {
      onShown();
    }
  }

  /** A word above the jobs; the welcome text says it where there are none. */
  setMessage(message: string): void {
    this.message = message;
    this.view.message = this.model.all.length > 0 ? message : '';
  }

  async reveal(jobId: string): Promise<void> {
    // Seen first, so that it is renewed before and not while the job opens.
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    if (this.model.get(jobId) !== undefined) {
      await this.view.reveal(this.nodeOf(jobId), { select: true, focus: true, expand: true });
    }
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node === undefined) {
      return this.model.all.map(({ id }) => this.nodeOf(id));
    }
    if (node instanceof RowNode) {
      return (node.row.children ?? []).map((row) => new RowNode(node.jobId, row, node));
    }
    const status = this.model.get(node.jobId);
    return status === undefined ? [] : jobChildren(status).map((row) => new RowNode(node.jobId, row, node));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node instanceof RowNode ? node.parent : undefined;
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    if (node instanceof RowNode) {
      return rowItem(node);
    }
    const status = this.model.get(node.jobId);
    return status === undefined ? new vscode.TreeItem('removed') : jobItem(status);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private nodeOf(id: string): JobNode {
    const node = this.nodes.get(id) ?? new JobNode(id);
    this.nodes.set(id, node);
    return node;
  }

  private onChange({ changed, listChanged }: JobsChange): void {
    const running = this.model.all.filter(isActive).length;
    this.view.badge = running === 0 ? undefined : { value: running, tooltip: `${formatCountOf(running, 'conversion')} running` };
    this.setMessage(this.message);
    for (const id of this.nodes.keys()) {
      if (this.model.get(id) === undefined) {
        this.nodes.delete(id);
      }
    }
    if (!this.view.visible) {
      this.isStale = true;
    } else if (listChanged || changed.length === 0) {
      this.renewed.fire(undefined);
    } else {
      this.renewed.fire(changed.map(({ id }) => this.nodeOf(id)));
    }
  }

  private catchUp(): void {
    if (this.isStale) {
      this.isStale = false;
      this.renewed.fire(undefined);
    }
  }
}

function jobItem(status: JobStatus): vscode.TreeItem {
  const row = jobRow(status, Date.now());
  const item = new vscode.TreeItem(row.label, row.expandable ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  item.id = status.id;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.iconPath = themeIcon(row.icon);
  item.accessibilityInformation = { label: row.spoken };
  // The menus in package.json ask for `;ACTION;`.
  item.contextValue = `job;${row.actions.join(';')};`;
  return item;
}

function rowItem({ jobId, row }: RowNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    row.label,
    row.children === undefined || row.children.length === 0 ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = `${jobId}/${row.key}`;
  item.accessibilityInformation = { label: row.spoken ?? row.label };
  if (row.description !== undefined) {
    item.description = row.description;
  }
  if (row.tooltip !== undefined) {
    item.tooltip = row.tooltip;
  }
  if (row.icon !== undefined) {
    item.iconPath = themeIcon(row.icon);
  }
  if (row.failure !== undefined) {
    item.contextValue = ';showFailure;copyCommand;';
    if (row.children === undefined) {
      item.command = { command: 'trainyard.jobs.showFailure', title: 'Show Failure', arguments: [jobId, row.failure] };
    }
  }
  return item;
}
