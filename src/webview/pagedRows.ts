/** A part of a long list, and the length of the whole. */
export interface RowPage<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface PagedRowsOptions<T, Page extends RowPage<T> = RowPage<T>> {
  readonly fetch: (offset: number, count: number) => Promise<Page>;
  /** Something is there that was not before: rows, the total, a problem. */
  readonly onChange: () => void;
  /** Rows asked for at once. */
  readonly pageSize?: number;
  /** Pages kept. */
  readonly maxPages?: number;
}

const MAX_REQUESTS = 2;

/**
 * Rows of a list that stays with the host, fetched page by page as they are looked at. What was scrolled past before its
 * request could be made is never asked for.
 */
export class PagedRows<T, Page extends RowPage<T> = RowPage<T>> {
  /** The latest answer, and what it says of the whole list; undefined until the first. */
  latest: Page | undefined;
  /** Why the rows in view could not be had; `retry` asks again. */
  problem: string | undefined;
  private readonly pageSize: number;
  private readonly maxPages: number;
  /** In order of use, the latest last. */
  private readonly pages = new Map<number, readonly T[]>();
  private readonly requested = new Set<number>();
  /** Of the pages: what may be otherwise by now. */
  private stale = new Set<number>();
  private wanted: readonly number[] = [0];
  /** Of the list: answers to requests of an earlier one are dropped. */
  private generation = 0;
  /** Of its content: answers to requests of an earlier one are shown until later ones come. */
  private renewals = 0;
  /** To which the latest answer belongs. */
  private answered = 0;

  constructor(private readonly options: PagedRowsOptions<T, Page>) {
    this.pageSize = options.pageSize ?? 200;
    this.maxPages = options.maxPages ?? 20;
  }

  /** Of the whole list; undefined until the first answer. */
  get total(): number | undefined {
    return this.latest?.total;
  }

  at(index: number): T | undefined {
    return this.pages.get(Math.floor(index / this.pageSize))?.[index % this.pageSize];
  }

  /** Sees to it that rows from `first` on will be there. */
  show(first: number, count: number): void {
    const from = Math.floor(first / this.pageSize);
    const to = Math.floor(Math.max(first, first + count - 1) / this.pageSize);
    this.wanted = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    for (const page of this.wanted) {
      this.touch(page);
    }
    this.pump();
  }

  /** Forgets everything and asks anew for what is in view from the top on. The old total stays until the new one is there. */
  reset(): void {
    this.generation++;
    this.pages.clear();
    this.stale.clear();
    this.requested.clear();
    this.problem = undefined;
    this.wanted = [0];
    this.pump();
  }

  /**
   * Asks anew for what is in view; what is there stays until the new rows are. Answers that are under way are shown as they
   * come, so that a list that is renewed faster than it is answered is not left without rows.
   */
  renew(): void {
    this.renewals++;
    this.problem = undefined;
    this.stale = new Set(this.pages.keys());
    this.pump();
  }

  retry(): void {
    this.problem = undefined;
    this.pump();
  }

  private pump(): void {
    for (const page of this.wanted) {
      if (this.problem !== undefined || this.requested.size >= MAX_REQUESTS) {
        return;
      }
      if ((!this.pages.has(page) || this.stale.has(page)) && !this.requested.has(page)) {
        void this.load(page);
      }
    }
  }

  private async load(page: number): Promise<void> {
    const { generation, renewals } = this;
    this.requested.add(page);
    let problem: string | undefined;
    let answer: Page | undefined;
    try {
      answer = await this.options.fetch(page * this.pageSize, this.pageSize);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (generation !== this.generation) {
      return;
    }
    this.requested.delete(page);
    if (answer) {
      if (renewals >= this.answered) {
        this.answered = renewals;
        this.latest = answer;
      }
      this.keep(page, answer.items, renewals !== this.renewals);
    } else if (renewals === this.renewals) {
      this.problem = problem;
    }
    this.pump();
    this.options.onChange();
  }

  private keep(page: number, items: readonly T[], isStale: boolean): void {
    this.pages.delete(page);
    this.pages.set(page, items);
    if (isStale) {
      this.stale.add(page);
    } else {
      this.stale.delete(page);
    }
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= this.maxPages) {
        return;
      }
      if (!this.wanted.includes(oldest)) {
        this.pages.delete(oldest);
        this.stale.delete(oldest);
      }
    }
  }

  private touch(page: number): void {
    const items = this.pages.get(page);
    if (items) {
      this.pages.delete(page);
      this.pages.set(page, items);
    }
  }
}
