import { ScrollMap } from '../../../webview/scrollMap.ts';
import type { Colours } from './colours.ts';
import type { GalleryItem } from './protocol.ts';
import { Tile } from './tile.ts';
import type { Loaded } from './thumbnailLoader.ts';

export interface TileGridOptions {
  readonly label: string;
  readonly total: () => number | undefined;
  readonly at: (index: number) => GalleryItem | undefined;
  readonly thumbnail: (item: GalleryItem) => Loaded | undefined;
  readonly isSelected: (item: GalleryItem) => boolean;
  readonly labelColour: (item: GalleryItem) => string | undefined;
  readonly colours: () => Colours;
  /** The items in view have changed; `nearest` begins with those nearest the pointer or the middle. */
  readonly onShow: (first: number, count: number, nearest: readonly number[]) => void;
  /** A key or click that means something; `extend`: with Shift. */
  readonly onActive: (index: number, how: { readonly extend: boolean; readonly from: number }) => void;
  readonly onToggle: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onAll: () => void;
  readonly onEscape: () => void;
}

const GUTTER = 16;
const GAP = 8;
const LEAST_TILE = 160;
const CAPTION = 42;
const LIST_ROW = 40;
/** Rows drawn beyond each edge. */
const OVERSCAN = 1;
/** Milliseconds without scrolling after which it is taken to rest. */
const REST = 150;

interface Row {
  readonly element: HTMLElement;
  readonly tiles: Tile[];
  index: number;
}

