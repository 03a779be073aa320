import { setTimeout as wait } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../../process/processIdentity.ts';
import type { JobStore } from '../jobStore.ts';
import { clearDeadRuns } from './deadRuns.ts';
import { statusOf } from './followJob.ts';
import { jobFiles, readStatus, writeStatus } from './jobFiles.ts';
import { readJournal } from './journalState.ts';
import { takeOwnership, ownerOf } from './ownerLock.ts';

/** Seconds that a job's process gets to end its tools (3 s to the last of them) and remove what they wrote. */
const PATIENCE = 10;
/** Milliseconds between two looks at a process on its way out: the kernel tells its parent only. */
const LOOK_AGAIN = 20;

/** Ends a job of another process, or one that nobody works on: nothing of it runs, and no temporary file is left, when this resolves. */
export async function cancelJob(store: JobStore, id: string): Promise<void> {
  await statusOf(store, id);
  const files = jobFiles(store.folder, id);
  const owner = ownerOf(files.folder);
  if (owner !== undefined && owner.pid !== process.pid) {
    await endProcess(owner);
  }
  const lock = takeOwnership(files.folder);
  if (lock === undefined) {
    return; // Somebody took it up again since.
  }
  try {
    const status = readStatus(files);
    if (status === undefined || ['done', 'failed', 'cancelled'].includes(status.state)) {
      return;
    }
    await clearDeadRuns(await readJournal(files.journal));
    const { owner: _, ...rest } = status;
    writeStatus(files, { ...rest, state: 'cancelled', running: [], endedAt: Date.now() });
  } finally {
    lock.release();
  }
}

async function endProcess(owner: ProcessIdentity): Promise<void> {
  send(owner, 'SIGTERM');
  const end = performance.now() + PATIENCE * 1000;
  while (isAlive(owner)) {
    if (performance.now() > end) {
      send(owner, 'SIGKILL');
    }
    await wait(LOOK_AGAIN);
  }
}

function send(owner: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(owner.pid, signal);
  } catch {
    // It has just ended.
  }
}
