import type { Disposable } from '../base/disposable.ts';

export interface WebviewFeedOptions {
  /** Watches the source; called when the page begins to be seen, its answer disposed of when that ends. */
  readonly watch: (onChange: (id: string) => void) => Disposable;
  /**
   * Brings the page up to date, with what has changed since the last time or with `all`. `current` says, after an await,
   * whether the page is still to be told.
   */
  readonly refresh: (changed: ReadonlySet<string> | 'all', current: () => boolean) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Least milliseconds between the starts of two refreshes. */
  readonly interval?: number;
}

/**
 * Keeps a page up to date while somebody sees it, and does nothing otherwise. One refresh runs at a time; changes that
 * come meanwhile make one more.
 */
export class WebviewFeed implements Disposable {
  private watching: Disposable | undefined;
  private changed = new Set<string>();
  private everything = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private lastStart = -Infinity;
  /** Of each time that the page is seen; what belongs to an earlier one is dropped. */
  private generation = 0;
  private disposed = false;

  constructor(private readonly options: WebviewFeedOptions) {}

  /** The page is seen and listens, and has nothing yet; or it is not. */
  setActive(active: boolean): void {
    this.stop();
    if (active && !this.disposed) {
      this.watching = this.options.watch((id) => {
        this.changed.add(id);
        this.schedule();
      });
      this.everything = true;
      this.lastStart = -Infinity;
      this.schedule();
    }
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  private stop(): void {
    this.generation++;
    this.watching?.dispose();
    this.watching = undefined;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changed.clear();
    this.everything = false;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.running || !this.watching) {
      return;
    }
    const wait = Math.max(0, this.lastStart + (this.options.interval ?? 200) - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.run();
    }, wait);
  }

  private async run(): Promise<void> {
    const changed = this.everything ? 'all' : this.changed;
    this.changed = new Set();
    this.everything = false;
    this.running = true;
    this.lastStart = performance.now();
    const { generation } = this;
    try {
      await this.options.refresh(changed, () => generation === this.generation);
    } catch (error) {
      this.options.onError(error);
    } finally {
      this.running = false;
    }
    if (this.everything || this.changed.size > 0) {
      this.schedule();
    }
  }
}
