import './virtualTable.css';
import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { ScrollMap } from './scrollMap.ts';

export interface Column<T> {
  /** Also the class of its cells. */
  readonly id: string;
  readonly title: string;
  readonly cell: (row: T) => unknown;
}

export interface TableRows<T> {
  /** Of all rows; undefined while it is not known. */
  readonly total: number | undefined;
  /** Undefined for a row that is not there yet. */
  at(index: number): T | undefined;
  /** Tells which rows are looked at. */
  show(first: number, count: number): void;
}

/** Makes the table a tree: rows stand below others, are opened and ticked. */
export interface TreeRows<T> {
  /** From 0. */
  readonly level: (row: T) => number;
  /** Undefined where nothing is below. */
  readonly open: (row: T) => boolean | undefined;
  readonly setOpen: (row: T, open: boolean) => void;
  /** Undefined where it cannot be ticked. */
  readonly checked: (row: T) => 'true' | 'false' | 'mixed' | undefined;
  readonly toggle: (row: T) => void;
}

export interface VirtualTableOptions<T> {
  /** For a screen reader. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: TableRows<T>;
  /** The active row has changed, or what is known of it. */
  readonly onActive: (index: number | undefined) => void;
  readonly tree?: TreeRows<T>;
}

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 26;
const OVERSCAN = 8;
/** Milliseconds without scrolling after which it is taken to rest. */
const REST = 150;

/**
 * A table of any number of rows, of which those in view are drawn. One row is active: arrows, PageUp, PageDown, Home and
 * End move it, and the one Tab stop of the table is that row, or the table itself where the row is out of view. In a tree the
 * right arrow opens, the left one closes or goes to the row above, and Space ticks.
 */
