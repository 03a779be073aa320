import { spawn } from 'node:child_process';

export interface DetachedCommand {
  /** Absolute path first. */
  readonly words: readonly string[];
  /** Current folder. */
  readonly folder: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** A process that lives on when this one ends. */
export interface Detached {
  readonly pid: number;
  /** Resolves with how it ended, where this process lives to see it: the exit code, or 128 and more for a signal. */
  readonly ended: Promise<number>;
}

/**
 * Starts a process of ours in a session of its own, with nothing of this one's but its environment: neither terminal nor pipes.
 * Waiting for it keeps no event loop alive. Rejects with the system's error where it cannot be started.
 */
export async function startDetached({ words, folder, env }: DetachedCommand): Promise<Detached> {
  const [file = '', ...args] = words;
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio: 'ignore' });
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 128)));
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  return { pid: child.pid ?? 0, ended };
}
