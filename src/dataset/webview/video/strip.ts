import type { FilmPictures } from './pictures.ts';

export const STRIP_HEIGHT = 48;

/** Small pictures along the time, the ones nearest to the playhead made first, one after the other. */
export class Strip {
  private pictures: FilmPictures | undefined;
  private cells: (HTMLCanvasElement | undefined)[] = [];
  private failed = new Set<number>();
  private cell = { width: 1, count: 0 };
  private stop = new AbortController();
  private making = false;
  private near = 0;
  private film = { start: 0, length: 1, aspect: 1 };

  constructor(private readonly onChange: () => void) {}

  open(pictures: FilmPictures, film: { readonly start: number; readonly length: number; readonly aspect: number }): void {
    this.close();
    this.pictures = pictures;
    this.film = film;
  }

  close(): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.pictures = undefined;
    this.cells = [];
    this.failed.clear();
    this.cell = { width: 1, count: 0 };
  }

  get busy(): boolean {
    return this.making;
  }

  paint(context: CanvasRenderingContext2D, width: number, part: number, fill: string): void {
    const wanted = Math.max(24, STRIP_HEIGHT * this.film.aspect);
    const count = Math.max(1, Math.round(width / wanted));
    if (count !== this.cell.count && this.pictures !== undefined) {
      this.cells = Array.from({ length: count });
      this.failed.clear();
    }
    this.cell = { width: width / count, count };
    this.near = part * count;
    context.clearRect(0, 0, width, STRIP_HEIGHT);
    for (let index = 0; index < count; index++) {
      const x = index * this.cell.width;
      const picture = this.cells[index];
      if (picture === undefined) {
        context.fillStyle = fill;
        context.globalAlpha = 0.08;
        context.fillRect(x, 0, this.cell.width - 1, STRIP_HEIGHT);
        context.globalAlpha = 1;
      } else {
        context.drawImage(picture, x, 0, this.cell.width - 1, STRIP_HEIGHT);
      }
    }
    void this.make();
  }

  private async make(): Promise<void> {
    if (this.making || this.pictures === undefined) {
      return;
    }
    this.making = true;
    const { signal } = this.stop;
    try {
      for (let index = this.next(); index !== undefined && !signal.aborted; index = this.next()) {
        const { count } = this.cell;
        const { start, length, aspect } = this.film;
        try {
          const picture = await this.pictures.small(start + ((index + 0.5) / count) * length, Math.round(STRIP_HEIGHT * 2 * Math.max(1, aspect)), signal);
          const canvas = document.createElement('canvas');
          canvas.height = STRIP_HEIGHT * 2;
          canvas.width = Math.max(1, Math.round(canvas.height * aspect));
          picture.draw(canvas.getContext('2d') as CanvasRenderingContext2D, canvas.width, canvas.height);
          picture.close();
          if (count === this.cell.count && !signal.aborted) {
            this.cells[index] = canvas;
          }
        } catch {
          // Its place stays empty; the stage says what is wrong with the film.
          this.failed.add(index);
        }
        this.onChange();
      }
    } finally {
      this.making = false;
    }
  }

  private next(): number | undefined {
    let best: number | undefined;
    for (let index = 0; index < this.cell.count; index++) {
      if (this.cells[index] === undefined && !this.failed.has(index) && (best === undefined || Math.abs(index + 0.5 - this.near) < Math.abs(best + 0.5 - this.near))) {
        best = index;
      }
    }
    return best;
  }
}
