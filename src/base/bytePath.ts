import { isUtf8 } from 'node:buffer';
import { printable } from './printable.ts';

/**
 * A path, or a name, as the bytes that the system has it in, one character (U+0000 to U+00FF) a byte: file names need not be UTF-8.
 * Compared, sorted and joined as text it is compared, sorted and joined by its bytes.
 */
export type BytePath = string;

export function toBytePath(path: string | Uint8Array): BytePath {
  return typeof path === 'string' ? Buffer.from(path).toString('latin1') : Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString('latin1');
}

/** As `node:fs` takes it. */
export function systemPath(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** To be shown, never to be opened: UTF-8 as text; of other names printable ASCII as it is, all else and the backslash as `\xNN`. */
export function shownPath(path: BytePath): string {
  const bytes = systemPath(path);
  return isUtf8(bytes)
    ? printable(bytes.toString('utf8'))
    : path.replace(/[^\x20-\x7e]|\\/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
