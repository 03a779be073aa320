import { dirname } from 'node:path';

/** Whether an absolute path is the folder itself or under it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || isUnder(path, folder);
}

/** Whether an absolute path is under the folder, which does not end with a slash. */
export function isUnder(path: string, folder: string): boolean {
  return folder === '/' ? path !== '/' : path.charCodeAt(folder.length) === 0x2f && path.startsWith(folder);
}

/** The deepest folder that all of these absolute folders are or lie in. */
export function commonBase(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let base = common;
    while (!isWithin(folder, base)) {
      base = dirname(base);
    }
    return base;
  });
}
