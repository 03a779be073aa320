import { formatCount } from '../../../base/format.ts';
import type { HostConnection } from '../../../webview/messageClient.ts';
import type { PagedRows } from '../../../webview/pagedRows.ts';
import type { GalleryHost, GalleryItem, GalleryItems, GalleryQuery } from './protocol.ts';
import { MOST_IDS } from './protocol.ts';
import { Selection } from './selection.ts';

export interface SelectingOptions {
  readonly host: Pick<HostConnection<GalleryHost>, 'request'>;
  readonly items: PagedRows<GalleryItem, GalleryItems>;
  readonly query: () => GalleryQuery;
  readonly onChange: () => void;
  readonly say: (words: string) => void;
}

/** What keys and clicks select, and what becomes of it when the filter changes. */
export class Selecting {
  readonly selection = new Selection();
  /** Selected items that the filter leaves out; null where that is not known. */
  hidden: number | null = 0;
  /** Where a range that is extended with Shift begins, and what it holds now. */
  private anchor = 0;
  private extended: readonly number[] = [];

  constructor(private readonly options: SelectingOptions) {}

  async moved(index: number, extend: boolean, from: number): Promise<void> {
    if (!extend) {
      this.begin(index);
      return;
    }
    if (this.extended.length === 0) {
      this.anchor = from;
    }
    await this.extendTo(index);
  }

  toggle(index: number): void {
    const item = this.options.items.at(index);
    if (item) {
      this.selection.toggle(item);
      this.begin(index);
      this.options.onChange();
    }
  }

  all(): void {
    this.selection.selectAll(this.options.query().filter, this.options.items.total ?? 0);
    this.hidden = 0;
    this.options.onChange();
  }

  clear(): void {
    this.selection.clear();
    this.hidden = 0;
    this.options.onChange();
  }

  /** The query has changed from `before`: "all that match" becomes the items that they were. */
  async keep(before: GalleryQuery): Promise<void> {
    this.begin(0);
    const { selection, options } = this;
    if (selection.filterOfAll !== undefined && selection.filterOfAll !== '') {
      if (selection.count > MOST_IDS) {
        selection.clear();
        options.say(`The selection of more than ${formatCount(MOST_IDS)} items went with its filter.`);
      } else {
        const { ids } = await options.host.request('ids', { ...before, offset: 0, count: MOST_IDS });
        selection.settle(ids);
      }
    }
    const ids = selection.chosen;
    const { filter } = options.query();
    this.hidden = ids.length === 0 || filter === '' ? 0 : await options.host.request('hidden', { filter, ids }).catch(() => null);
    options.onChange();
  }

  private begin(index: number): void {
    this.anchor = index;
    this.extended = [];
  }

  private async extendTo(index: number): Promise<void> {
    const { selection, options } = this;
    const [first, last] = [Math.min(this.anchor, index), Math.max(this.anchor, index)];
    const range = Array.from({ length: Math.min(last - first + 1, MOST_IDS) }, (_, at) => first + at);
    const itemsOf = (indices: readonly number[]) => indices.map((at) => options.items.at(at)).filter((item) => item !== undefined);
    itemsOf(this.extended.filter((at) => at < first || at > last)).forEach((item) => selection.set(item, false));
    this.extended = range;
    const there = itemsOf(range);
    there.forEach((item) => selection.set(item, true));
    options.onChange();
    if (there.length < range.length) {
      const { ids } = await options.host.request('ids', { ...options.query(), offset: first, count: range.length });
      selection.addIds(ids);
      options.onChange();
    }
    if (last - first + 1 > MOST_IDS) {
      options.say(`A range holds at most ${formatCount(MOST_IDS)} items; Ctrl+A takes all that match.`);
    }
  }
}
