import { known } from '../../base/absent.ts';
import type { ArrayEntry, ArrayNode, ArrayNodes } from './arraySource.ts';

interface Group {
  readonly path: string;
  readonly children: Map<string, Group | ArrayEntry>;
}

const NUMBER = /^\d+$/;

/** Arrays as a tree by the parts of their names. A group with a single child is one line with it, whatever that is. */
export class ArrayTree {
  private readonly root: Group = { path: '', children: new Map() };
  private readonly groups = new Map<string, Group>([['', this.root]]);

  constructor(
    entries: readonly ArrayEntry[],
    private readonly separator: string,
  ) {
    for (const entry of entries) {
      this.add(entry);
    }
    this.groups.forEach(sortNumbers);
  }

  children(path: string, from: number, count: number): ArrayNodes {
    const group = this.groups.get(path);
    const children = [...(group?.children ?? [])];
    const prefix = path === '' ? 0 : path.length + this.separator.length;
    return { total: children.length, nodes: children.slice(from, from + count).map(([, child]) => this.node(child, prefix)) };
  }

  private node(child: Group | ArrayEntry, prefix: number): ArrayNode {
    if (!isGroup(child)) {
      return { label: child.path.slice(prefix) || child.path, path: child.path, entry: child };
    }
    const only = child.children.size === 1 ? [...child.children.values()][0] : undefined;
    if (only) {
      return this.node(only, prefix);
    }
    let count = 0;
    let bytes = 0;
    const types = new Set<string>();
    const visit = (group: Group) => {
      for (const inner of group.children.values()) {
        if (isGroup(inner)) {
          visit(inner);
        } else {
          count++;
          bytes += known(inner.bytes) ?? 0;
          types.add(inner.type.name);
        }
      }
    };
    visit(child);
    return { label: child.path.slice(prefix), path: child.path, group: { count, bytes, types: [...types].slice(0, 4), attributes: [] } };
  }

  private add(entry: ArrayEntry): void {
    // An array may have the name of another's group, as `a` and `a.b`: it is then a line beside the group.
    const parts = entry.path.split(this.separator);
    let group = this.root;
    for (const part of parts.slice(0, -1).slice(0, 64)) {
      const path = group.path === '' ? part : `${group.path}${this.separator}${part}`;
      let next = this.groups.get(path);
      if (next === undefined) {
        next = { path, children: new Map() };
        this.groups.set(path, next);
        group.children.set(`g${part}`, next);
      }
      group = next;
    }
    group.children.set(`a${entry.path}`, entry);
  }
}

function isGroup(child: Group | ArrayEntry): child is Group {
  return 'children' in child;
}

/** Layers are counted: 2 stands before 10. */
function sortNumbers(group: Group): void {
  const parts = [...group.children];
  const number = ([key]: (typeof parts)[number]) => (NUMBER.test(key.slice(1)) ? Number(key.slice(1)) : undefined);
  if (parts.length > 1 && parts.every((part) => number(part) !== undefined)) {
    parts.sort((one, other) => (number(one) ?? 0) - (number(other) ?? 0));
    group.children.clear();
    parts.forEach(([key, child]) => group.children.set(key, child));
  }
}
