import { homedir } from 'node:os';
import { posix } from 'node:path';
import { printable } from '../../base/printable.ts';
import { SyncError } from '../syncError.ts';

/** The absolute path of a remote folder: `~` and `~/x` are below the box's home. Throws a `SyncError` for any other that is not absolute. */
export function remoteRoot(remote: string, home: string): string {
  const whole = remote === '~' || remote.startsWith('~/') ? `${home}/${remote.slice(2)}` : remote;
  if (!whole.startsWith('/') || /[\0\n]/.test(whole) || whole.split('/').includes('..')) {
    throw new SyncError('target', `${printable(remote)} is no folder on a box: write it from / or from ~/, without “..”`);
  }
  return tidy(whole);
}

/** The absolute path of a folder here. `folder`: what a relative one starts from. */
export function localRoot(local: string, folder: string): string {
  const whole = local === '~' || local.startsWith('~/') ? `${homedir()}/${local.slice(2)}` : posix.resolve(folder, local);
  return tidy(whole);
}

function tidy(path: string): string {
  const normal = posix.normalize(path);
  return normal === '/' ? normal : normal.replace(/\/+$/, '');
}
