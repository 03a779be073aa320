import { dirname } from 'node:path';

/** The deepest folder that all of these absolute paths lie in: of a single one, the folder that holds it. */
export function commonFolder(paths: readonly string[]): string {
  const [first, ...others] = paths;
  let folder = first === undefined ? '/' : dirname(first);
  for (const path of others) {
    while (!isUnder(path, folder)) {
      folder = dirname(folder);
    }
  }
  return folder;
}

function isUnder(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
