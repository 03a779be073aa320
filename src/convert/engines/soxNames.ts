import { createHash } from 'node:crypto';
import type { SoxCall } from '../mediaWork.ts';

/**
 * What sox would take for a playlist by its name alone, whatever `-t` says: what ends so, and what goes on with `?` behind it. A playlist's
 * lines may be addresses, which it hands to a shell. Line breaks would scatter a name over several of its own lines.
 */
const NOT_LITERAL = /\.(?:m3u|pls)|[\r\n]/i;

export function isLiteral(path: string): boolean {
  return !NOT_LITERAL.test(path);
}

/** What sox is given for an input, and calls it by: its path, or the name of a link to it that follows from the path. */
export function soxInputName(path: string): string {
  return isLiteral(path) ? path : `in-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
}

interface SoxNames {
  /** What sox is given for the output. */
  readonly output: string | undefined;
  /** Links that its names need. */
  readonly links: Readonly<Record<string, string>>;
}

/** The names of a call with this index among those of a group. */
export function soxNames({ source, output }: SoxCall, index: number): SoxNames {
  const input = soxInputName(source.path);
  const inputLink = input === source.path ? {} : { [input]: source.path };
  const link = `out${index}`;
  if (typeof output === 'object') {
    // Before `newfile` sox reads %n in the whole path, so that only the link to the folder is written there.
    return { output: `${link}/${output.pattern}`, links: { ...inputLink, [link]: output.folder } };
  }
  return output === undefined || isLiteral(output)
    ? { output, links: inputLink }
    : { output: link, links: { ...inputLink, [link]: output } };
}
