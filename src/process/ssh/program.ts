import { join } from 'node:path';
import { candidateAt, searchFolders } from '../candidates.ts';
import { isSshHost } from './hosts.ts';

export class SshMissing extends Error {
  override readonly name = 'SshMissing';
}

/** Of VS Code and of Node, or what would put a window before the user. */
const NOT_FOR_SSH = /^(?:VSCODE_|ELECTRON_|NODE_|SSH_ASKPASS|(?:WAYLAND_)?DISPLAY$|LD_PRELOAD$|LC_|LANG)/;

/** Absolute path of the user's ssh. `never`: folders from which nothing is run. Throws an `SshMissing`. */
export function findSsh(env: NodeJS.ProcessEnv, never: readonly string[]): string {
  const found = searchFolders(env)
    .map((folder) => candidateAt(join(folder, 'ssh'), never))
    .find((candidate) => candidate !== undefined && candidate.distrusted === undefined);
  if (found === undefined) {
    throw new SshMissing('ssh was not found on this machine');
  }
  return found.path;
}

/** What ssh has of the user's environment: it asks nobody anything, and tells what is wrong in English. */
export function sshEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => isForSsh(entry))),
    LC_ALL: 'C',
    // That of a ProxyJump does not inherit BatchMode.
    SSH_ASKPASS_REQUIRE: 'never',
  };
}

function isForSsh([name, value]: readonly [string, string | undefined]): boolean {
  return value !== undefined && !NOT_FOR_SSH.test(name);
}

/** Throws a RangeError for what ssh, or a program that is given it, could take for anything but a host. */
export function checkedHost(host: string): string {
  if (!isSshHost(host)) {
    throw new RangeError(`${JSON.stringify(host)} is no host that ssh may be given`);
  }
  return host;
}
