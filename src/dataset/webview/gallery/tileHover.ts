/** Milliseconds that the pointer rests on a tile before it offers what can be done with it. */
const REST = 300;

/** Which tile the pointer rests on, and where within it. */
export class TileHover {
  private over: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private resting = false;
  private x = 0;

  constructor(
    grid: HTMLElement,
    private readonly told: {
      /** Undefined where it has left; `at` is the place within the picture, from 0 at its left edge to 1. */
      readonly onRest: (index: number | undefined, at: number) => void;
    },
  ) {
    grid.addEventListener('pointermove', (event) => this.moved(event), { passive: true });
    grid.addEventListener('pointerleave', () => this.leave());
    grid.addEventListener('scroll', () => this.leave(), { passive: true });
  }

  private moved(event: PointerEvent): void {
    const index = indexAt(event);
    if (index !== this.over) {
      this.leave();
      this.over = index;
      if (index !== undefined) {
        this.timer = setTimeout(() => this.rest(), REST);
      }
    }
    const art = tileAt(event)?.querySelector('.art')?.getBoundingClientRect();
    if (art !== undefined && art.width > 0) {
      this.x = Math.max(0, Math.min(1, (event.clientX - art.left) / art.width));
    }
    if (this.resting) {
      this.told.onRest(this.over, this.x);
    }
  }

  private rest(): void {
    this.resting = true;
    this.told.onRest(this.over, this.x);
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.over = undefined;
    if (this.resting) {
      this.resting = false;
      this.told.onRest(undefined, 0);
    }
  }
}

function tileAt({ target }: Event): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.tile') : null;
}

/** The item under the pointer. */
export function indexAt(event: Event): number | undefined {
  const tile = tileAt(event);
  return tile?.dataset['index'] === undefined || tile.hidden ? undefined : Number(tile.dataset['index']);
}
