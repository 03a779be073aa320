import type { GallerySelection } from './protocol.ts';

/**
 * What is selected: some ids, or all that a filter finds but for some. It is of the items and not of their places, so that it
 * survives scrolling and sorting.
 */
export class Selection {
  private ids = new Set<number>();
  /** Undefined where only `ids` are selected; then `ids` are the exceptions. */
  private all: { readonly filter: string; readonly total: number } | undefined;
  private readonly sizes = new Map<number, number | null>();

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get count(): number {
    return this.all ? Math.max(0, this.all.total - this.ids.size) : this.ids.size;
  }

  /** The filter of which all is selected. */
  get filterOfAll(): string | undefined {
    return this.all?.filter;
  }

  get chosen(): readonly number[] {
    return this.all ? [] : [...this.ids];
  }

  /** Bytes, undefined where some are not known. */
  get bytes(): number | undefined {
    if (this.all) {
      return undefined;
    }
    let sum = 0;
    for (const id of this.ids) {
      const size = this.sizes.get(id);
      if (size === undefined || size === null) {
        return undefined;
      }
      sum += size;
    }
    return sum;
  }

  has(id: number): boolean {
    return this.ids.has(id) !== (this.all !== undefined);
  }

  set(item: { readonly id: number; readonly size: number | null }, selected: boolean): void {
    this.sizes.set(item.id, item.size);
    if (selected !== (this.all !== undefined)) {
      this.ids.add(item.id);
    } else {
      this.ids.delete(item.id);
    }
  }

  toggle(item: { readonly id: number; readonly size: number | null }): void {
    this.set(item, !this.has(item.id));
  }

  /** Of a range whose items are not all there; their sizes are not known. */
  addIds(ids: readonly number[]): void {
    for (const id of ids) {
      if (this.all) {
        this.ids.delete(id);
      } else {
        this.ids.add(id);
      }
    }
  }

  selectAll(filter: string, total: number): void {
    this.ids = new Set();
    this.all = { filter, total };
  }

  /** Turns "all but" into the ids themselves, before another filter says which are all. */
  settle(ids: readonly number[]): void {
    const except = this.ids;
    this.all = undefined;
    this.ids = new Set(ids.filter((id) => !except.has(id)));
  }

  clear(): void {
    this.ids = new Set();
    this.all = undefined;
    this.sizes.clear();
  }

  /** For the host; undefined where nothing is selected. */
  get request(): GallerySelection | undefined {
    if (this.isEmpty) {
      return undefined;
    }
    return this.all ? { filter: this.all.filter, except: [...this.ids] } : { ids: [...this.ids] };
  }
}
