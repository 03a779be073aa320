import type { BytePath } from '../../base/bytePath.ts';

/**
 * What rsync prints of a name under `LC_ALL=C`, back to its bytes: everything but printable ASCII and TAB comes as a backslash, `#`
 * and three octal digits, and so does the backslash of a name that has such a text itself (log.c, `filtered_fwrite`).
 */
export function unescapeName(printed: string): BytePath {
  return printed.replace(/\\#([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
