import type { MediaPlace } from '../../media/place.ts';

/** What tells that a file is the same as before, as `stat` gives it. */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, fractions included. */
  readonly mtimeMs: number;
}

/** The key in the store of something made of a file as it is now; `what` names the making and all that it depends on: `thumbnail 1 256`. */
export function contentKey({ file, member = '' }: MediaPlace, { size, mtimeMs }: FileStamp, what: string): string {
  return [what, size, mtimeMs, member, file].join('\0');
}
