const ROW = '[role=row]';

/**
 * The keyboard of a tree of rows. One row is a Tab stop, with the buttons in it: Up, Down, Home and End move it, Right
 * opens a row or goes to its first child, Left shuts it or goes to its parent, Enter and Space do what a click does. In a
 * row's buttons, Left and Right move and Escape goes back to the row.
 */
export class RovingRows {
  private active: HTMLElement | undefined;
  private activeIndex = 0;

  constructor(private readonly root: HTMLElement) {
    root.addEventListener('keydown', (event) => this.onKey(event));
    root.addEventListener('focusin', (event) => this.onFocus(event));
  }

  /** To be called whenever rows were drawn. */
  update(): void {
    const rows = this.rows();
    const focusIsLost = this.active !== undefined && !this.active.isConnected && document.activeElement === document.body;
    if (this.active === undefined || !rows.includes(this.active)) {
      this.active = rows[Math.min(this.activeIndex, rows.length - 1)];
    }
    this.activeIndex = this.active ? rows.indexOf(this.active) : 0;
    for (const row of rows) {
      const tabIndex = row === this.active ? 0 : -1;
      row.tabIndex = tabIndex;
      buttonsOf(row).forEach((button) => (button.tabIndex = tabIndex));
    }
    if (focusIsLost) {
      this.active?.focus();
    }
  }

  private rows(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(ROW)];
  }

  private onFocus(event: FocusEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>(ROW);
    if (row && row !== this.active) {
      this.active = row;
      this.update();
    }
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>(ROW);
    if (!row || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (target === row ? this.onRowKey(event.key, row) : onButtonKey(event.key, target, row)) {
      event.preventDefault();
    }
  }

  /** Whether the key meant something. */
  private onRowKey(key: string, row: HTMLElement): boolean {
    const rows = this.rows();
    const at = rows.indexOf(row);
    switch (key) {
      case 'ArrowDown':
        return focus(rows[at + 1]);
      case 'ArrowUp':
        return focus(rows[at - 1]);
      case 'Home':
        return focus(rows[0]);
      case 'End':
        return focus(rows.at(-1));
      case 'ArrowRight':
        return row.ariaExpanded === 'false' ? click(row) : focus(childOf(rows, at) ?? buttonsOf(row)[0]);
      case 'ArrowLeft':
        return row.ariaExpanded === 'true' ? click(row) : focus(parentOf(rows, at));
      case 'Enter':
      case ' ':
        return click(row);
      default:
        return false;
    }
  }
}

function onButtonKey(key: string, button: HTMLElement, row: HTMLElement): boolean {
  const buttons = buttonsOf(row);
  const at = buttons.indexOf(button);
  switch (key) {
    case 'ArrowRight':
      return focus(buttons[at + 1]);
    case 'ArrowLeft':
      return focus(buttons[at - 1] ?? row);
    case 'Escape':
      return focus(row);
    default:
      return false;
  }
}

function levelOf(row: HTMLElement | undefined): number {
  return Number(row?.ariaLevel ?? 0);
}

function childOf(rows: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const next = rows[at + 1];
  return levelOf(next) > levelOf(rows[at]) ? next : undefined;
}

function parentOf(rows: readonly HTMLElement[], at: number): HTMLElement | undefined {
  return rows.slice(0, at).findLast((row) => levelOf(row) < levelOf(rows[at]));
}

function buttonsOf(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('button')];
}

function focus(element: HTMLElement | undefined): boolean {
  element?.focus();
  return element !== undefined;
}

function click(row: HTMLElement): boolean {
  row.click();
  return true;
}
