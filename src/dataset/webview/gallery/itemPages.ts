import type { GalleryItem, GalleryItems } from './protocol.ts';

export interface ItemPagesOptions {
  readonly fetch: (offset: number, count: number) => Promise<GalleryItems>;
  readonly onChange: () => void;
  readonly pageSize?: number;
  readonly maxPages?: number;
}

interface KeptPage {
  readonly items: readonly GalleryItem[];
  /** Asked for before something changed: shown until its successor is there. */
  stale: boolean;
}

const MAX_REQUESTS = 2;

/**
 * Items of a query that stays with the host, page by page as they are looked at. When the catalogue changes, what is shown
 * stays until the new is there, so that nothing flickers while it fills.
 */
export class ItemPages {
  total: number | undefined;
  problem: string | undefined;
  filterProblem: GalleryItems['problem'];
  private readonly pages = new Map<number, KeptPage>();
  private readonly requested = new Set<number>();
  private wanted: readonly number[] = [0];
  private generation = 0;
  private renewals = 0;
  private readonly pageSize: number;
  private readonly maxPages: number;

  constructor(private readonly options: ItemPagesOptions) {
    this.pageSize = options.pageSize ?? 120;
    this.maxPages = options.maxPages ?? 24;
  }

  at(index: number): GalleryItem | undefined {
    return this.pages.get(Math.floor(index / this.pageSize))?.items[index % this.pageSize];
  }

  show(first: number, count: number): void {
    const from = Math.floor(first / this.pageSize);
    const to = Math.floor(Math.max(first, first + count - 1) / this.pageSize);
    this.wanted = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    this.pump();
  }

  /** Another query: what was there has nothing to do with it. */
  reset(): void {
    this.generation++;
    this.pages.clear();
    this.requested.clear();
    this.problem = undefined;
    this.wanted = [0];
    this.pump();
  }

  /** The same query, which may answer otherwise now. */
  renew(): void {
    this.renewals++;
    for (const page of this.pages.values()) {
      page.stale = true;
    }
    this.problem = undefined;
    this.pump();
  }

  private pump(): void {
    for (const page of this.wanted) {
      if (this.problem !== undefined || this.requested.size >= MAX_REQUESTS) {
        return;
      }
      if (this.pages.get(page)?.stale !== false && !this.requested.has(page)) {
        void this.load(page);
      }
    }
  }

  private async load(page: number): Promise<void> {
    const { generation, renewals } = this;
    this.requested.add(page);
    const before = this.pages.get(page);
    if (before) {
      before.stale = false;
    }
    let problem: string | undefined;
    let answer: GalleryItems | undefined;
    try {
      answer = await this.options.fetch(page * this.pageSize, this.pageSize);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (generation !== this.generation) {
      return;
    }
    this.requested.delete(page);
    this.problem = problem;
    if (answer) {
      this.total = answer.total;
      this.filterProblem = answer.problem;
      this.keep(page, answer.items, renewals !== this.renewals);
    }
    this.pump();
    this.options.onChange();
  }

  private keep(page: number, items: readonly GalleryItem[], stale: boolean): void {
    this.pages.delete(page);
    this.pages.set(page, { items, stale });
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= this.maxPages) {
        return;
      }
      if (!this.wanted.includes(oldest)) {
        this.pages.delete(oldest);
      }
    }
  }
}
