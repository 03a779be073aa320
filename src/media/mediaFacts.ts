import type { Media } from './media.ts';
import { MediaError } from './mediaError.ts';
import { createProber } from './probe.ts';

/** Headers of files as the checks ask for them; the last ones are remembered, as several rows often share a file. */
export class MediaFacts {
  private readonly prober = createProber();
  private readonly known = new Map<string, Media | MediaError>();

  /** Rejects with nothing: a file that cannot be read is the error that says so. */
  async of(path: string): Promise<Media | MediaError> {
    let found = this.known.get(path);
    if (found === undefined) {
      found = await this.read(path);
      if (this.known.size >= 256) {
        this.known.delete(this.known.keys().next().value as string);
      }
      this.known.set(path, found);
    }
    return found;
  }

  /** What was read of a file that has changed. */
  forget(path: string): void {
    this.known.delete(path);
  }

  private async read(path: string): Promise<Media | MediaError> {
    try {
      return this.prober.probeFast(path) ?? (await this.prober.probe(path));
    } catch (error) {
      return MediaError.from(error, path);
    }
  }
}
