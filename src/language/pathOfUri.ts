import { fileURLToPath } from 'node:url';
import { insideUriParts } from '../media/insideUri.ts';
import type { MediaPlace } from '../media/place.ts';

/** The absolute path of a `file:` address; undefined of others. */
export function pathOfUri(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

/** The address of a file, or of a member of an archive, as VS Code spells it. */
export function uriOfPlace({ file, member }: MediaPlace): string {
  if (member === undefined) {
    return `file://${encoded(file)}`;
  }
  const { scheme, path, query } = insideUriParts({ file, member });
  return `${scheme}:${encoded(path)}?${query}`;
}

/** All but what VS Code leaves as it is in a path. Half of a character, which no file's name has, becomes one that stands for it. */
function encoded(path: string): string {
  return encodeURIComponent(path.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('%2F', '/').replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
