import { LOUPE } from './inspector.ts';
import type { StoredPixels } from './protocol.ts';

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Asks for the pixels around the one that is pointed at; while an answer is out only the last wish is kept. */
export class PixelReader {
  private wanted: Pixel | undefined;
  private reading = false;

  constructor(
    private readonly fetch: (params: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }) => Promise<StoredPixels>,
    private readonly onRead: (near: StoredPixels) => void,
    private readonly onProblem: (error: unknown) => void,
  ) {}

  /** Of the picture as stored. */
  want(pixel: Pixel): void {
    this.wanted = pixel;
    if (!this.reading) {
      void this.read();
    }
  }

  private async read(): Promise<void> {
    this.reading = true;
    let asked: Pixel | undefined;
    try {
      while (this.wanted !== undefined && this.wanted !== asked) {
        asked = this.wanted;
        const { columns, rows } = LOUPE;
        this.onRead(await this.fetch({ x: asked.x - Math.floor(columns / 2), y: asked.y - Math.floor(rows / 2), width: columns, height: rows }));
      }
    } catch (error) {
      this.onProblem(error);
    } finally {
      this.reading = false;
    }
  }
}
