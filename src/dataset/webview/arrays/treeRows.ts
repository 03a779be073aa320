import type { ArrayRow, ArrayRows } from './protocol.ts';

export interface TreeLine {
  readonly row?: ArrayRow;
  readonly depth: number;
  /** Of groups. */
  readonly open?: boolean;
  /** Stands for the children of `path` that are not there yet. */
  readonly more?: { readonly path: string; readonly from: number; readonly left: number };
}

/** The tree's lines, of which groups are opened one by one; their children come from the host. */
export class TreeRows {
  private readonly children = new Map<string, { rows: ArrayRow[]; total: number }>();
  private readonly opened = new Set<string>();

  reset(root: ArrayRows): void {
    this.children.clear();
    this.opened.clear();
    this.children.set('', { rows: [...root.rows], total: root.total });
  }

  add(path: string, { rows, total }: ArrayRows): void {
    const there = this.children.get(path);
    this.children.set(path, { rows: [...(there?.rows ?? []), ...rows], total });
  }

  isLoaded(path: string): boolean {
    return this.children.has(path);
  }

  isOpen(path: string): boolean {
    return this.opened.has(path);
  }

  toggle(path: string, open = !this.opened.has(path)): void {
    if (open) {
      this.opened.add(path);
    } else {
      this.opened.delete(path);
    }
  }

  get lines(): readonly TreeLine[] {
    const lines: TreeLine[] = [];
    const visit = (path: string, depth: number) => {
      const group = this.children.get(path);
      for (const row of group?.rows ?? []) {
        const open = row.group === undefined ? undefined : this.opened.has(row.path);
        lines.push({ row, depth, ...(open !== undefined && { open }) });
        if (open === true) {
          visit(row.path, depth + 1);
        }
      }
      const left = (group?.total ?? 0) - (group?.rows.length ?? 0);
      if (left > 0) {
        lines.push({ depth, more: { path, from: group?.rows.length ?? 0, left } });
      }
    };
    visit('', 0);
    return lines;
  }

  /** The first array in sight, or in the first groups. */
  get firstArray(): ArrayRow | undefined {
    return this.lines.find(({ row }) => row?.array !== undefined && row.array.unreadable === undefined)?.row;
  }
}
