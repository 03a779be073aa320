/**
 * Maps the browser's scroll position to rows. Browsers cannot scroll through more than some 33 million physical pixels
 * (Chromium keeps positions in 1/64 px of a 32 bit number), so the scrolled box is at most `maxHeight` high: a wheel's
 * small movements then move the rows by as many pixels, and a large one, by the scroll bar, moves them in proportion.
 * All in CSS pixels.
 */
export class ScrollMap {
  /** How far the rows are scrolled: 0 to `maxOffset`. */
  offset = 0;
  /** The browser's position that `offset` was last brought in line with. */
  private scrollTop = 0;
  private rows = 0;
  private viewport = 0;

  constructor(
    readonly rowHeight: number,
    private readonly maxHeight = 4_000_000,
  ) {}

  /** Of the box to be scrolled. */
  get height(): number {
    return Math.min(this.contentHeight, this.maxHeight);
  }

  get maxOffset(): number {
    return Math.max(0, this.contentHeight - this.viewport);
  }

  private get contentHeight(): number {
    return this.rows * this.rowHeight;
  }

  private get maxScroll(): number {
    return Math.max(0, this.height - this.viewport);
  }

  private get scaled(): boolean {
    return this.contentHeight > this.maxHeight;
  }

  /** Rows that fit wholly into the viewport, at least 1. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.viewport / this.rowHeight));
  }

  resize(rows: number, viewport: number): void {
    this.rows = rows;
    this.viewport = viewport;
    if (this.offset > this.maxOffset) {
      this.moveTo(this.maxOffset);
    }
  }

  /** The browser has scrolled to `scrollTop`. False where it only came to where it was sent, rounded to physical pixels. */
  scrolled(scrollTop: number): boolean {
    const moved = scrollTop - this.scrollTop;
    if (Math.abs(moved) < 1) {
      return false;
    }
    this.scrollTop = scrollTop;
    if (!this.scaled) {
      this.offset = scrollTop;
    } else if (scrollTop <= 0) {
      this.offset = 0;
    } else if (scrollTop >= this.maxScroll - 1) {
      this.offset = this.maxOffset;
    } else if (Math.abs(moved) < this.smallestDrag / 2) {
      this.offset += moved;
    } else {
      this.offset = (scrollTop / this.maxScroll) * this.maxOffset;
    }
    this.offset = Math.min(this.maxOffset, Math.max(0, this.offset));
    return true;
  }

  /** Moves the rows, and gives the position that the browser is to be set to. */
  moveTo(offset: number): number {
    this.offset = Math.min(this.maxOffset, Math.max(0, offset));
    return this.settle();
  }

  /** Whether row `index` is wholly in view. */
  isShown(index: number): boolean {
    const top = index * this.rowHeight;
    return top >= this.offset && top + this.rowHeight <= this.offset + this.viewport;
  }

  /** Moves as little as shows row `index` wholly, and gives the position that the browser is to be set to. */
  reveal(index: number): number {
    const top = index * this.rowHeight;
    if (top < this.offset) {
      return this.moveTo(top);
    }
    const bottom = top + this.rowHeight;
    return this.moveTo(bottom > this.offset + this.viewport ? bottom - this.viewport : this.offset);
  }

  /**
   * The browser's position in proportion to `offset`, from which small movements have led away. To be set when the
   * scrolling rests: then only the scroll bar moves, by less than a pixel of it.
   */
  settle(): number {
    this.scrollTop = this.scaled ? (this.offset / this.maxOffset) * this.maxScroll : this.offset;
    return this.scrollTop;
  }

  /** The rows to be drawn, with `overscan` beyond each edge, and where their first one lies in the scrolled box. */
  window(overscan: number): { readonly first: number; readonly count: number; readonly top: number } {
    const first = Math.max(0, Math.floor(this.offset / this.rowHeight) - overscan);
    const end = Math.min(this.rows, Math.ceil((this.offset + this.viewport) / this.rowHeight) + overscan);
    return { first, count: Math.max(0, end - first), top: this.scrollTop + first * this.rowHeight - this.offset };
  }

  /** What one pixel of the scroll bar stands for. */
  private get smallestDrag(): number {
    return this.maxScroll / Math.max(1, this.viewport);
  }
}
