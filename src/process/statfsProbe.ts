import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import { absent, type Measured } from '../base/absent.ts';

/** How full a file system is, in bytes. */
export interface FileSystemSpace {
  readonly total: number;
  /** For those who are not root. */
  readonly available: number;
  readonly used: number;
}

export interface StatfsProbe {
  /** Never rejects; known after 3 seconds at the latest. */
  readonly answer: Promise<Measured<FileSystemSpace>>;
  /** When no process of it is left, which may be never: one that waits for a dead server cannot be ended. */
  readonly gone: Promise<void>;
}

export interface StatfsProbeOptions {
  /** Where `timeout` and `stat` are looked for. */
  readonly folders?: readonly string[];
  /** Seconds after which it is ended. */
  readonly wallSeconds?: number;
}

const FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];
const KEEP = 1024;

const NOT_ANSWERING = absent('not answering');

/**
 * Asks how full the file system at an absolute path is, in a process of its own: the system call waits for as long as a server
 * is away, and takes whoever made it along.
 */
export function probeStatfs(path: string, { folders = FOLDERS, wallSeconds = 2 }: StatfsProbeOptions = {}): StatfsProbe {
  const timeout = programIn(folders, 'timeout');
  const stat = programIn(folders, 'stat');
  if (timeout === undefined || stat === undefined) {
    return { answer: Promise.resolve(absent(`${timeout === undefined ? 'timeout' : 'stat'} was not found`)), gone: Promise.resolve() };
  }
  const child = spawn(timeout, ['-s', 'KILL', String(wallSeconds), stat, '-f', '-c', '%S %b %f %a', '--', path], {
    cwd: '/',
    env: { LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  // Nobody waits for it to end before ending himself.
  child.unref();
  (child.stdout as Socket).unref();
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, KEEP)));
  const gone = new Promise<void>((resolve) => child.once('error', () => resolve()).once('close', () => resolve()));
  const answer = new Promise<Measured<FileSystemSpace>>((resolve) => {
    const late = setTimeout(() => resolve(NOT_ANSWERING), (wallSeconds + 1) * 1000);
    child.once('error', (error: NodeJS.ErrnoException) => resolve(absent(error.code ?? error.message)));
    child.once('close', (code, signal) => {
      clearTimeout(late);
      // `timeout` ends itself with the signal that it sent.
      resolve(code === 0 ? parseStatfs(said) : signal === 'SIGKILL' || code === 137 || code === 124 ? NOT_ANSWERING : absent('not there'));
    });
  });
  return { answer, gone };
}

/** Block size, and blocks in all, free, and free for those who are not root. */
export function parseStatfs(text: string): Measured<FileSystemSpace> {
  const [, ...words] = /^(\d+) (\d+) (\d+) (\d+)\s*$/.exec(text) ?? [];
  const [size = NaN, blocks = NaN, free = NaN, available = NaN] = words.map(Number);
  return spaceOf(size, blocks, free, available);
}

export function spaceOf(blockSize: number, blocks: number, free: number, available: number): Measured<FileSystemSpace> {
  const space = { total: blocks * blockSize, available: available * blockSize, used: (blocks - free) * blockSize };
  // Those that keep nothing, or do not know, say that they have no blocks.
  return space.total > 0 && space.total < 2 ** 80 && space.used >= 0 && space.available >= 0 ? space : absent('not told');
}

function programIn(folders: readonly string[], name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
