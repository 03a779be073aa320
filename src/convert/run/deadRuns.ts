import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ownIdentity } from '../../process/processIdentity.ts';
import type { JournalState } from './journalState.ts';
import { sweepTemporaries, type PastRun } from './tempNames.ts';

/** Milliseconds between two looks at processes on their way out: the kernel tells their parent only. */
const LOOK_AGAIN = 10;

/**
 * Clears away what a run left that did not come to its end: tools that still run, which would go on writing, and then their
 * temporary files. The caller has the job to himself, so that no run of it is under way.
 */
export async function clearDeadRuns({ runs, folders, isEnded }: Pick<JournalState, 'runs' | 'folders' | 'isEnded'>): Promise<void> {
  if (isEnded) {
    return;
  }
  const dead = ofThisBoot(runs);
  for (let tools = toolsOf(dead); tools.length > 0; tools = toolsOf(dead)) {
    tools.forEach(kill);
    await wait(LOOK_AGAIN);
  }
  sweepTemporaries(folders, runs);
}

/** Runs whose tools may still be there. This very process may run other jobs, whose tools look the same. */
function ofThisBoot(runs: readonly PastRun[]): readonly PastRun[] {
  const own = ownIdentity().startTime;
  const boot = own.slice(0, own.lastIndexOf(':') + 1);
  return runs.filter(({ startTime }) => startTime !== own && startTime.startsWith(boot));
}

/**
 * Processes whose current folder is one that such a run had made for its tools: the kernel sends those a signal when the run's
 * process dies, where it can be asked to, but they need a moment, and some would not even get it.
 */
function toolsOf(runs: readonly PastRun[]): readonly number[] {
  const owners = runs.map(({ pid, startTime }) => `-${pid}-${startTime.slice(startTime.lastIndexOf(':') + 1)}-`);
  if (owners.length === 0) {
    return [];
  }
  return readdirSync('/proc').flatMap((entry) => {
    const folder = /^\d+$/.test(entry) ? currentFolder(entry) : undefined;
    return folder?.startsWith('trainyard-') && owners.some((owner) => folder.includes(owner)) ? [Number(entry)] : [];
  });
}

/** Its name; of a folder that is gone with ` (deleted)` behind it. */
function currentFolder(pid: string): string | undefined {
  try {
    return basename(readlinkSync(`/proc/${pid}/cwd`));
  } catch {
    return undefined; // Ended since, or somebody else's.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
