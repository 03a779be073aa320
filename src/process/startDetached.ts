import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { ProcessIdentity } from './processIdentity.ts';
import { startTimeOf } from './processIdentity.ts';

export interface DetachedScript {
  /** Absolute path of a bundle of ours. */
  readonly script: string;
  readonly args: readonly string[];
  /** The user's environment; what is VS Code's or Node's own in it is left out. */
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of a file to which what it writes to stdout and stderr is added; left out, nobody reads that. */
  readonly log?: string;
}

const NOT_THE_USERS = /^(?:VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_)/;

/**
 * Starts a script of ours with our own Node so that it outlives us: in a session of its own, without streams to us, in the
 * root folder, so that it keeps no other from being unmounted. Rejects with Node's own error where it cannot be started.
 */
export async function startDetached({ script, args, env, log }: DetachedScript): Promise<ProcessIdentity> {
  const sink = log === undefined ? 'ignore' : openSync(log, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: '/',
      env: { ...Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_THE_USERS.test(name))), ELECTRON_RUN_AS_NODE: '1' },
      detached: true,
      stdio: ['ignore', sink, sink],
    });
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid as number;
    return { pid, startTime: startTimeOf(pid) ?? '' };
  } finally {
    if (typeof sink === 'number') {
      closeSync(sink);
    }
  }
}
