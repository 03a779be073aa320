import { statSync } from 'node:fs';
import { isRunning, processStat } from './processIdentity.ts';

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL', 'SIGSTOP', 'SIGCONT'] as const;

export type Signal = (typeof SIGNALS)[number];

export type SignalRefusal = 'gone' | 'notOwn' | 'protected' | 'notPermitted';

export class SignalError extends Error {
  override name = 'SignalError';

  constructor(
    readonly reason: SignalRefusal,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Sends a signal to one process of our own user, and to no other: not to one that has taken the pid meanwhile, not to pid 1,
 * not to us or to what we run in. Root signals root's processes alone here.
 *
 * @param startTicks field 22 of `/proc/<pid>/stat`, as it was when the person chose the process
 * @throws {SignalError}
 */
export function signalProcess(pid: number, startTicks: string, signal: Signal): void {
  if (!Number.isSafeInteger(pid) || pid <= 1 || ownLine().includes(pid)) {
    throw new SignalError('protected', pid === 1 ? 'Process 1 keeps this machine or container running.' : `Trainyard itself runs in process ${pid}.`);
  }
  const stat = processStat(pid);
  if (stat?.startTicks !== startTicks || !isRunning(stat)) {
    throw new SignalError('gone', `Process ${pid} has ended meanwhile.`);
  }
  if (ownerOf(pid) !== process.getuid?.()) {
    throw new SignalError('notOwn', `Process ${pid} is not yours.`);
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ESRCH'
      ? new SignalError('gone', `Process ${pid} has ended meanwhile.`)
      : new SignalError('notPermitted', `Process ${pid} does not take the signal: ${(error as Error).message}`);
  }
}

/** We and the processes that we hang on. */
function ownLine(): readonly number[] {
  const line = [process.pid];
  for (let pid = process.ppid; pid > 1 && !line.includes(pid); pid = processStat(pid)?.parent ?? 0) {
    line.push(pid);
  }
  return line;
}

function ownerOf(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return undefined;
  }
}
