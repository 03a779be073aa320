import { Uri } from 'vscode';
import type { MediaPlace } from '../../media/place.ts';

/** Of the read-only file system that shows what is inside archives and tables. */
export const INSIDE_SCHEME = 'trainyard-inside';

/** `file!/member` as the path, so that tabs and languages go by the member's name; the query says where the file's path ends. */
export function uriOfPlace({ file, member }: MediaPlace): Uri {
  return member === undefined ? Uri.file(file) : Uri.from({ scheme: INSIDE_SCHEME, path: `${file}!/${member}`, query: String(file.length) });
}

/** Undefined for what is neither a file of this machine nor inside of one. */
export function placeOfUri(uri: Uri): MediaPlace | undefined {
  if (uri.scheme === 'file') {
    return { file: uri.fsPath };
  }
  const end = Number(uri.query);
  const isInside = uri.scheme === INSIDE_SCHEME && Number.isInteger(end) && uri.path.startsWith('!/', end);
  return isInside ? { file: uri.path.slice(0, end), member: uri.path.slice(end + 2) } : undefined;
}
