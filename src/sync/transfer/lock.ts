import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import { isAlive, ownIdentity } from '../../process/processIdentity.ts';
import type { ProcessIdentity } from '../../process/processIdentity.ts';
import { SyncError } from '../syncError.ts';

/** Names a pair of folders, whichever target they belong to: what two runs must not both work on. */
export function pairKey(localRoot: string, box: string, remoteRoot: string): string {
  return createHash('sha256').update(`${localRoot}\0${box}\0${remoteRoot}`).digest('hex').slice(0, 24);
}

/** The sole right to work on a pair of folders, among all windows of this user. A dead owner's is taken over. Throws a `SyncError` of `busy`. */
export function lockPair(storage: string, key: string): Disposable {
  const folder = join(storage, 'locks');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, key);
  const own = join(folder, `${key}.${process.pid}.${randomBytes(4).toString('hex')}`);
  writeFileSync(own, JSON.stringify({ ...ownIdentity(), nonce: own }), { mode: 0o600 });
  try {
    // Each turn takes away one dead owner; who loses the race for it finds a living one.
    for (let turn = 0; turn < 10; turn++) {
      try {
        linkSync(own, lock);
        return { dispose: () => release(lock, own) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
          throw error;
        }
      }
      const owner = read(lock);
      if (owner !== undefined && isAlive(owner)) {
        throw new SyncError('busy', `Another sync of these two folders is running, in process ${owner.pid}.`);
      }
      takeAway(lock, own, owner);
    }
    throw new SyncError('busy', 'Another sync of these two folders has just begun.');
  } finally {
    rmSync(own, { force: true });
  }
}

/** By a name of its own first: what was renamed is then looked at again, since a living one may have come to stand there meanwhile. */
function takeAway(lock: string, own: string, seen: ProcessIdentity | undefined): void {
  const aside = `${own}.old`;
  try {
    renameSync(lock, aside);
    const taken = read(aside);
    if (taken !== undefined && isAlive(taken) && taken.pid !== seen?.pid) {
      linkSync(aside, lock);
    }
  } catch {
    // Somebody else was first.
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(lock: string, own: string): void {
  if ((read(lock) as { nonce?: string } | undefined)?.nonce === own) {
    rmSync(lock, { force: true });
  }
}

function read(path: string): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<ProcessIdentity>;
    return typeof value.pid === 'number' && typeof value.startTime === 'string' ? (value as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}
