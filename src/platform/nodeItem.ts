import * as vscode from 'vscode';

/** A row of a tree as a room's core says it. */
export interface TreeNode {
  /** The same for as long as the row is there. */
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: ThemeIconName;
  /** Whether it stands open at first. */
  readonly expanded: boolean;
  readonly children: readonly unknown[];
  /** For a screen reader. */
  readonly spoken: string;
}

/** A name of VS Code's icons, and one of its theme's colours. */
export interface ThemeIconName {
  readonly name: string;
  readonly color?: string;
}

/** @param context what the menus in package.json ask for */
export function nodeItem({ key, label, description, tooltip, icon, expanded, children, spoken }: TreeNode, context: string): vscode.TreeItem {
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, children.length === 0 ? None : expanded ? Expanded : Collapsed);
  item.id = key;
  item.description = description;
  item.tooltip = tooltip;
  item.iconPath = themeIcon(icon);
  item.accessibilityInformation = { label: spoken };
  item.contextValue = context;
  return item;
}

export function themeIcon({ name, color }: ThemeIconName): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}
