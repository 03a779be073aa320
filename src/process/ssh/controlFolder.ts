import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SshFailed } from './link.ts';

/** ssh binds a name that is 17 bytes longer first, and a socket's path ends with NUL: of 108 bytes on Linux, 104 elsewhere. */
const LONGEST = process.platform === 'linux' ? 90 : 86;
/** What `%C` stands for. */
const HASH = 40;

/**
 * Where the sockets of our masters are: short, and nobody else's. Throws an `SshFailed` where the folder is not ours alone. `parent`
 * is for tests.
 */
export function controlFolder(parent = '/tmp'): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(parent, `ty-${uid}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new SshFailed('unreachable', `${folder}, where connections are kept, cannot be made: ${(error as Error).message}`);
    }
  }
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new SshFailed('unreachable', `${folder}, where connections are kept, belongs to someone else or may be entered by others. Remove it, or have it removed.`);
  }
  return folder;
}

/** For `ControlPath`: one for each machine, user and way there. A configuration in place of the user's own has sockets of its own. */
export function controlPath(folder: string, config: string | undefined): string {
  const own = config === undefined ? '' : `-${createHash('sha256').update(config).digest('hex').slice(0, 8)}`;
  const path = `${folder}/%C${own}`;
  if (path.length - 2 + HASH > LONGEST) {
    throw new SshFailed('unreachable', `${folder} is too long a name for a folder of connections`);
  }
  return path;
}
