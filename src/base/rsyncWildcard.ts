/** What a try came to. `exhausted`: no longer text can match; `slash`: a `*` stands before a `/` that only a `**` further out can pass. */
type Match = 'yes' | 'no' | 'exhausted' | 'slash';

/**
 * Whether a wildcard pattern of rsync matches a whole text: `*` and `?` stop at `/`, `**` does not, `[…]` takes one character that
 * is no `/`, and a backslash takes the next character as it is. `afterEachSlash`: or what follows one of its slashes.
 */
export function wildMatch(pattern: string, text: string, where: 'whole' | 'afterEachSlash'): boolean {
  let matched = match(pattern, 0, text, 0);
  for (let at = text.indexOf('/'); where === 'afterEachSlash' && at !== -1 && (matched === 'no' || matched === 'slash'); at = text.indexOf('/', at + 1)) {
    const next = match(pattern, 0, text, at + 1);
    matched = next === 'slash' ? 'no' : next;
  }
  return matched === 'yes';
}

function match(pattern: string, p: number, text: string, t: number): Match {
  for (; p < pattern.length; p++, t++) {
    const sign = pattern[p];
    if (t >= text.length && sign !== '*') {
      return 'exhausted';
    }
    if (sign === '*') {
      return matchStar(pattern, p, text, t);
    }
    if (sign === '[') {
      const set = matchSet(pattern, p + 1, text.charAt(t));
      if (set === undefined) {
        return 'exhausted';
      }
      if (!set.isIn || text[t] === '/') {
        return 'no';
      }
      p = set.end;
    } else if (sign === '?') {
      if (text[t] === '/') {
        return 'no';
      }
    } else {
      if (sign === '\\') {
        p++;
      }
      if (text[t] !== pattern[p]) {
        return 'no';
      }
    }
  }
  return t < text.length ? 'no' : 'yes';
}

function matchStar(pattern: string, star: number, text: string, start: number): Match {
  let p = star + 1;
  while (pattern[p] === '*') {
    p++;
  }
  const crosses = p - star > 1;
  if (p === pattern.length) {
    return crosses || !text.includes('/', start) ? 'yes' : 'slash';
  }
  for (let t = start; t < text.length; t++) {
    const matched = match(pattern, p, text, t);
    if (matched !== 'no') {
      if (!crosses || matched !== 'slash') {
        return matched;
      }
    } else if (!crosses && text[t] === '/') {
      return 'slash';
    }
  }
  return 'exhausted';
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
};

/** `from`: behind the `[`. undefined where the set is not closed. */
function matchSet(pattern: string, from: number, character: string): { readonly isIn: boolean; readonly end: number } | undefined {
  let p = from;
  const negated = pattern[p] === '!' || pattern[p] === '^';
  if (negated) {
    p++;
  }
  let isIn = false;
  let previous: string | undefined;
  for (let first = true; first || pattern[p] !== ']'; first = false, p++) {
    let sign = pattern[p];
    if (sign === undefined) {
      return undefined;
    }
    if (sign === '-' && previous !== undefined && p + 1 < pattern.length && pattern[p + 1] !== ']') {
      p++;
      if (pattern[p] === '\\') {
        p++;
      }
      const last = pattern[p];
      if (last === undefined) {
        return undefined;
      }
      isIn ||= character >= previous && character <= last;
      previous = undefined;
    } else if (sign === '[' && pattern[p + 1] === ':') {
      const end = pattern.indexOf(']', p + 2);
      if (end === -1) {
        return undefined;
      }
      if (pattern[end - 1] === ':' && end - 1 >= p + 2) {
        const named = CLASSES[pattern.slice(p + 2, end - 1)];
        if (named === undefined) {
          return undefined;
        }
        isIn ||= named.test(character);
        p = end;
        previous = undefined;
      } else {
        // No `:]` follows: the `[` stands for itself.
        isIn ||= character === '[';
        previous = '[';
      }
    } else {
      if (sign === '\\') {
        p++;
        sign = pattern[p];
        if (sign === undefined) {
          return undefined;
        }
      }
      isIn ||= character === sign;
      previous = sign;
    }
  }
  return { isIn: isIn !== negated, end: p };
}
