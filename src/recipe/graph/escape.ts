/** A value that no filter graph can hold. */
export class Unescapable extends Error {
  override readonly name = 'Unescapable';
}

/** What an option's name is made of, in ffmpeg's `is_key_char` (libavutil/opt.c), and what may follow it. */
const LOOKS_LIKE_KEY = /^[\w.\t ]*[=]/;

/**
 * A value as it has to stand in a filter graph, so that ffmpeg reads just this. There are two levels: the graph takes backslashes and
 * quotes away and ends at `[],;` (`av_get_token` in libavfilter/graphparser.c), and what is left is taken apart at `:` in the same
 * way (libavutil/opt.c). White space at the ends would be trimmed by either. Throws `Unescapable`.
 */
export function escapeFilterValue(value: string, isPositional = false): string {
  if (value.includes('\0')) {
    throw new Unescapable('A filter’s value cannot hold a zero byte');
  }
  const first = escaped(value, /[\\':]/);
  // A positional value that begins like a key would be taken for one.
  const guarded = isPositional && LOOKS_LIKE_KEY.test(first) ? `\\${first}` : first;
  return escaped(guarded, /[\\'[\],;]/);
}

function escaped(value: string, special: RegExp): string {
  const start = /^\s*/.exec(value)![0].length;
  const end = value.trimEnd().length;
  return [...value.matchAll(/[^]/g)]
    .map(([character], index) => (special.test(character) || (/\s/.test(character) && (index < start || index >= end)) ? `\\${character}` : character))
    .join('');
}

const NAME = /^[A-Za-z0-9_]+$/;

export type FilterValues = string | readonly string[] | Readonly<Record<string, string>>;

/** `scale=w=512:h=-2` from its parts. Throws `Unescapable` for a name that is none. */
export function filterText(name: string, values?: FilterValues): string {
  const [plain = '', instance] = name.split('@', 2);
  if (!NAME.test(plain) || (instance !== undefined && !NAME.test(instance))) {
    throw new Unescapable(`“${name}” is no name of a filter`);
  }
  const parts =
    values === undefined
      ? []
      : typeof values === 'string'
        ? [escapeFilterValue(values, true)]
        : Array.isArray(values)
          ? (values as readonly string[]).map((value) => escapeFilterValue(value, true))
          : Object.entries(values as Readonly<Record<string, string>>).map(([key, value]) => `${keyOf(key)}=${escapeFilterValue(value)}`);
  return parts.length === 0 ? name : `${name}=${parts.join(':')}`;
}

/** A key with a slash in front would have its value read from a file. */
function keyOf(key: string): string {
  if (!NAME.test(key)) {
    throw new Unescapable(`“${key}” is no name of an option`);
  }
  return key;
}
