import type { BytePath } from '../../base/bytePath.ts';
import type { Unlisted } from '../entry.ts';

/**
 * What find could not read, from its stderr in the C locale: `find: './a\'b\377': Permission denied`, bytes that are not printable
 * in octal (GNU), or `find: ./a: Permission denied` (BSD, busybox). Any other line stands for the whole tree, with the path ''.
 */
export function parseFindErrors(stderr: string): readonly Unlisted[] {
  return stderr
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, quoted, bare, reason = ''] = /^find: (?:'\.\/((?:[^'\\]|\\.)*)'|\.\/(.*)): ([^:]+)$/.exec(line) ?? [];
      const path = quoted === undefined ? bare : unquoted(quoted);
      return path === undefined ? { path: '', reason: line.trim() } : { path, reason };
    });
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unquoted(text: string): BytePath {
  return text.replace(/\\([0-7]{3}|.)/g, (_, code: string) => (code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (ESCAPES[code] ?? code)));
}
