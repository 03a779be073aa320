import type { BytePath } from '../../base/bytePath.ts';
import type { PlanItem } from '../plan.ts';

/** A name of the tree of a plan. All below it are numbered from the one after it up to `end`. */
export interface PlanNode {
  readonly name: BytePath;
  readonly item: PlanItem | undefined;
  /** -1 for the root, which is the first. */
  readonly parent: number;
  readonly depth: number;
  readonly children: readonly number[];
  readonly end: number;
}

interface Folder {
  readonly name: BytePath;
  item: PlanItem | undefined;
  readonly below: Map<BytePath, Folder>;
}

/** Folders first, then by the bytes of their names; names that differ in nothing are there only where something below does. */
export function buildNodes(items: readonly PlanItem[], rootName: BytePath): readonly PlanNode[] {
  const root = folderOf(rootName);
  for (const item of items) {
    let at = root;
    for (const name of item.path === '' ? [] : item.path.split('/')) {
      let next = at.below.get(name);
      if (next === undefined) {
        next = folderOf(name);
        at.below.set(name, next);
      }
      at = next;
    }
    at.item = item;
  }

  const nodes: { -readonly [K in keyof PlanNode]: PlanNode[K] }[] = [];
  function number(folder: Folder, parent: number, depth: number): number {
    const id = nodes.length;
    const children: number[] = [];
    const node = { name: folder.name, item: folder.item, parent, depth, children, end: id + 1 };
    nodes.push(node);
    for (const child of inOrder(folder)) {
      children.push(number(child, id, depth + 1));
    }
    node.end = nodes.length;
    return id;
  }
  number(root, -1, 0);
  return nodes;
}

function folderOf(name: BytePath): Folder {
  return { name, item: undefined, below: new Map() };
}

function inOrder({ below }: Folder): readonly Folder[] {
  return [...below.values()].sort((one, other) => Number(isFolder(other)) - Number(isFolder(one)) || (one.name < other.name ? -1 : 1));
}

function isFolder({ item, below }: Folder): boolean {
  return below.size > 0 || (item?.source ?? item?.sink)?.kind === 'folder';
}
