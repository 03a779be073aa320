import type { Thumbnail } from './thumbnail.ts';
import type { GalleryItem } from './protocol.ts';

/** A thumbnail that is here: a picture by its address, everything else as it came. */
export type Loaded = { readonly kind: 'picture'; readonly url: string; readonly hasAlpha: boolean } | { readonly kind: 'other'; readonly thumbnail: Exclude<Thumbnail, { drawn: 'picture' }> };

export interface ThumbnailLoaderOptions {
  readonly fetch: (id: number, signal: AbortSignal) => Promise<Thumbnail>;
  readonly onArrive: (id: number) => void;
}

/** Requests out at once: enough that the host's cores do not wait for the way there and back. */
const MOST_REQUESTS = 8;
/** Thumbnails kept here: some thirty screens. */
const MOST_KEPT = 900;

/** Fetches the thumbnails of what is on screen, in the order in which they are wanted; those no longer wanted are called off. */
export class ThumbnailLoader {
  private readonly kept = new Map<string, Loaded>();
  private readonly out = new Map<string, AbortController>();
  private wanted: readonly GalleryItem[] = [];

  constructor(private readonly options: ThumbnailLoaderOptions) {}

  get(item: GalleryItem): Loaded | undefined {
    return this.kept.get(keyOf(item));
  }

  /** The nearest first. */
  want(items: readonly GalleryItem[]): void {
    this.wanted = items;
    const keys = new Set(items.map(keyOf));
    for (const [key, controller] of this.out) {
      if (!keys.has(key)) {
        this.out.delete(key);
        controller.abort();
      }
    }
    this.pump();
  }

  private pump(): void {
    for (const item of this.wanted) {
      if (this.out.size >= MOST_REQUESTS) {
        return;
      }
      const key = keyOf(item);
      if (!this.kept.has(key) && !this.out.has(key)) {
        void this.load(item, key);
      }
    }
  }

  private async load(item: GalleryItem, key: string): Promise<void> {
    const controller = new AbortController();
    this.out.set(key, controller);
    let loaded: Loaded;
    try {
      loaded = loadedOf(await this.options.fetch(item.id, controller.signal));
    } catch (error) {
      if (controller.signal.aborted) {
        return;
      }
      loaded = { kind: 'other', thumbnail: { drawn: 'nothing', reason: 'missing', words: error instanceof Error ? error.message : String(error) } };
    }
    if (this.out.get(key) === controller) {
      this.out.delete(key);
    }
    this.keep(key, loaded);
    this.options.onArrive(item.id);
    this.pump();
  }

  private keep(key: string, loaded: Loaded): void {
    revoke(this.kept.get(key));
    this.kept.delete(key);
    this.kept.set(key, loaded);
    const shown = new Set(this.wanted.map(keyOf));
    for (const [oldest, old] of this.kept) {
      if (this.kept.size <= MOST_KEPT) {
        return;
      }
      if (!shown.has(oldest)) {
        this.kept.delete(oldest);
        revoke(old);
      }
    }
  }
}

function keyOf({ id, stamp }: GalleryItem): string {
  return `${id} ${stamp}`;
}

function loadedOf(thumbnail: Thumbnail): Loaded {
  if (thumbnail.drawn !== 'picture') {
    return { kind: 'other', thumbnail };
  }
  // A copy: the bytes may lie in a larger buffer.
  const url = URL.createObjectURL(new Blob([new Uint8Array(thumbnail.bytes)], { type: thumbnail.type }));
  return { kind: 'picture', url, hasAlpha: thumbnail.hasAlpha };
}

function revoke(loaded: Loaded | undefined): void {
  if (loaded?.kind === 'picture') {
    URL.revokeObjectURL(loaded.url);
  }
}
