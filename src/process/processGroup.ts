import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isRunning, processStat } from './processIdentity.ts';

/** Longest pause between two looks at a group that is on its way out, in milliseconds: the kernel has no event for it. */
const LONGEST_PAUSE = 200;

/** Sends a signal to every process of a group that is still there and ours to signal. */
export function signalGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  }
}

/** Whether nothing of a group runs any more. */
export function isGroupGone(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      return true;
    }
  }
  // In a container whose first process does not reap, orphans stay zombies for good: those are gone for us.
  return !readdirSync('/proc').some((entry) => {
    const stat = /^\d+$/.test(entry) ? processStat(Number(entry)) : undefined;
    return stat?.group === group && isRunning(stat);
  });
}

/** `longestPause`: milliseconds between two looks at a group that takes its time. */
export async function groupGone(group: number, longestPause = LONGEST_PAUSE): Promise<void> {
  for (let pause = 5; !isGroupGone(group); pause = Math.min(pause * 2, longestPause)) {
    await wait(pause);
  }
}
