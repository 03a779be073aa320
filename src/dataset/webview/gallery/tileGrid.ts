import { ScrollMap } from '../../../webview/scrollMap.ts';
import type { Colours } from './colours.ts';
import { GridLayout } from './gridLayout.ts';
import type { Piece } from './gridLayout.ts';
import { onGridKey } from './gridKeys.ts';
import { GroupHead } from './groupHead.ts';
import type { GalleryGroup, GalleryItem } from './protocol.ts';
import { Tile } from './tile.ts';
import { indexAt, TileHover } from './tileHover.ts';
import type { TileMotion } from './tilePlay.ts';
import type { Loaded } from './thumbnailLoader.ts';

export interface TileGridOptions {
  readonly label: string;
  readonly total: () => number | undefined;
  /** Undefined where items are not in groups. */
  readonly groups: () => readonly GalleryGroup[] | undefined;
  readonly at: (index: number) => GalleryItem | undefined;
  readonly thumbnail: (item: GalleryItem) => Loaded | undefined;
  readonly motion: (item: GalleryItem) => TileMotion | undefined;
  readonly isSelected: (item: GalleryItem) => boolean;
  readonly labelColour: (item: GalleryItem) => string | undefined;
  readonly colours: () => Colours;
  /** The items in view have changed; `nearest` begins with those nearest the pointer or the middle. */
  readonly onShow: (first: number, count: number, nearest: readonly number[]) => void;
  /** A key or click that means something; `extend`: with Shift. */
  readonly onActive: (index: number, how: { readonly extend: boolean; readonly from: number }) => void;
  readonly onToggle: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onPlay: (index: number) => void;
  /** By keys through a film; false where it is none. */
  readonly onScrub: (index: number, steps: number) => boolean;
  /** The pointer rests on a tile, at a part of its width; undefined where it rests on none any more. */
  readonly onRest: (index: number | undefined, at: number) => void;
  readonly onAll: () => void;
  readonly onEscape: () => void;
}

const GUTTER = 16;
const GAP = 8;
const LEAST_TILE = 160;
const CAPTION = 42;
const LIST_ROW = 40;
const HEAD = 32;
/** Rows drawn beyond each edge. */
const OVERSCAN = 1;
/** Milliseconds without scrolling after which it is taken to rest. */
const REST = 150;

interface Row {
  readonly element: HTMLElement;
  readonly tiles: Tile[];
}

/** A grid of any number of tiles of one size; those in view are drawn, with elements that are used again. */
export class TileGrid {
  readonly element = document.createElement('div');
  private readonly box = document.createElement('div');
  /** Of pixels: rows and heads differ in height. */
  private readonly map = new ScrollMap(1);
  private layout = new GridLayout(0, { columns: 1, row: LEAST_TILE, head: HEAD });
  private grouped: readonly GalleryGroup[] | undefined;
  private list = false;
  private readonly rows = new Map<string, Row>();
  private readonly heads = new Map<string, GroupHead>();
  /** The head of the group that fills the top of the view. */
  private readonly pinned = new GroupHead();
  private readonly spare: Row[] = [];
  private activeIndex = 0;
  private pointer: { readonly x: number; readonly y: number } | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private hovered: number | undefined;