export class VirtualTable<T> {
  readonly element = document.createElement('div');
  private readonly map = new ScrollMap(ROW_HEIGHT);
  private activeRow = 0;
  private holdingFocus = false;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: VirtualTableOptions<T>) {
    this.element.className = 'table';
    this.element.role = options.tree === undefined ? 'grid' : 'treegrid';
    this.element.ariaLabel = options.label;
    this.element.ariaReadOnly = 'true';
    this.element.addEventListener('scroll', () => this.onScroll(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('focus', () => this.onFocus());
    this.element.addEventListener('mousedown', (event) => this.onPointer(event));
    new ResizeObserver(() => this.update()).observe(this.element);
  }

  get active(): number {
    return this.activeRow;
  }

  /** Where the table is scrolled to, in pixels, and which row is active. */
  get place(): { readonly offset: number; readonly active: number } {
    return { offset: this.map.offset, active: this.activeRow };
  }

  /** Goes to a place, once the total is known. */
  restore(place: { readonly offset: number; readonly active: number }): void {
    this.activeRow = place.active;
    this.update();
    this.scrollTo(this.map.moveTo(place.offset));
    this.update();
  }

  /** Draws what there is now; nothing while the table is not part of the page. */
  update(): void {
    if (!this.element.isConnected) {
      return;
    }
    const total = this.options.rows.total ?? 0;
    const shown = this.map.isShown(this.activeRow);
    this.map.resize(total, Math.max(0, this.element.clientHeight - HEAD_HEIGHT));
    this.activeRow = Math.min(this.activeRow, Math.max(0, total - 1));
    if (shown && !this.map.isShown(this.activeRow)) {
      // The table became lower.
      this.scrollTo(this.map.reveal(this.activeRow));
    }
    const drawn = this.map.window(OVERSCAN);
    this.keepFocus(drawn.first, drawn.count);
    this.element.ariaRowCount = String(this.options.rows.total === undefined ? -1 : total + 1);
    this.element.tabIndex = this.isDrawn(drawn) ? -1 : 0;
    render(this.template(drawn), this.element);
    this.options.rows.show(drawn.first, drawn.count);
    this.options.onActive(total === 0 ? undefined : this.activeRow);
  }

  focus(): void {
    this.activate(this.activeRow);
  }

  private template(drawn: ReturnType<ScrollMap['window']>): TemplateResult {
    const indices = Array.from({ length: drawn.count }, (_, index) => drawn.first + index);
    return html`<div class="columns row" role="row" aria-rowindex="1">
        ${this.options.columns.map(({ id, title }) => html`<span role="columnheader" class=${id}>${title}</span>`)}
      </div>
      <div class="box" role="rowgroup" .style=${`height:${this.map.height}px`}>
        <div class="drawn" role="presentation" .style=${`top:${drawn.top}px`}>
          ${repeat(
            indices,
            (index) => index,
            (index) => this.row(index),
          )}
        </div>
      </div>`;
  }

  private row(index: number): TemplateResult {
    const row = this.options.rows.at(index);
    const active = index === this.activeRow;
    const { tree } = this.options;
    return html`<div
      class="row ${active ? 'active' : ''}"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${active}
      aria-busy=${row === undefined ? 'true' : nothing}
      aria-level=${row === undefined ? nothing : (tree && tree.level(row) + 1) ?? nothing}
      aria-expanded=${row === undefined ? nothing : tree?.open(row) ?? nothing}
      aria-checked=${row === undefined ? nothing : tree?.checked(row) ?? nothing}
      tabindex=${active ? 0 : -1}
      data-index=${index}
    >
      ${this.options.columns.map(
        ({ id, cell }) => html`<span role="gridcell" class=${id}>${row === undefined ? html`<span class="blank"></span>` : cell(row)}</span>`,
      )}
    </div>`;
  }

  private onScroll(): void {
    if (!this.map.scrolled(this.element.scrollTop)) {
      return;
    }
    this.update();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  /** Puts the scroll bar where it belongs; the rows, which lie in the box that it scrolls, stay where they are seen. */
  private rest(): void {
    this.scrollTo(this.map.settle());
    this.update();
  }

  private scrollTo(position: number): void {
    this.element.scrollTop = position;
  }

  private onKey(event: KeyboardEvent): void {
    const target = this.target(event.key) ?? this.targetInTree(event);
    if (target !== undefined && !event.altKey && !event.metaKey) {
      event.preventDefault();
      this.activate(target);
    }
  }

  private target(key: string): number | undefined {
    switch (key) {
      case 'ArrowDown':
        return this.activeRow + 1;
      case 'ArrowUp':
        return this.activeRow - 1;
      case 'PageDown':
        return this.activeRow + this.map.pageRows;
      case 'PageUp':
        return this.activeRow - this.map.pageRows;
      case 'Home':
        return 0;
      case 'End':
        return (this.options.rows.total ?? 0) - 1;
      default:
        return undefined;
    }
  }

  /** What a key of a tree does; where it moves. */
  private targetInTree({ key, target: within }: KeyboardEvent): number | undefined {
    const { tree, rows } = this.options;
    const row = rows.at(this.activeRow);
    // A field or button within a row has these keys for itself.
    if (tree === undefined || row === undefined || !(within instanceof HTMLElement) || within.dataset['index'] === undefined) {
      return undefined;
    }
    const open = tree.open(row);
    if (key === ' ' && tree.checked(row) !== undefined) {
      tree.toggle(row);
      return this.activeRow;
    }
    if ((key === 'ArrowRight' && open === false) || (key === 'ArrowLeft' && open === true)) {
      tree.setOpen(row, !open);
      return this.activeRow;
    }
    if (key === 'ArrowRight' && open === true) {
      return this.activeRow + 1;
    }
    return key === 'ArrowLeft' ? this.rowAbove(tree, tree.level(row)) : undefined;
  }

  private rowAbove(tree: TreeRows<T>, level: number): number {
    for (let index = this.activeRow - 1; index >= 0; index--) {
      const row = this.options.rows.at(index);
      if (row === undefined || tree.level(row) < level) {
        return index;
      }
    }
    return this.activeRow;
  }

  private activate(index: number): void {
    this.activeRow = Math.max(0, Math.min(index, (this.options.rows.total ?? 0) - 1));
    this.scrollTo(this.map.reveal(this.activeRow));
    this.update();
    this.rowElement(this.activeRow)?.focus({ preventScroll: true });
  }

  private onFocus(): void {
    // Focus that came here because its row was scrolled away stays here until a key brings the row back.
    if (!this.holdingFocus) {
      this.activate(this.activeRow);
    }
  }

  private keepFocus(first: number, count: number): void {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || focused.parentElement?.parentElement?.parentElement !== this.element) {
      return;
    }
    const index = Number(focused.dataset['index']);
    if (index < first || index >= first + count) {
      this.holdingFocus = true;
      this.element.focus({ preventScroll: true });
      this.holdingFocus = false;
    }
  }

  private onPointer(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (row && event.button === 0) {
      this.activeRow = Number(row.dataset['index']);
      this.update();
      row.focus({ preventScroll: true });
    }
  }

  private isDrawn({ first, count }: { readonly first: number; readonly count: number }): boolean {
    return this.activeRow >= first && this.activeRow < first + count;
  }

  private rowElement(index: number): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(`[data-index="${index}"]`);
  }
}
