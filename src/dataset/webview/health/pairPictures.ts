/** A picture's address in the page, what stands in for one that cannot be had, or undefined while it is on its way. */
export type PairPicture = { readonly url: string } | { readonly none: string } | undefined;

type Fetch = (index: number, side: 0 | 1) => Promise<{ readonly type: string; readonly bytes: Uint8Array } | null>;

/** Pictures of the sides of pairs, asked for when they are looked at and kept while their group is. */
export class PairPictures {
  private readonly known = new Map<string, PairPicture>();
  private generation = 0;

  constructor(
    private readonly fetch: Fetch,
    private readonly onChange: () => void,
  ) {}

  at(index: number, side: 0 | 1): PairPicture {
    const key = `${index}/${side}`;
    if (!this.known.has(key)) {
      this.known.set(key, undefined);
      void this.load(key, index, side);
    }
    return this.known.get(key);
  }

  clear(): void {
    this.generation++;
    for (const picture of this.known.values()) {
      if (picture !== undefined && 'url' in picture) {
        URL.revokeObjectURL(picture.url);
      }
    }
    this.known.clear();
  }

  private async load(key: string, index: number, side: 0 | 1): Promise<void> {
    const { generation } = this;
    let picture: PairPicture;
    try {
      const found = await this.fetch(index, side);
      picture = found === null ? { none: 'no picture of it' } : { url: URL.createObjectURL(new Blob([found.bytes as Uint8Array<ArrayBuffer>], { type: found.type })) };
    } catch (error) {
      picture = { none: error instanceof Error ? error.message : String(error) };
    }
    if (generation === this.generation) {
      this.known.set(key, picture);
      this.onChange();
    }
  }
}
