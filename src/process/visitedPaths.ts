import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';

/** As many links as Linux follows before it gives up (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Every path that the system comes through on its way to a file: each folder, each symbolic link, what it leads to, and at
 * the end the file itself, links resolved. `path`: absolute.
 * Throws a file system error where the way ends early.
 */
export function visitedPaths(path: string): readonly string[] {
  const visited: string[] = [];
  let at = '/';
  let left = path.split(sep);
  let links = 0;
  while (left.length > 0) {
    const [name = '', ...rest] = left;
    left = rest;
    if (name === '' || name === '.') {
      continue;
    }
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    visited.push(next);
    if (!lstatSync(next).isSymbolicLink()) {
      at = next;
      continue;
    }
    links++;
    if (links > MOST_LINKS) {
      throw new Error(`${path} leads through more than ${MOST_LINKS} links`);
    }
    const target = readlinkSync(next);
    at = isAbsolute(target) ? '/' : at;
    left = [...target.split(sep), ...left];
  }
  return [...visited, at];
}

/** Whether a path is a folder or lies below it; both absolute, without `.` and `..`. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
