import type { Thumbnail } from '../gallery/thumbnail.ts';

export type Thumb = { readonly url: string } | { readonly levels: Uint8Array } | { readonly words: string };

const KEPT = 400;
const AT_ONCE = 4;

/** Small pictures of media, the latest asked for first; of rows that were scrolled past none is made. */
export class Thumbs {
  private readonly made = new Map<string, Thumb>();
  private readonly waiting = new Map<string, { readonly index: number; readonly nth: number }>();
  private running = 0;

  constructor(
    private readonly load: (index: number, nth: number) => Promise<Thumbnail>,
    private readonly onChange: () => void,
  ) {}

  of(index: number, nth: number): Thumb | undefined {
    const key = `${index}/${nth}`;
    const found = this.made.get(key);
    if (found === undefined) {
      this.waiting.set(key, { index, nth });
    }
    return found;
  }

  /** To be called when everything was drawn: what was not asked for since the last time is let go. */
  settle(): void {
    while (this.running < AT_ONCE) {
      const [next] = this.waiting;
      if (next === undefined) {
        return;
      }
      this.waiting.delete(next[0]);
      void this.make(next[0], next[1].index, next[1].nth);
    }
  }

  /** Before rows are drawn anew. */
  begin(): void {
    this.waiting.clear();
  }

  forget(): void {
    for (const thumb of this.made.values()) {
      release(thumb);
    }
    this.made.clear();
  }

  private async make(key: string, index: number, nth: number): Promise<void> {
    this.running++;
    this.made.set(key, { words: '' });
    try {
      this.keep(key, thumbOf(await this.load(index, nth)));
    } catch (error) {
      this.keep(key, { words: (error as Error).message });
    } finally {
      this.running--;
      this.onChange();
    }
  }

  private keep(key: string, thumb: Thumb): void {
    this.made.delete(key);
    this.made.set(key, thumb);
    for (const [oldest, old] of this.made) {
      if (this.made.size <= KEPT) {
        return;
      }
      this.made.delete(oldest);
      release(old);
    }
  }
}

function thumbOf(thumbnail: Thumbnail): Thumb {
  switch (thumbnail.drawn) {
    case 'picture':
      return { url: URL.createObjectURL(new Blob([new Uint8Array(thumbnail.bytes)], { type: thumbnail.type })) };
    case 'wave':
      return { levels: thumbnail.levels };
    case 'nothing':
      return { words: thumbnail.words };
    default:
      return { words: 'no picture' };
  }
}

function release(thumb: Thumb): void {
  if ('url' in thumb) {
    URL.revokeObjectURL(thumb.url);
  }
}
