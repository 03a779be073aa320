import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { WalkedFolder } from '../walk/walkTree.ts';

/** Not so where that cannot be told: then the walk tells why. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A dataset that is a single file. */
export function loneFile(path: string): WalkedFolder {
  return {
    path: '', absolute: dirname(path), linked: false, modified: undefined, unchanged: false, files: [basename(path)], folders: [], skipped: {}, failed: false, more: false,
  };
}

/** Why a dataset cannot be read, for a person. */
export function wordsOf(error: unknown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `${path ?? 'The dataset'} may not be read by this user`;
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return `${path ?? 'The dataset'} is not there, or is no folder`;
  }
  return error instanceof Error ? error.message : String(error);
}
