/** Where a set opens that is not closed; undefined where there is none. */
export function openSetAt(pattern: string): number | undefined {
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\') {
      at++;
    } else if (pattern[at] === '[') {
      const end = endOfSet(pattern, at + 1);
      if (end === undefined) {
        return at;
      }
      at = end;
    }
  }
  return undefined;
}

/** Of the `]` that closes a set; the first character after `[`, `[!` or `[^` may be one itself. */
function endOfSet(pattern: string, from: number): number | undefined {
  const start = /[!^]/.test(pattern.charAt(from)) ? from + 1 : from;
  for (let at = start; at < pattern.length; at++) {
    const named = /^\[:[a-z]*:\]/.exec(pattern.slice(at))?.[0].length;
    if (pattern[at] === ']' && at > start) {
      return at;
    }
    at += named === undefined ? (pattern[at] === '\\' ? 1 : 0) : named - 1;
  }
  return undefined;
}

/** The first `{a,b}` of a pattern, as a shell would write it out. */
export function bracesOf(pattern: string): { readonly span: readonly [number, number]; readonly patterns: readonly string[] } | undefined {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (found === null) {
    return undefined;
  }
  const [whole, inside = ''] = found;
  const [before, after] = [pattern.slice(0, found.index), pattern.slice(found.index + whole.length)];
  const patterns = inside.split(',').flatMap((part) => bracesOf(before + part + after)?.patterns ?? [before + part + after]);
  return { span: [found.index, found.index + whole.length], patterns };
}
