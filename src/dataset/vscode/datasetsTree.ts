import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatCountOf } from '../../base/format.ts';
import { createThrottle } from '../../base/throttle.ts';
import type { Services } from '../../platform/services.ts';
import type { ThumbnailsApi } from '../thumbnails/thumbnailsApi.ts';
import { classNode, contextValue, datasetNode, folderNode, itemNode, moreNode, note, parentName, partNodes } from './datasetNodes.ts';
import type { DatasetNode } from './datasetNodes.ts';
import type { DatasetsModel } from './datasetsModel.ts';
import { openCommand } from './galleryActions.ts';
import { itemHover } from './itemHover.ts';
import type { ThreadShare } from './sharedThread.ts';

const INTERVAL = 1000;
/** Items of a folder that are shown at first, and with each "more". */
const PAGE = 200;
const MOST_CLASSES = 500;

/** The view “Datasets”. Looks for nothing, and opens nothing, before somebody sees it in a trusted workspace. */
export class DatasetsTree implements vscode.TreeDataProvider<DatasetNode>, Disposable {
  private readonly own = new DisposableStore();
  private readonly renewed = this.own.add(new vscode.EventEmitter<DatasetNode | undefined>());
  private readonly view: vscode.TreeView<DatasetNode>;
  private readonly renew = this.own.add(createThrottle(INTERVAL, () => this.flush()));
  private readonly stale = new Set<string | undefined>();
  /** Rows of datasets as they were given last, for renewing one of them alone. */
  private datasets = new Map<string, DatasetNode>();
  private readonly parents = new Map<string, DatasetNode>();
  /** Items shown of a folder, by its row. */
  private readonly shown = new Map<string, number>();

  readonly onDidChangeTreeData = this.renewed.event;

  constructor(
    private readonly model: DatasetsModel,
    private readonly services: Services,
    private readonly thumbnails: ThreadShare<ThumbnailsApi>,
  ) {
    this.view = this.own.add(vscode.window.createTreeView<DatasetNode>('trainyard.datasets', { treeDataProvider: this, showCollapseAll: true, canSelectMany: true }));
    this.own.add(this.view.onDidChangeVisibility(() => this.look()));
    this.own.add(this.view.onDidChangeSelection(({ selection }) => selection.length === 1 && selection.forEach((node) => this.showMore(node))));
    this.own.add(services.trust.onDidGrant(() => this.look()));
    this.own.add(
      model.onDidChange((root) => {
        this.stale.add(root);
        this.renew.request();
      }),
    );
    this.look();
  }

  async getChildren(node?: DatasetNode): Promise<DatasetNode[]> {
    if (node === undefined) {
      return this.roots();
    }
    const children = await this.childrenOf(node);
    children.forEach(({ key }) => this.parents.set(key, node));
    return [...children];
  }

  getParent({ key }: DatasetNode): DatasetNode | undefined {
    return this.parents.get(key);
  }

  getTreeItem(node: DatasetNode): vscode.TreeItem {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.label, node.isOpenable ? Collapsed : None);
    item.id = node.key;
    item.description = node.description;
    item.iconPath = new vscode.ThemeIcon(node.icon, node.color === undefined ? undefined : new vscode.ThemeColor(node.color));
    item.contextValue = contextValue(node, this.model.isAdded(node.root));
    if (node.tooltip !== undefined) {
      item.tooltip = node.tooltip;
    }
    if (node.subject.kind === 'part') {
      item.command = { command: 'trainyard.dataset.openGallery', title: 'Open Gallery', arguments: [node] };
    } else if (node.subject.kind === 'item') {
      item.command = openCommand(node.subject.item);
    }
    return item;
  }

  /** The card with the picture is made when the pointer rests on a row. */
  async resolveTreeItem(item: vscode.TreeItem, node: DatasetNode, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
    if (node.subject.kind === 'item') {
      item.tooltip = await itemHover(node.subject.item, this.thumbnails, token);
    }
    return item;
  }

  private showMore(node: DatasetNode): void {
    if (node.subject.kind === 'more') {
      const parent = this.parents.get(node.key);
      this.shown.set(parent?.key ?? '', node.subject.shown + PAGE);
      this.renewed.fire(parent);
    }
  }

  dispose(): void {
    this.own.dispose();
  }

  private look(): void {
    if (this.view.visible && this.services.trust.isGranted) {
      void this.model.find();
    }
  }

  private flush(): void {
    const stale = [...this.stale];
    this.stale.clear();
    if (!this.view.visible) {
      this.stale.add(undefined);
    } else if (stale.includes(undefined)) {
      this.renewed.fire(undefined);
    } else {
      stale.forEach((root) => this.renewed.fire(this.datasets.get(root ?? '')));
    }
  }

  private async roots(): Promise<DatasetNode[]> {
    const { model, services } = this;
    if (!services.trust.isGranted || !this.view.visible) {
      return [];
    }
    await model.find();
    const { search, datasets } = model;
    services.keys.set({ 'trainyard.datasets.ready': true, 'trainyard.datasets.any': datasets.length > 0, 'trainyard.datasets.excluded': model.excluded.length > 0 });
    this.view.message = datasets.length === 0 && search ? lookedWords(search) : '';
    const nodes = datasets.map((dataset) => datasetNode(dataset, model.summaryOf(dataset.root), model.isAdded(dataset.root)));
    const labels = nodes.map(({ label }) => label);
    // Two of one name are told apart by the folder that they lie in.
    const named = nodes.map((node) => (labels.indexOf(node.label) === labels.lastIndexOf(node.label) ? node : { ...node, description: `${parentName(node.root)} · ${node.description}` }));
    this.datasets = new Map(named.map((node) => [node.root, node]));
    return named;
  }

  private async childrenOf({ root, subject, key }: DatasetNode): Promise<readonly DatasetNode[]> {
    try {
      switch (subject.kind) {
        case 'dataset':
          return partNodes(this.model.summaryOf(root) ?? (await this.model.open(root)));
        case 'classes':
          return await this.classes(root);
        case 'folder':
          return await this.folder(root, subject.folder, this.shown.get(key) ?? PAGE);
        default:
          return [];
      }
    } catch (error) {
      return [note(root, error instanceof Error ? error.message : String(error))];
    }
  }

  private async classes(root: string): Promise<readonly DatasetNode[]> {
    const [facet] = await this.model.catalogue.request('facets', { root, filter: '', columns: ['label'] });
    const values = facet?.kind === 'values' ? facet.values.filter(({ value }) => value !== null).slice(0, MOST_CLASSES) : [];
    return values.length === 0 ? [note(root, 'No classes are known.')] : values.map(({ value, count }) => classNode(root, value ?? '', count));
  }

  private async folder(root: string, folder: string, count: number): Promise<readonly DatasetNode[]> {
    const { folders, items, total } = await this.model.catalogue.request('children', { root, folder, offset: 0, count });
    return [
      ...folders.map(({ path, files }) => folderNode(root, path, files)),
      ...items.map((item) => itemNode(root, item)),
      ...(total > items.length ? [moreNode(root, folder, items.length, total)] : []),
    ];
  }
}

function lookedWords({ folders, unreadable, more }: { readonly folders: number; readonly unreadable: readonly string[]; readonly more: boolean }): string {
  if (folders === 0) {
    return '';
  }
  return `Looked at ${more ? 'the first ' : ''}${formatCountOf(folders, 'folder')}${unreadable.length > 0 ? `; ${formatCountOf(unreadable.length, 'folder')} could not be read` : ''}.`;
}
