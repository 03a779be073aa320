import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './runCommand.ts';

/**
 * The system's own small programs that a tool is started through, as absolute paths. One that is missing, or is not the kind
 * that does what we need, is left out: tools run all the same, and `wrapperNotes` says what they run without.
 */
export interface Wrappers {
  /** util-linux: has the kernel signal the tool when the process that started it dies, however it dies. */
  readonly setpriv?: string;
  /** GNU coreutils: told by that signal, it kills the whole group; the signal alone would miss a tool's own children. */
  readonly timeout?: string;
  /** util-linux: sets limits. */
  readonly prlimit?: string;
  /** Runs a tool many times for one start of ours. */
  readonly xargs?: string;
  /** Our own hard limits, above which only root may set one; Infinity for none. */
  readonly ceilings: HardLimits;
}

export interface HardLimits {
  readonly addressSpace: number;
  readonly data: number;
  readonly fileSize: number;
  readonly cpuSeconds: number;
}

const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];

interface Check {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly says: RegExp;
}

/** What each is asked to show that it is the kind we need: busybox has a `timeout` and a `setpriv` that are not. */
const CHECKS: Readonly<Record<Exclude<keyof Wrappers, 'ceilings'>, Check>> = {
  setpriv: { args: ['--help'], says: /--pdeathsig/ },
  timeout: { args: ['--version'], says: /^timeout \(GNU coreutils\)/ },
  prlimit: { args: ['--version'], says: /util-linux/ },
  // Prints `1  2` and `3 4 5`: empty words survive, and each run gets its own.
  xargs: { args: ['-0', '-x', '-n', '3', 'echo'], stdin: ['1', '', '2', '3', '4', '5', ''].join('\0'), says: /^1 {2}2\n3 4 5\n$/ },
};

/** Looks in the system's folders only, never on the user's PATH. */
export async function findWrappers(folders: readonly string[] = SYSTEM_FOLDERS): Promise<Wrappers> {
  const names = Object.keys(CHECKS) as (keyof typeof CHECKS)[];
  const found = await Promise.all(names.map(async (name) => [name, await findWrapper(name, folders)] as const));
  return {
    ...Object.fromEntries(found.filter(([, path]) => path !== undefined)),
    ceilings: hardLimits(await readFile('/proc/self/limits', 'utf8').catch(() => '')),
  };
}

async function findWrapper(name: keyof typeof CHECKS, folders: readonly string[]): Promise<string | undefined> {
  const { args, says, ...input } = CHECKS[name];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      const { stdout } = await runCommand(
        { words: [path, ...args], folder: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }, ...input },
        { wallSeconds: 10, keep: 65_536 },
      );
      if (says.test(stdout)) {
        return path;
      }
    } catch {
      // Not there, or not to be started: the next folder.
    }
  }
  return undefined;
}

/** The hard limits in the text of `/proc/<pid>/limits` (proc_pid_limits(5)). */
export function hardLimits(text: string): HardLimits {
  function hard(title: string): number {
    const value = new RegExp(`^${title} +\\S+ +(\\d+)`, 'm').exec(text)?.[1];
    return value === undefined ? Infinity : Number(value);
  }
  return {
    addressSpace: hard('Max address space'),
    data: hard('Max data size'),
    fileSize: hard('Max file size'),
    cpuSeconds: hard('Max cpu time'),
  };
}

/** What tools run without here, a sentence each. */
export function wrapperNotes({ setpriv, timeout, prlimit, xargs }: Wrappers): readonly string[] {
  return [
    setpriv === undefined && 'setpriv of util-linux is not here: a tool goes on to its end when Trainyard is killed',
    setpriv !== undefined &&
      timeout === undefined &&
      'timeout of GNU coreutils is not here: what a tool has started itself goes on when Trainyard is killed',
    prlimit === undefined && 'prlimit of util-linux is not here: memory, file size and CPU time of a tool are not limited',
    xargs === undefined && 'xargs is not here: short conversions are started one by one, which is slower',
  ].filter((note) => note !== false);
}
