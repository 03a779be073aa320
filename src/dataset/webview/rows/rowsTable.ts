import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCount } from '../../../base/format.ts';
import { ScrollMap } from '../../../webview/scrollMap.ts';

export interface TableColumn {
  readonly name: string;
  readonly head: unknown;
  /** Pixels. */
  readonly width: number;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  /** Stands in place of all cells, where the row has no values. */
  readonly whole?: unknown;
  /** Beside the row's number. */
  readonly mark?: unknown;
}

export interface RowsTableOptions {
  readonly columns: () => readonly TableColumn[];
  readonly total: () => number;
  /** Undefined for a row that is not there yet. */
  readonly cells: (index: number) => TableRow | undefined;
  readonly show: (first: number, count: number) => void;
  readonly onActive: (index: number) => void;
  /** Before and behind what draws the rows. */
  readonly around: { begin(): void; end(first: number, last: number): void };
}

export const ROW_HEIGHT = 40;
const HEAD_HEIGHT = 48;
const OVERSCAN = 4;
const REST = 150;
const NUMBER_WIDTH = 84;
const COLUMNS_BEYOND = 200;

/** A table of any number of rows that scrolls both ways and draws what is in view; one row is active, and the table's one Tab stop. */
export class RowsTable {
  readonly element = document.createElement('div');
  private readonly map = new ScrollMap(ROW_HEIGHT);
  private activeRow = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private left = 0;

  constructor(private readonly options: RowsTableOptions) {
    this.element.className = 'rows-table';
    this.element.role = 'grid';
    this.element.ariaLabel = 'Rows';
    this.element.ariaReadOnly = 'true';
    this.element.tabIndex = 0;
    this.element.dataset['region'] = 'rows';
    this.element.addEventListener('scroll', () => this.onScroll(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('mousedown', (event) => this.onPointer(event));
    new ResizeObserver(() => this.update()).observe(this.element);
  }

  get active(): number {
    return this.activeRow;
  }

  get offset(): number {
    return this.map.offset;
  }

  restore(offset: number, active: number): void {
    this.activeRow = active;
    this.update();
    this.element.scrollTop = this.map.moveTo(offset);
    this.update();
  }

  activate(index: number, center = false): void {
    this.activeRow = Math.max(0, Math.min(index, this.options.total() - 1));
    const isShown = this.map.isShown(this.activeRow);
    const position = center && !isShown ? this.map.moveTo((this.activeRow - this.map.pageRows / 2) * ROW_HEIGHT) : this.map.reveal(this.activeRow);
    this.element.scrollTop = position;
    this.update();
    this.options.onActive(this.activeRow);
  }

  update(): void {
    if (!this.element.isConnected) {
      return;
    }
    const total = this.options.total();
    this.map.resize(total, Math.max(0, this.element.clientHeight - HEAD_HEIGHT));
    const drawn = this.map.window(OVERSCAN);
    const columns = this.options.columns();
    this.options.show(drawn.first, drawn.count);
    this.options.around.begin();
    render(this.template(drawn, columns), this.element);
    const first = Math.floor(this.map.offset / ROW_HEIGHT);
    this.options.around.end(first, Math.min(total, first + this.map.pageRows));
    this.element.ariaRowCount = String(total + 1);
    this.element.ariaColCount = String(columns.length + 1);
    this.element.setAttribute('aria-activedescendant', `row-${this.activeRow}`);
  }

  /** Of all columns those in view: a file may have ten thousand. */
  private inView(columns: readonly TableColumn[]): { readonly first: number; readonly last: number; readonly before: number; readonly behind: number } {
    const [from, to] = [this.left - COLUMNS_BEYOND, this.left + this.element.clientWidth + COLUMNS_BEYOND];
    let at = NUMBER_WIDTH;
    let first = -1;
    let last = 0;
    let before = 0;
    let behind = 0;
    columns.forEach(({ width }, index) => {
      if (at + width < from) {
        before += width;
      } else if (at > to) {
        behind += width;
      } else {
        first = first < 0 ? index : first;
        last = index + 1;
      }
      at += width;
    });
    return { first: Math.max(0, first), last, before, behind };
  }

  private template(drawn: ReturnType<ScrollMap['window']>, columns: readonly TableColumn[]): TemplateResult {
    const { first, last, before, behind } = this.inView(columns);
    const shown = columns.slice(first, last);
    const tracks = `${NUMBER_WIDTH}px ${before}px ${shown.map(({ width }) => `${width}px`).join(' ')} ${behind}px`;
    const indices = Array.from({ length: drawn.count }, (_, index) => drawn.first + index);
    return html`<div class="head row" role="row" aria-rowindex="1" .style=${`grid-template-columns:${tracks}`}>
        <span role="columnheader" class="nth">#</span><span></span>
        ${shown.map(({ head, name }, nth) => html`<span role="columnheader" aria-colindex=${first + nth + 2} title=${name}>${head}</span>`)}
      </div>
      <div class="box" role="rowgroup" .style=${`height:${this.map.height}px`}>
        <div class="drawn" role="presentation" .style=${`top:${drawn.top}px`}>
          ${repeat(
            indices,
            (index) => index,
            (index) => this.row(index, tracks, first, last),
          )}
        </div>
      </div>`;
  }

  private row(index: number, tracks: string, first: number, last: number): TemplateResult {
    const row = this.options.cells(index);
    const active = index === this.activeRow;
    return html`<div
      id="row-${index}"
      class="row ${active ? 'active' : ''}"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${active}
      aria-busy=${row === undefined ? 'true' : nothing}
      data-index=${index}
      .style=${`grid-template-columns:${tracks}`}
    >
      <span role="rowheader" class="nth number">${row?.mark ?? nothing}${formatCount(index + 1)}</span><span></span>
      ${row === undefined
        ? html`<span class="blank"></span>`
        : row.whole !== undefined
          ? html`<span role="gridcell" class="whole">${row.whole}</span>`
          : row.cells.slice(first, last).map((cell, nth) => html`<span role="gridcell" aria-colindex=${first + nth + 2}>${cell}</span>`)}
    </div>`;
  }

  private onScroll(): void {
    const left = this.element.scrollLeft;
    if (!this.map.scrolled(this.element.scrollTop) && left === this.left) {
      return;
    }
    this.left = left;
    this.update();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => (this.element.scrollTop = this.map.settle()), REST);
  }

  private onKey(event: KeyboardEvent): void {
    const target = this.target(event);
    if (target !== undefined && !event.altKey && !event.metaKey && event.target === this.element) {
      event.preventDefault();
      this.activate(target);
    }
  }

  private target({ key }: KeyboardEvent): number | undefined {
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
        return this.options.total() - 1;
      default:
        return undefined;
    }
  }

  private onPointer(event: MouseEvent): void {
    const row = event.target instanceof Element && event.target.closest('button') === null ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (row && event.button === 0) {
      this.activate(Number(row.dataset['index']));
    }
  }
}
