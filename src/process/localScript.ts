import { runCommand } from './runCommand.ts';

/** Of the system alone: what a workspace has put on the PATH is not run. */
const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin';

/** Runs a POSIX script of ours on this machine. Rejects when `signal` is aborted. */
export async function runLocalScript(script: string, onStdout: (chunk: Buffer) => void, signal?: AbortSignal): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  const { exitCode, stderr } = await runCommand({ words: ['/bin/sh', '-c', script], folder: '/', env: { PATH: SYSTEM_PATH, LC_ALL: 'C' } }, { keep: 1024 * 1024, onStdout, signal });
  signal?.throwIfAborted();
  return { exitCode, stderr };
}
