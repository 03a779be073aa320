import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import type { JobStatus } from '../job.ts';
import { isJobId, jobNamed } from './jobFiles.ts';
import { isLive } from './liveness.ts';

/** Milliseconds between two looks whether the processes of running jobs are still there: the kernel tells their parents only. */
const LOOK_AGAIN = 2000;

/**
 * Calls back after a change to any job in a store's folder, and when a job's process is gone. One watch serves all jobs: a
 * status passes through the folder on its way to its place.
 */
export function watchJobs(folder: string, read: (id: string) => JobStatus | undefined, onChange: (id: string) => void): Disposable {
  const live = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function look(id: string): void {
    const status = read(id);
    if (status !== undefined && isLive(status)) {
      live.add(id);
    } else {
      live.delete(id);
    }
    if (live.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else {
      timer ??= setInterval(lookAtLive, LOOK_AGAIN).unref();
    }
  }

  function lookAtLive(): void {
    for (const id of [...live]) {
      look(id);
      if (!live.has(id)) {
        onChange(id);
      }
    }
  }

  const watcher = watch(folder, (event, name) => {
    const job = name === null ? undefined : jobNamed(name);
    // A draft that is still there is being written; it will be moved away.
    if (job === undefined || event !== 'rename' || (job.isDraft && existsSync(join(folder, name ?? '')))) {
      return;
    }
    look(job.id);
    onChange(job.id);
  });
  // Without the folder there is nothing to tell of any more.
  watcher.on('error', () => {});
  readdirSync(folder).filter(isJobId).forEach(look);
  return {
    dispose() {
      watcher.close();
      clearInterval(timer);
    },
  };
}
