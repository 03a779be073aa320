const ROW = '.row[data-key]';

/** The keyboard of a table: one of its rows is a Tab stop; Up, Down, Home and End move it, Enter does what a click does. */
export class RowKeys {
  private active: string | undefined;

  constructor(private readonly root: HTMLElement) {
    root.addEventListener('keydown', (event) => this.onKey(event));
    root.addEventListener('focusin', (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>(ROW);
      if (row) {
        this.active = row.dataset['key'];
        this.update();
      }
    });
  }

  /** To be called whenever rows were drawn. */
  update(): void {
    const rows = this.rows();
    const stop = rows.find((row) => row.dataset['key'] === this.active) ?? rows[0];
    for (const row of rows) {
      row.tabIndex = row === stop ? 0 : -1;
    }
  }

  private rows(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(ROW)];
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (!target.matches(ROW) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const rows = this.rows();
    const at = rows.indexOf(target);
    const places: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    const place = places[event.key];
    if (event.key === 'Enter') {
      target.click();
    } else if (place !== undefined && rows[place] !== undefined) {
      rows[place].focus();
    } else {
      return;
    }
    event.preventDefault();
    // Home and End are the playhead's outside of tables.
    event.stopPropagation();
  }
}
