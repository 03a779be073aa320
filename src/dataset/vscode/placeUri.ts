import { Uri } from 'vscode';
import { INSIDE_SCHEME, insideUriParts } from '../../media/insideUri.ts';
import type { MediaPlace } from '../../media/place.ts';

export function uriOfPlace({ file, member }: MediaPlace): Uri {
  return member === undefined ? Uri.file(file) : Uri.from(insideUriParts({ file, member }));
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
