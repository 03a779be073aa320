import { printable } from '../base/printable.ts';

/** A path for one line: what may be cut in a narrow place, and the end, which is kept. */
export interface PathParts {
  readonly head: string;
  readonly tail: string;
}

/** Up to this many characters are cut at the end alone, if at all. */
const SHORT = 24;
const TAIL = 14;
/** Letters written from right to left: cut in two, such a name would be drawn in the wrong order. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const COMBINING = /^[\p{M}\u200d\ufe0f]/u;

/** What a path is under a folder, or the whole of it where it lies elsewhere. */
export function relativePath(path: string, folder: string): string {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return path.startsWith(prefix) && path.length > prefix.length ? path.slice(prefix.length) : path;
}

/** The last `count` names of a path: `home-mm/audio`. */
export function lastNames(path: string, count: number): string {
  const names = path.split('/').filter((name) => name !== '');
  return names.length <= count ? path : names.slice(-count).join('/');
}

/** Splits what a person sees of a path, so that its end (the end of the name, and the extension) outlives a narrow column. */
export function splitPath(path: string): PathParts {
  const characters = [...printable(path)];
  if (characters.length <= SHORT || RIGHT_TO_LEFT.test(path)) {
    return { head: characters.join(''), tail: '' };
  }
  let at = characters.length - TAIL;
  while (at > 0 && COMBINING.test(characters[at] ?? '')) {
    at--;
  }
  return { head: characters.slice(0, at).join(''), tail: characters.slice(at).join('') };
}
