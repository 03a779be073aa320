import { isAbsolute, resolve } from 'node:path';
import { wildcardsMatch } from '../base/wildcards.ts';

/** Where a pattern's files lie, and which of the paths below are meant. */
export interface Glob {
  /** Absolute path: the folder that the first wildcard stands in, or the file itself where there is none. */
  readonly root: string;
  readonly hasWildcard: boolean;
  /** Takes an absolute path below the root. */
  readonly matches: (path: string) => boolean;
}

const WILDCARD = /[*?{[]/;
const MOST_ALTERNATIVES = 100;

/** `clips/**` + `/*.{wav,flac}` relative to a folder. `*` and `?` stop at slashes, `**` as a whole part does not. */
export function globOf(pattern: string, folder: string): Glob {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => WILDCARD.test(part));
  const root = resolve(folder, (first < 0 ? parts : parts.slice(0, first)).join('/') || (isAbsolute(pattern) ? '/' : '.'));
  if (first < 0) {
    return { root, hasWildcard: false, matches: (path) => path === root };
  }
  const wanted = alternatives(parts.slice(first).join('/')).map((one) => one.split('/').filter((part) => part !== '' && part !== '.'));
  const start = root === '/' ? 1 : root.length + 1;
  return { root, hasWildcard: true, matches: (path) => wanted.some((one) => partsMatch(one, path.slice(start).split('/'))) };
}

/** `{a,b}` written out, as far as there are no more than a hundred. */
function alternatives(pattern: string): readonly string[] {
  let all = [pattern];
  for (;;) {
    const next = all.flatMap((one) => {
      const [whole, inner] = /\{([^{}]*,[^{}]*)\}/.exec(one) ?? [];
      return whole === undefined || inner === undefined ? [one] : inner.split(',').map((choice) => one.replace(whole, () => choice));
    });
    if (next.length === all.length || next.length > MOST_ALTERNATIVES) {
      return next.slice(0, MOST_ALTERNATIVES);
    }
    all = next;
  }
}

/** By dynamic programming: two `**` in one pattern cost no more than their product. */
function partsMatch(pattern: readonly string[], parts: readonly string[]): boolean {
  let reached = new Set([0]);
  const spread = (set: Set<number>): Set<number> => {
    for (const at of set) {
      if (pattern[at] === '**') {
        set.add(at + 1);
      }
    }
    return set;
  };
  reached = spread(reached);
  for (const part of parts) {
    const next = new Set<number>();
    for (const at of reached) {
      const wanted = pattern[at];
      if (wanted === '**') {
        next.add(at);
      } else if (wanted !== undefined && wildcardsMatch(wanted, part)) {
        next.add(at + 1);
      }
    }
    reached = spread(next);
  }
  return reached.has(pattern.length);
}
