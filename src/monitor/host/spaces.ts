import { statfsSync } from 'node:fs';

import { absent, isAbsent, type Measured } from '../../base/absent.ts';
import { probeStatfs, spaceOf, type FileSystemSpace, type StatfsProbe } from '../../process/statfsProbe.ts';
import type { FileSystemSample } from '../hostSample.ts';
import { Keyed } from './counters.ts';
import { isLocalMount, shownMounts, type Mount } from './mounts.ts';

/** Tells how full file systems are, and never waits for one. */
export interface Spaces {
  /** `moment`: seconds. `mounts`: all, those on the way as well. */
  of(mount: Mount, mounts: readonly Mount[], moment: number): Measured<FileSystemSpace>;
}

/** Other machines are asked no oftener. */
const REMOTE_SECONDS = 30;
/** An answer older than this is not told any more while a new one is waited for. */
const STALE_SECONDS = 120;

const ASKED = absent('asked, no answer yet');
const NOT_ANSWERING = absent('not answering');

export interface LocalSpacesOptions {
  /** Stands in for the system call in tests. */
  readonly probe?: (path: string) => StatfsProbe;
}

/**
 * Those of this machine. File systems of other machines and of programs (NFS, CIFS, Lustre, FUSE …) are asked by a process of
 * its own, one for each mount and never a second while the first has not gone.
 */
export function createLocalSpaces({ probe = probeStatfs }: LocalSpacesOptions = {}): Spaces {
  const remote = new Keyed((path) => new RemoteSpace(path, probe));
  return {
    of(mount, mounts, moment) {
      if (isLocalMount(mount, mounts)) {
        return localSpace(mount.mountPoint);
      }
      remote.keep(new Set(mounts.map(({ mountPoint }) => mountPoint)));
      return remote.get(mount.mountPoint).at(moment);
    },
  };
}

function localSpace(path: string): Measured<FileSystemSpace> {
  try {
    const { bsize, blocks, bfree, bavail } = statfsSync(path);
    return spaceOf(bsize, blocks, bfree, bavail);
  } catch (error) {
    return absent((error as NodeJS.ErrnoException).code === 'EACCES' ? 'not permitted' : 'not there');
  }
}

class RemoteSpace {
  private isOut = false;
  private asked = -Infinity;
  private answered = -Infinity;
  private last: Measured<FileSystemSpace> = ASKED;
  private readonly path: string;
  private readonly probe: (path: string) => StatfsProbe;

  constructor(path: string, probe: (path: string) => StatfsProbe) {
    this.path = path;
    this.probe = probe;
  }

  at(moment: number): Measured<FileSystemSpace> {
    if (!this.isOut && moment - this.asked >= REMOTE_SECONDS) {
      this.ask(moment);
    }
    return !isAbsent(this.last) && moment - this.answered > STALE_SECONDS ? NOT_ANSWERING : this.last;
  }

  private ask(moment: number): void {
    this.isOut = true;
    this.asked = moment;
    const { answer, gone } = this.probe(this.path);
    void answer.then((space) => {
      this.last = space;
      this.answered = moment;
    });
    void gone.then(() => (this.isOut = false));
  }
}

/**
 * Those of another machine, of what `df -kP` prints there (POSIX: names, blocks of 1024 bytes, used, available, share, mount
 * point). `text`: the last that came.
 */
export function createDfSpaces(text: () => Measured<string>): Spaces {
  let parsed: { readonly text: string; readonly spaces: ReadonlyMap<string, FileSystemSpace> } | undefined;
  return {
    of(mount) {
      const current = text();
      if (isAbsent(current)) {
        return current;
      }
      if (parsed?.text !== current) {
        parsed = { text: current, spaces: parseDf(current) };
      }
      return parsed.spaces.get(mount.mountPoint) ?? NOT_ANSWERING;
    },
  };
}

/** By mount point, in bytes. */
export function parseDf(text: string): ReadonlyMap<string, FileSystemSpace> {
  const spaces = new Map<string, FileSystemSpace>();
  for (const line of text.split('\n')) {
    // The source may hold blanks, and so may the mount point.
    const [, total, used, available, mountPoint] = /\s(\d{1,18})\s+(\d{1,18})\s+(\d{1,18})\s+(?:\d+%|-)\s+(\/.*?)\r?$/.exec(line) ?? [];
    const space = spaceOf(1024, Number(total), Number(total) - Number(used), Number(available));
    if (mountPoint !== undefined && !isAbsent(space)) {
      spaces.set(mountPoint, space);
    }
  }
  return spaces;
}

export function fileSystemSamples(mounts: Measured<readonly Mount[]>, spaces: Spaces, moment: number): Measured<readonly FileSystemSample[]> {
  if (isAbsent(mounts)) {
    return mounts;
  }
  return shownMounts(mounts).map((mount) => {
    const space = spaces.of(mount, mounts, moment);
    return {
      mountPoint: mount.mountPoint,
      type: mount.type,
      source: mount.source,
      ...(isAbsent(space) ? { total: space, available: space, used: space } : space),
    };
  });
}
