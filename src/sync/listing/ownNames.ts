import type { BytePath } from '../../base/bytePath.ts';

/** The folder in each root that is ours: sentinel, trash, what is on its way. It is never listed, sent or deleted as a part of the tree. */
export const OWN_FOLDER = '.trainyard';

export function isOwn(path: BytePath): boolean {
  return path === OWN_FOLDER || path.startsWith(`${OWN_FOLDER}/`);
}

/** Whether a path is a repository's own folder, or in one: git lists none of it. */
export function isInsideGit(path: BytePath): boolean {
  return path === '.git' || path.startsWith('.git/') || path.endsWith('/.git') || path.includes('/.git/');
}

export function parentOf(path: BytePath): BytePath | undefined {
  const end = path.lastIndexOf('/');
  return end === -1 ? undefined : path.slice(0, end);
}

export function byPath(one: { readonly path: BytePath }, other: { readonly path: BytePath }): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
}
