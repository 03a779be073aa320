import { shownPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Approval, GuardCode, PlanItem, SyncPlan } from '../plan.ts';
import type { PlanAction, PlanRow, Sums, Tick } from '../webview/planProtocol.ts';
import { buildNodes } from './planNodes.ts';
import type { PlanNode } from './planNodes.ts';

/** Rows up to which folders stand open at first. */
const OPEN_AT_FIRST = 40;

type Counting = { -readonly [K in PlanAction]: number } & { readonly ticked: { -readonly [K in keyof Sums['ticked']]: number } };

interface Below {
  /** What is no folder and not skipped, and what of it is ticked. */
  files: number;
  ticked: number;
  /** Items that can be ticked, folders too, and those that are. */
  tickable: number;
  on: number;
  bytes: number;
  /** Of what is below; undefined where nothing is, `mixed` where there are several. */
  action: PlanAction | 'mixed' | undefined;
  held: boolean;
}

/**
 * A plan as a tree in which a person ticks: folders with the sums of what is below them. Nodes are numbered so that all below one
 * follow it. Deletions and conflicts start unticked; what a guard holds back cannot be ticked before the guard is released.
 */
export class PlanTree {
  private readonly nodes: readonly PlanNode[];
  private readonly below: Below[];
  private readonly ticked: Uint8Array;
  private readonly keeps = new Map<number, 'source' | 'sink'>();
  private readonly released = new Set<GuardCode>();
  private readonly opened = new Set<number>();
  private actions: ReadonlySet<PlanAction> = new Set();
  private text = '';
  private visible: readonly number[] | undefined;
  private count: Sums;

  constructor(
    readonly plan: SyncPlan,
    rootName: string,
  ) {
    this.nodes = buildNodes(plan.items, rootName);
    this.ticked = new Uint8Array(this.nodes.length);
    this.nodes.forEach(({ item }, id) => {
      if ((item?.action === 'create' || item?.action === 'update') && !this.isHeld(id)) {
        this.ticked[id] = 1;
      }
    });
    this.below = this.nodes.map(() => ({ ticked: 0, files: 0, tickable: 0, on: 0, bytes: 0, action: undefined, held: false }));
    this.count = this.sumUp();
    this.openSome();
  }

  get sums(): Sums {
    return this.count;
  }

  get total(): number {
    return this.rowIds().length;
  }

  rows(offset: number, count: number): readonly PlanRow[] {
    return this.rowIds()
      .slice(offset, offset + count)
      .map((id) => this.row(id));
  }

  item(id: number): PlanItem | undefined {
    return this.nodes[id]?.item;
  }

  setOpen(id: number, open: boolean): void {
    if (open) {
      this.opened.add(id);
    } else {
      this.opened.delete(id);
    }
    this.visible = undefined;
  }

  /** A folder ticks what is below it and shown; conflicts are decided one by one. */
  tick(id: number, on: boolean): void {
    const end = this.nodes[id]?.end ?? id;
    for (let at = id; at < end; at++) {
      if (this.isTickable(at) && this.matches(at)) {
        this.ticked[at] = on ? 1 : 0;
      }
    }
    this.count = this.sumUp();
  }

  /** `source`: the receiving side's is overwritten, and goes to the trash. `sink`: both stay as they are. */
  keep(id: number, side: 'source' | 'sink'): void {
    if (this.item(id)?.action === 'conflict') {
      this.keeps.set(id, side);
      this.ticked[id] = side === 'source' ? 1 : 0;
      this.count = this.sumUp();
    }
  }

  /** Lets a guard that holds something back pass, for this plan. Says whether there was one. */
  release(code: string): boolean {
    const guard = this.plan.guards.find((one) => one.code === code && one.severity === 'held');
    if (guard !== undefined) {
      this.released.add(guard.code);
      this.count = this.sumUp();
    }
    return guard !== undefined;
  }

  isReleased(code: GuardCode): boolean {
    return this.released.has(code);
  }

  /** The same as before costs nothing. */
  filter(actions: readonly PlanAction[], text: string): void {
    const wanted = text.toLowerCase();
    if (wanted !== this.text || actions.length !== this.actions.size || !actions.every((action) => this.actions.has(action))) {
      this.actions = new Set(actions);
      this.text = wanted;
      this.visible = undefined;
    }
  }

  approval(): Approval {
    const ticked = new Set<BytePath>();
    const overwrite = new Set<BytePath>();
    this.nodes.forEach(({ item }, id) => {
      if (item !== undefined && this.ticked[id] === 1) {
        ticked.add(item.path);
        if (item.action === 'conflict') {
          overwrite.add(item.path);
        }
      }
    });
    return { ticked, released: [...this.released], overwrite };
  }

  private isTickable(id: number): boolean {
    const action = this.nodes[id]?.item?.action;
    return (action === 'create' || action === 'update' || action === 'delete') && !this.isHeld(id);
  }

  /** Deletions by the guard of deletions, single names by what is said of them alone. */
  private isHeld(id: number): boolean {
    const item = this.nodes[id]?.item;
    return (
      item !== undefined &&
      this.plan.guards.some(({ code, severity, below }) => {
        const isOf = code === 'manyDeletions' ? item.action === 'delete' : below !== undefined && (item.action === 'create' || item.action === 'update');
        return severity === 'held' && isOf && !this.released.has(code) && (below === undefined || below === '' || item.path === below || item.path.startsWith(`${below}/`));
      })
    );
  }

