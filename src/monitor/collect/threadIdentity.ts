import { readFileSync, readlinkSync } from 'node:fs';
import { isRunning, ownIdentity, parseProcessStat, type ProcessIdentity } from '../../process/processIdentity.ts';

/**
 * A thread for as long as it runs. A collector is one of an extension host that may live on without it, and must be known to have
 * ended either way.
 */
export interface ThreadIdentity extends ProcessIdentity {
  /** `PID/task/TID`, as `/proc/thread-self` says. */
  readonly thread: string;
  /** Clock ticks from the boot to the thread's start. Only ever compared. */
  readonly threadStart: string;
}

/** Of the thread that asks. */
export function ownThread(): ThreadIdentity {
  const thread = readlinkSync('/proc/thread-self');
  return { ...ownIdentity(), thread, threadStart: startOf(thread) ?? '' };
}

/**
 * Whether this very thread still runs. It is of this boot and this pid namespace: who asks has seen to that. One of which nothing
 * can be found out, because we may open no more files for example, counts as alive.
 */
export function isThreadAlive({ thread, threadStart }: Pick<ThreadIdentity, 'thread' | 'threadStart'>): boolean {
  try {
    return threadStart !== '' && startOf(thread) === threadStart;
  } catch (error) {
    return !isGone(error);
  }
}

/** Of a file of `/proc`: what it told of is no more. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** undefined where it has ended, or is none. Throws where it cannot be read. */
function startOf(thread: string): string | undefined {
  const stat = /^\d+\/task\/\d+$/.test(thread) ? parseProcessStat(readFileSync(`/proc/${thread}/stat`, 'utf8')) : undefined;
  return isRunning(stat) ? stat?.startTicks : undefined;
}
