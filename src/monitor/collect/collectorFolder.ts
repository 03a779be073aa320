import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export class CollectorFolderError extends Error {
  override readonly name = 'CollectorFolderError';

  constructor(
    /** `link`, `foreign`, `open`: somebody may have put it there to hear or to be heard. `failed`: the system's word is in the message. */
    readonly reason: 'link' | 'foreign' | 'open' | 'failed',
    message: string,
  ) {
    super(message);
  }
}

/** Bytes of a socket's path, its end included, are 108 (unix(7)); the names in the folder are shorter than 40. */
const LONGEST_FOLDER = 64;

/**
 * Where the collector of this user on this machine is found, by all windows and terminals: the session manager's folder where it
 * made one, else one among the temporary files. The sessions of a user need not agree on the environment.
 */
export function collectorFolder(env: NodeJS.ProcessEnv = process.env): string {
  const uid = ownUid();
  const runtime = [env['XDG_RUNTIME_DIR'] ?? '', `/run/user/${uid}`].find((path) => isAbsolute(path) && path.length < LONGEST_FOLDER && isOurs(path, uid));
  if (runtime !== undefined) {
    return join(runtime, 'trainyard');
  }
  const temporary = tmpdir().length < LONGEST_FOLDER ? tmpdir() : '/tmp';
  return join(temporary, `trainyard-${uid}`);
}

/** Makes the folder (0700) where it is not there. Throws a `CollectorFolderError` where it is not ours alone. */
export function makeCollectorFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw failed(path, error);
    }
  }
  checkCollectorFolder(path);
}

/** Throws a `CollectorFolderError` where the folder is not ours alone, or not there. */
export function checkCollectorFolder(path: string): void {
  let stat;
  try {
    stat = lstatSync(path);
  } catch (error) {
    throw failed(path, error);
  }
  if (!stat.isDirectory()) {
    throw new CollectorFolderError('link', `${path} is not a folder: remove it, and Trainyard makes its own there.`);
  }
  if (stat.uid !== ownUid()) {
    throw new CollectorFolderError('foreign', `${path} belongs to another user: Trainyard will not use it.`);
  }
  if ((stat.mode & 0o077) !== 0) {
    throw new CollectorFolderError('open', `${path} is open to other users: chmod 700 it, or remove it.`);
  }
}

function failed(path: string, error: unknown): CollectorFolderError {
  return new CollectorFolderError('failed', `${path} cannot be used: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
}

function isOurs(path: string, uid: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && stat.uid === uid;
}

function ownUid(): number {
  return process.getuid?.() ?? -1;
}
