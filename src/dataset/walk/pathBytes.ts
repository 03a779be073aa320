import { isUtf8 } from 'node:buffer';

/** A path as the system takes it: bytes where it is not UTF-8. */
export type PathBytes = string | Buffer;

const SLASH = Buffer.from('/');

export function joinPath(folder: PathBytes, name: PathBytes): PathBytes {
  if (typeof folder === 'string' && typeof name === 'string') {
    return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
  }
  return Buffer.concat([asBytes(folder), SLASH, asBytes(name)]);
}

/** The name as text where it is UTF-8, else as bytes. */
export function nameOf(bytes: Buffer): PathBytes {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes;
}

/** To be shown, and never to be opened: of bytes, printable ASCII as it is, others and the backslash as `\xNN`. */
export function shownName(name: PathBytes): string {
  return typeof name === 'string'
    ? name
    : name.toString('latin1').replace(/[^\x20-\x7e]|\\/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function asBytes(path: PathBytes): Buffer {
  return typeof path === 'string' ? Buffer.from(path) : path;
}
