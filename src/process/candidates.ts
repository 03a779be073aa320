import { accessSync, closeSync, constants, lstatSync, openSync, readSync, readdirSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isWithin, visitedPaths } from './visitedPaths.ts';

/** A program that goes by the name of a tool. */
export interface Candidate {
  /** Absolute; the folder's links are resolved and the name stays, as some programs go by the name they are called by. */
  readonly path: string;
  /** Links resolved: the same for two candidates that are one program. */
  readonly target: string;
  readonly stat: Stats;
  /** Why it is not to be run, not even to be asked what it is. */
  readonly distrusted?: string;
}

/** Absolute folders in which programs are looked for: those of PATH, then the usual places. Relative entries of PATH are none. */
export function searchFolders(env: NodeJS.ProcessEnv): readonly string[] {
  const { PATH = '', HOME: home, CONDA_PREFIX: conda } = env;
  const folders = [
    ...PATH.split(':'),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
    ...(home ? [join(home, '.local/bin'), join(home, 'bin')] : []),
    ...(conda ? [join(conda, 'bin')] : []),
    ...optFolders(),
    '/snap/bin',
    '/home/linuxbrew/.linuxbrew/bin',
    '/run/current-system/sw/bin',
  ];
  return [...new Set(folders.filter((folder) => isAbsolute(folder)).map((folder) => resolve(folder)))];
}

function optFolders(): readonly string[] {
  try {
    return readdirSync('/opt')
      .sort()
      .map((name) => join('/opt', name, 'bin'));
  } catch {
    return [];
  }
}

/**
 * `path`: absolute. `never`: folders from which nothing is run. `trusted`: owners who may put a program into a folder that
 * anybody may write to; root and the user where left out. undefined where there is no such file, or none that can be seen.
 */
export function candidateAt(
  path: string,
  never: readonly string[],
  trusted: readonly number[] = [0, process.getuid?.() ?? 0],
): Candidate | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) {
      return undefined;
    }
    const distrusted = distrust(resolve(path), never, trusted) ?? (isExecutable(path) ? undefined : 'it may not be executed');
    return {
      path: join(realpathSync(dirname(path)), basename(path)),
      target: realpathSync(path),
      stat,
      ...(distrusted !== undefined && { distrusted }),
    };
  } catch {
    return undefined;
  }
}

/** Whether a program is a text that another one runs. */
export function isScript(path: string): boolean {
  const start = Buffer.alloc(2);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, start, 0, 2, 0);
  } finally {
    closeSync(fd);
  }
  return start.toString('latin1') === '#!';
}

/** Each step of the way counts, not its end alone: whoever owns a link chooses what it leads to. */
function distrust(path: string, never: readonly string[], trusted: readonly number[]): string | undefined {
  const visited = visitedPaths(path);
  const forbidden = never.flatMap((folder) => [resolve(folder), resolved(folder)]);
  const inside = visited.find((place) => forbidden.some((folder) => isWithin(place, folder)));
  if (inside !== undefined) {
    return isWithin(path, inside) ? 'it lies in the workspace' : `it leads through the workspace: ${inside}`;
  }
  // The place itself: for a link its own owner, not that of what it leads to.
  const foreign = visited.find((place) => isWorldWritable(dirname(place)) && !trusted.includes(lstatSync(place).uid));
  return foreign === undefined
    ? undefined
    : `anybody may write to ${dirname(foreign)}, and ${basename(foreign)} in it belongs to another user`;
}

function resolved(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

function isWorldWritable(folder: string): boolean {
  return (statSync(folder).mode & 0o002) !== 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