/** A grid of any number of tiles of one size; those in view are drawn, with elements that are used again. */
export class TileGrid {
  readonly element = document.createElement('div');
  private readonly box = document.createElement('div');
  private map = new ScrollMap(LEAST_TILE);
  private columns = 1;
  private list = false;
  private readonly rows = new Map<number, Row>();
  private readonly spare: Row[] = [];
  private activeIndex = 0;
  private pointer: { readonly x: number; readonly y: number } | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: TileGridOptions) {
    this.element.className = 'grid';
    this.element.role = 'grid';
    this.element.ariaLabel = options.label;
    this.element.ariaMultiSelectable = 'true';
    this.element.tabIndex = 0;
    this.box.className = 'box';
    this.box.role = 'presentation';
    this.element.append(this.box);
    this.element.addEventListener('scroll', () => this.onScroll(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('mousedown', (event) => this.onPress(event));
    this.element.addEventListener('dblclick', (event) => this.onDouble(event));
    this.element.addEventListener('pointermove', (event) => (this.pointer = { x: event.clientX, y: event.clientY }), { passive: true });
    this.element.addEventListener('pointerleave', () => (this.pointer = undefined));
    new ResizeObserver(() => this.update()).observe(this.element);
  }

  get active(): number {
    return this.activeIndex;
  }

  /** Where it is scrolled to, by the first item in view, and which item is active. */
  get place(): { readonly first: number; readonly active: number } {
    return { first: Math.floor(this.map.offset / this.map.rowHeight) * this.columns, active: this.activeIndex };
  }

  restore({ first, active }: { readonly first: number; readonly active: number }): void {
    this.activeIndex = active;
    this.update();
    this.scrollTo(this.map.moveTo(Math.floor(first / this.columns) * this.map.rowHeight));
    this.update();
  }

  setList(list: boolean): void {
    if (list !== this.list) {
      const { place } = this;
      this.list = list;
      this.element.classList.toggle('list', list);
      this.restore(place);
    }
  }

  /** Draws what there is now. */
  update(): void {
    if (!this.element.isConnected || this.element.clientWidth === 0) {
      return;
    }
    this.measure();
    const total = this.options.total() ?? 0;
    const rows = Math.ceil(total / this.columns);
    this.map.resize(rows, this.element.clientHeight);
    this.activeIndex = Math.max(0, Math.min(this.activeIndex, total - 1));
    this.element.ariaRowCount = String(this.options.total() === undefined ? -1 : rows);
    this.element.ariaColCount = String(this.columns);
    this.box.style.height = `${this.map.height}px`;
    this.draw(total);
    const first = Math.max(0, Math.floor(this.map.offset / this.map.rowHeight)) * this.columns;
    const end = Math.min(total, Math.ceil((this.map.offset + this.element.clientHeight) / this.map.rowHeight) * this.columns);
    this.options.onShow(first, Math.max(0, end - first), this.nearest(first, end));
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  activate(index: number): void {
    const total = this.options.total() ?? 0;
    this.activeIndex = Math.max(0, Math.min(index, total - 1));
    this.scrollTo(this.map.reveal(Math.floor(this.activeIndex / this.columns)));
    this.update();
  }

  private measure(): void {
    // Without the scroll bar, which has its room always.
    const inner = this.element.clientWidth - 2 * GUTTER;
    const narrow = this.element.clientWidth < 520;
    const columns = this.list ? 1 : narrow ? Math.min(2, Math.max(1, Math.floor(inner / 110))) : Math.max(1, Math.floor((inner + GAP) / (LEAST_TILE + GAP)));
    const art = Math.round((((inner - GAP * (columns - 1)) / columns) * 11) / 16);
    const height = this.list ? LIST_ROW : art + CAPTION + GAP;
    if (height === this.map.rowHeight && columns === this.columns) {
      return;
    }
    const first = Math.round(this.map.offset / this.map.rowHeight) * this.columns;
    this.columns = columns;
    this.map = new ScrollMap(height);
    this.map.resize(Math.ceil((this.options.total() ?? 0) / columns), this.element.clientHeight);
    this.element.style.setProperty('--columns', String(columns));
    this.element.style.setProperty('--art', `${art}px`);
    this.element.style.setProperty('--row', `${height}px`);
    for (const [index, row] of this.rows) {
      this.release(index, row);
    }
    this.box.style.height = `${this.map.height}px`;
    this.scrollTo(this.map.moveTo(Math.floor(first / columns) * height));
  }

  private draw(total: number): void {
    const { first, count, top } = this.map.window(OVERSCAN);
    for (const [index, row] of this.rows) {
      if (index < first || index >= first + count) {
        this.release(index, row);
      }
    }
    for (let index = first; index < first + count; index++) {
      const row = this.rows.get(index) ?? this.take(index);
      row.element.style.transform = `translateY(${top + (index - first) * this.map.rowHeight}px)`;
      this.fill(row, total);
    }
    const isDrawn = this.rows.has(Math.floor(this.activeIndex / this.columns)) && total > 0;
    if (isDrawn) {
      this.element.setAttribute('aria-activedescendant', `tile-${this.activeIndex}`);
    } else {
      this.element.removeAttribute('aria-activedescendant');
    }
  }

  private fill(row: Row, total: number): void {
    const { options } = this;
    const colours = options.colours();
    for (let column = 0; column < this.columns; column++) {
      const index = row.index * this.columns + column;
      const tile = (row.tiles[column] ??= this.addTile(row));
      tile.element.hidden = index >= total;
      if (index < total) {
        const item = options.at(index);
        tile.show({
          index,
          item,
          loaded: item && options.thumbnail(item),
          selected: item !== undefined && options.isSelected(item),
          active: index === this.activeIndex,
          labelColour: item && options.labelColour(item),
          colours,
        });
      }
    }
    for (const tile of row.tiles.splice(this.columns)) {
      tile.element.remove();
    }
  }

  private addTile(row: Row): Tile {
    const tile = new Tile();
    row.element.append(tile.element);
    return tile;
  }

  private take(index: number): Row {
    const row = this.spare.pop() ?? this.makeRow();
    row.index = index;
    this.box.append(row.element);
    row.element.ariaRowIndex = String(index + 1);
    this.rows.set(index, row);
    return row;
  }

  private makeRow(): Row {
    const element = document.createElement('div');
    element.className = 'tiles';
    element.role = 'row';
    return { element, tiles: [], index: 0 };
  }

  private release(index: number, row: Row): void {
    this.rows.delete(index);
    row.element.remove();
    this.spare.push(row);
  }

  /** Indices in view, those nearest the pointer first, or the middle where it is elsewhere. */
  private nearest(first: number, end: number): readonly number[] {
    const bounds = this.element.getBoundingClientRect();
    const { x, y } = this.pointer ?? { x: bounds.left + bounds.width / 2, y: bounds.top + bounds.height / 2 };
    const width = bounds.width / this.columns;
    const distance = (index: number) => {
      const dx = bounds.left + ((index % this.columns) + 0.5) * width - x;
      const dy = bounds.top + (Math.floor(index / this.columns) + 0.5) * this.map.rowHeight - this.map.offset - y;
      return dx * dx + dy * dy;
    };
    return Array.from({ length: Math.max(0, end - first) }, (_, at) => ({ index: first + at, distance: distance(first + at) }))
      .sort((a, b) => a.distance - b.distance)
      .map(({ index }) => index);
  }

  private onScroll(): void {
    if (!this.map.scrolled(this.element.scrollTop)) {
      return;
    }
    this.update();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.scrollTo(this.map.settle());
      // The tiles go with the scroll bar, and stay where they are seen.
      this.update();
    }, REST);
  }

  private scrollTo(position: number): void {
    this.element.scrollTop = position;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) {
      return;
    }
    const total = this.options.total() ?? 0;
    const handled = total > 0 && (event.ctrlKey ? this.onControlKey(event.key) : this.onPlainKey(event));
    if (handled) {
      event.preventDefault();
    }
  }

  private onControlKey(key: string): boolean {
    if (key === 'a' || key === 'A') {
      this.options.onAll();
      return true;
    }
    return false;
  }

  private onPlainKey(event: KeyboardEvent): boolean {
    switch (event.key) {
      case ' ':
        this.options.onToggle(this.activeIndex);
        return true;
      case 'Enter':
        this.options.onOpen(this.activeIndex);
        return true;
      case 'Escape':
        this.options.onEscape();
        return true;
      default: {
        const target = this.target(event.key);
        if (target === undefined) {
          return false;
        }
        this.go(target, event.shiftKey);
        return true;
      }
    }
  }

  private go(target: number, extend: boolean): void {
    const from = this.activeIndex;
    this.activate(target);
    this.options.onActive(this.activeIndex, { extend, from });
  }

  private target(key: string): number | undefined {
    const { activeIndex, columns } = this;
    const total = this.options.total() ?? 0;
    const down = (rows: number) => {
      const target = activeIndex + rows * columns;
      // The last row may be shorter.
      return target >= total ? (Math.floor(activeIndex / columns) < Math.floor((total - 1) / columns) ? total - 1 : activeIndex) : target < 0 ? (rows === -1 ? activeIndex : activeIndex % columns) : target;
    };
    switch (key) {
      case 'ArrowRight':
        return activeIndex + 1;
      case 'ArrowLeft':
        return activeIndex - 1;
      case 'ArrowDown':
        return down(1);
      case 'ArrowUp':
        return down(-1);
      case 'PageDown':
        return down(this.map.pageRows);
      case 'PageUp':
        return down(-this.map.pageRows);
      case 'Home':
        return 0;
      case 'End':
        return total - 1;
      default:
        return undefined;
    }
  }

  private onPress(event: MouseEvent): void {
    const index = indexAt(event);
    if (index === undefined || event.button !== 0) {
      return;
    }
    event.preventDefault();
    this.focus();
    if ((event.target as Element).closest('.check') || event.ctrlKey || event.metaKey) {
      this.activeIndex = index;
      this.options.onToggle(index);
      this.update();
    } else {
      const from = this.activeIndex;
      this.activeIndex = index;
      this.update();
      this.options.onActive(index, { extend: event.shiftKey, from });
    }
  }

  private onDouble(event: MouseEvent): void {
    const index = indexAt(event);
    if (index !== undefined && !(event.target as Element).closest('.check')) {
      this.options.onOpen(index);
    }
  }
}

function indexAt(event: MouseEvent): number | undefined {
  const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('.tile') : null;
  return tile?.dataset['index'] === undefined || tile.hidden ? undefined : Number(tile.dataset['index']);
}