  private matches(id: number): boolean {
    const node = this.nodes[id];
    if (node?.item === undefined) {
      return false;
    }
    return (this.actions.size === 0 || this.actions.has(node.item.action)) && (this.text === '' || shownPath(node.item.path).toLowerCase().includes(this.text));
  }

  private rowIds(): readonly number[] {
    this.visible ??= this.actions.size === 0 && this.text === '' ? this.walk(() => true) : this.walkMatching();
    return this.visible;
  }

  private walk(isShown: (id: number) => boolean, opensAll = false): readonly number[] {
    const ids: number[] = [];
    for (let id = 0; id < this.nodes.length; ) {
      const { end } = this.nodes[id]!;
      if (isShown(id)) {
        ids.push(id);
      }
      id = isShown(id) && (opensAll || this.opened.has(id)) ? id + 1 : end;
    }
    return ids;
  }

  private walkMatching(): readonly number[] {
    const shown = new Uint8Array(this.nodes.length);
    for (let id = this.nodes.length - 1; id >= 0; id--) {
      if (shown[id] === 1 || this.matches(id)) {
        shown[id] = 1;
        const { parent } = this.nodes[id]!;
        if (parent >= 0) {
          shown[parent] = 1;
        }
      }
    }
    return this.walk((id) => shown[id] === 1, this.text !== '');
  }

  /** From the leaves up: what is below a node has greater numbers. */
  private sumUp(): Sums {
    const sums: Counting = { create: 0, update: 0, delete: 0, conflict: 0, skip: 0, ticked: { changes: 0, conflicts: 0, deletions: 0, files: 0, bytes: 0 } };
    this.below.forEach((below) => Object.assign(below, { ticked: 0, files: 0, tickable: 0, on: 0, bytes: 0, action: undefined, held: false }));
    for (let id = this.nodes.length - 1; id >= 0; id--) {
      const { item, parent } = this.nodes[id]!;
      const below = this.below[id]!;
      if (item !== undefined) {
        this.addItem(item, id, below, sums);
      }
      const above = this.below[parent];
      if (above !== undefined) {
        above.ticked += below.ticked;
        above.files += below.files;
        above.tickable += below.tickable;
        above.on += below.on;
        above.bytes += below.bytes;
        above.held ||= below.held;
        above.action = above.action === undefined || above.action === below.action ? below.action : 'mixed';
      }
    }
    return sums;
  }

  private addItem(item: PlanItem, id: number, below: Below, sums: Counting): void {
    const { action } = item;
    const on = this.ticked[id] === 1;
    const isFolder = (item.source ?? item.sink)?.kind === 'folder';
    sums[action]++;
    below.held ||= this.isHeld(id);
    below.action = below.action === undefined || below.action === action ? action : 'mixed';
    if (this.isTickable(id)) {
      below.tickable++;
      below.on += on ? 1 : 0;
    }
    below.files += isFolder || action === 'skip' ? 0 : 1;
    if (on) {
      below.ticked += isFolder ? 0 : 1;
      below.bytes += action === 'delete' ? -item.bytes : item.bytes;
      addTicked(sums.ticked, action, isFolder ? 0 : 1, item.bytes);
    }
  }

  private row(id: number): PlanRow {
    const { item, name, depth, end } = this.nodes[id]!;
    const below = this.below[id]!;
    const folder = end > id + 1 || item === undefined || (item.source ?? item.sink)?.kind === 'folder';
    const action = item?.action ?? (below.action === 'mixed' ? undefined : below.action);
    const keeps = item?.action === 'conflict' ? { keeps: this.keeps.get(id) ?? ('undecided' as const) } : {};
    return {
      id,
      depth,
      name: shownPath(name),
      folder,
      ...(end > id + 1 && { open: this.opened.has(id) || this.text !== '' }),
      tick: item?.action === 'conflict' ? (this.ticked[id] === 1 ? 'on' : 'off') : tickOf(below),
      ...(action !== undefined && { action }),
      ticked: below.ticked,
      files: below.files,
      bytes: below.bytes,
      note: item?.reason ?? '',
      held: below.held && below.tickable === 0,
      ...keeps,
      comparable: item?.source?.kind === 'file' && item.sink?.kind === 'file',
    };
  }

  private openSome(): void {
    let rows = 1;
    for (let id = 0, level = [0]; level.length > 0 && id < this.nodes.length; id++) {
      const next: number[] = [];
      for (const folder of level) {
        const children = this.nodes[folder]!.children;
        if (folder === 0 || rows + children.length <= OPEN_AT_FIRST) {
          rows += children.length;
          this.opened.add(folder);
          next.push(...children.filter((child) => this.nodes[child]!.children.length > 0));
        }
      }
      level = next;
    }
  }
}

function tickOf({ on, tickable }: Below): Tick {
  if (tickable === 0) {
    return 'none';
  }
  return on === 0 ? 'off' : on === tickable ? 'on' : 'mixed';
}

function addTicked(ticked: Counting['ticked'], action: PlanAction, files: number, bytes: number): void {
  if (action === 'delete') {
    ticked.deletions++;
    return;
  }
  ticked[action === 'conflict' ? 'conflicts' : 'changes']++;
  ticked.files += files;
  ticked.bytes += bytes;
}