  constructor(private readonly options: TileGridOptions) {
    this.element.className = 'grid';
    this.element.role = 'grid';
    this.element.ariaLabel = options.label;
    this.element.ariaMultiSelectable = 'true';
    this.element.tabIndex = 0;
    this.box.className = 'box';
    this.box.role = 'presentation';
    this.pinned.pin();
    this.element.append(this.pinned.element, this.box);
    this.element.addEventListener('scroll', () => this.onScroll(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.element.addEventListener('mousedown', (event) => this.onPress(event));
    this.element.addEventListener('dblclick', (event) => this.onDouble(event));
    this.element.addEventListener('pointermove', (event) => (this.pointer = { x: event.clientX, y: event.clientY }), { passive: true });
    this.element.addEventListener('pointerleave', () => (this.pointer = undefined));
    new TileHover(this.element, {
      onRest: (index, at) => {
        options.onRest(index, at);
        if (index !== this.hovered) {
          this.hovered = index;
          this.update();
        }
      },
    });
    new ResizeObserver(() => this.update()).observe(this.element);
  }

  get active(): number {
    return this.activeIndex;
  }

  /** Where it is scrolled to, by the first item in view, and which item is active. */
  get place(): { readonly first: number; readonly active: number } {
    return { first: this.layout.firstAt(this.map.offset), active: this.activeIndex };
  }

  restore({ first, active }: { readonly first: number; readonly active: number }): void {
    this.activeIndex = active;
    this.update();
    this.scrollTo(this.map.moveTo(first === 0 ? 0 : this.layout.topOf(first) - this.headRoom));
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
    const { total } = this.layout;
    this.map.resize(this.layout.height, this.element.clientHeight);
    this.activeIndex = Math.max(0, Math.min(this.activeIndex, total - 1));
    this.element.ariaRowCount = String(this.options.total() === undefined ? -1 : this.layout.rows);
    this.element.ariaColCount = String(this.layout.measure.columns);
    this.box.style.height = `${this.map.height}px`;
    this.draw();
    const shown = this.layout.pieces(this.map.offset, this.map.offset + this.element.clientHeight).filter((piece) => piece.kind === 'row');
    const first = shown[0]?.first ?? 0;
    const last = shown.at(-1);
    const end = last === undefined ? 0 : last.first + last.count;
    this.options.onShow(first, Math.max(0, end - first), this.nearest(first, end));
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  activate(index: number): void {
    const total = this.options.total() ?? 0;
    this.activeIndex = Math.max(0, Math.min(index, total - 1));
    this.measure();
    this.map.resize(this.layout.height, this.element.clientHeight);
    const top = this.layout.topOf(this.activeIndex) - this.headRoom;
    const bottom = top + this.headRoom + this.layout.measure.row - this.element.clientHeight;
    this.scrollTo(this.map.moveTo(Math.min(top, Math.max(bottom, this.map.offset))));
    this.update();
  }

  private measure(): void {
    // Without the scroll bar, which has its room always.
    const inner = this.element.clientWidth - 2 * GUTTER;
    const narrow = this.element.clientWidth < 520;
    const columns = this.list ? 1 : narrow ? Math.min(2, Math.max(1, Math.floor(inner / 110))) : Math.max(1, Math.floor((inner + GAP) / (LEAST_TILE + GAP)));
    const art = Math.round((((inner - GAP * (columns - 1)) / columns) * 11) / 16);
    const height = this.list ? LIST_ROW : art + CAPTION + GAP;
    const { measure } = this.layout;
    const total = this.options.total() ?? 0;
    const grouped = this.options.groups();
    const isSame = height === measure.row && columns === measure.columns;
    if (isSame && total === this.layout.total && grouped === this.grouped) {
      return;
    }
    const first = this.layout.firstAt(this.map.offset + this.headRoom);
    this.grouped = grouped;
    this.layout = new GridLayout(total, { columns, row: height, head: HEAD }, grouped?.map(({ count }) => count));
    if (isSame) {
      return;
    }
    this.releaseAll();
    this.map.resize(this.layout.height, this.element.clientHeight);
    this.element.style.setProperty('--columns', String(columns));
    this.element.style.setProperty('--art', `${art}px`);
    this.element.style.setProperty('--row', `${height}px`);
    this.box.style.height = `${this.map.height}px`;
    this.scrollTo(this.map.moveTo(first === 0 ? 0 : this.layout.topOf(first) - this.headRoom));
  }

  /** Pixels that the head of a group takes of the view. */
  private get headRoom(): number {
    return this.grouped === undefined ? 0 : HEAD;
  }

  private draw(): void {
    const { layout, map } = this;
    const beyond = OVERSCAN * layout.measure.row;
    const pieces = layout.pieces(map.offset - beyond, map.offset + this.element.clientHeight + beyond);
    const keys = new Set(pieces.map(({ key }) => key));
    this.releaseAll((key) => keys.has(key));
    const { first, top } = map.window(0);
    let isDrawn = false;
    for (const piece of pieces) {
      const shift = `translateY(${top + piece.top - first}px)`;
      if (piece.kind === 'head') {
        this.head(piece.key, piece.group).element.style.transform = shift;
      } else {
        const row = this.rows.get(piece.key) ?? this.take(piece);
        row.element.style.transform = shift;
        this.fill(row, piece.first, piece.count);
        isDrawn ||= this.activeIndex >= piece.first && this.activeIndex < piece.first + piece.count;
      }
    }
    this.pin();
    if (isDrawn) {
      this.element.setAttribute('aria-activedescendant', `tile-${this.activeIndex}`);
    } else {
      this.element.removeAttribute('aria-activedescendant');
    }
  }

  private head(key: string, group: number): GroupHead {
    let head = this.heads.get(key);
    if (head === undefined) {
      head = new GroupHead();
      this.heads.set(key, head);
      this.box.append(head.element);
    }
    head.show(this.grouped?.[group]);
    return head;
  }

  /** The head of the group in view stays at the top, until the next one pushes it out. */
  private pin(): void {
    const group = this.layout.groupAt(this.map.offset);
    const { element } = this.pinned;
    element.hidden = this.grouped === undefined || this.layout.total === 0;
    this.pinned.show(this.grouped?.[group]);
    element.style.transform = `translateY(${-this.layout.pushed(group, this.map.offset)}px)`;
  }

  private fill(row: Row, first: number, count: number): void {
    const { options } = this;
    const colours = options.colours();
    const { columns } = this.layout.measure;
    for (let column = 0; column < columns; column++) {
      const index = first + column;
      const tile = (row.tiles[column] ??= this.addTile(row));
      tile.element.hidden = column >= count;
      if (column < count) {
        const item = options.at(index);
        tile.show({
          index,
          item,
          loaded: item && options.thumbnail(item),
          selected: item !== undefined && options.isSelected(item),
          active: index === this.activeIndex,
          hovered: index === this.hovered,
          motion: item && options.motion(item),
          labelColour: item && options.labelColour(item),
          colours,
        });
      }
    }
    for (const tile of row.tiles.splice(columns)) {
      tile.element.remove();
    }
  }

  private addTile(row: Row): Tile {
    const tile = new Tile();
    row.element.append(tile.element);
    return tile;
  }

  private take({ key, row: number }: Extract<Piece, { readonly kind: 'row' }>): Row {
    const row = this.spare.pop() ?? this.makeRow();
    this.box.append(row.element);
    row.element.ariaRowIndex = String(number + 1);
    this.rows.set(key, row);
    return row;
  }

  private makeRow(): Row {
    const element = document.createElement('div');
    element.className = 'tiles';
    element.role = 'row';
    return { element, tiles: [] };
  }

  private releaseAll(kept: (key: string) => boolean = () => false): void {
    for (const [key, row] of this.rows) {
      if (!kept(key)) {
        this.rows.delete(key);
        row.element.remove();
        this.spare.push(row);
      }
    }
    for (const [key, head] of this.heads) {
      if (!kept(key)) {
        this.heads.delete(key);
        head.element.remove();
      }
    }
  }

  /** Indices in view, those nearest the pointer first, or the middle where it is elsewhere. */
  private nearest(first: number, end: number): readonly number[] {
    const bounds = this.element.getBoundingClientRect();
    const { x, y } = this.pointer ?? { x: bounds.left + bounds.width / 2, y: bounds.top + bounds.height / 2 };
    const { columns, row } = this.layout.measure;
    const width = bounds.width / columns;
    const distance = (index: number) => {
      const dx = bounds.left + (this.layout.columnOf(index) + 0.5) * width - x;
      const dy = bounds.top + this.layout.topOf(index) + row / 2 - this.map.offset - y;
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
    const { options, layout, activeIndex: active } = this;
    const handled =
      (options.total() ?? 0) > 0 &&
      onGridKey(event, {
        layout,
        active,
        pageRows: Math.max(1, Math.floor((this.element.clientHeight - this.headRoom) / layout.measure.row)),
        go: (target, extend) => this.go(target, extend),
        toggle: () => options.onToggle(active),
        open: () => options.onOpen(active),
        play: () => options.onPlay(active),
        scrub: (steps) => options.onScrub(active, steps),
        all: () => options.onAll(),
        escape: () => options.onEscape(),
      });
    if (handled) {
      event.preventDefault();
    }
  }

  private go(target: number, extend: boolean): void {
    const from = this.activeIndex;
    this.activate(target);
    this.options.onActive(this.activeIndex, { extend, from });
  }

  private onPress(event: MouseEvent): void {
    const index = indexAt(event);
    if (index === undefined || event.button !== 0) {
      return;
    }
    event.preventDefault();
    this.focus();
    if ((event.target as Element).closest('.play')) {
      this.activeIndex = index;
      this.options.onPlay(index);
      this.update();
    } else if ((event.target as Element).closest('.check') || event.ctrlKey || event.metaKey) {
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
    if (index !== undefined && !(event.target as Element).closest('.check, .play')) {
      this.options.onOpen(index);
    }
  }
}
