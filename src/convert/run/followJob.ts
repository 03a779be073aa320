import type { JobStatus } from '../job.ts';
import type { JobFollow } from '../jobs.ts';
import type { JobStore } from '../jobStore.ts';
import { RequestError } from '../requestError.ts';
import { isLive } from './liveness.ts';

/** Tells of a job's changes until `end` settles. */
export async function whileFollowing<T>(store: JobStore, id: string, { onStatus }: JobFollow, end: Promise<T>): Promise<T> {
  const watch = onStatus && store.watch((changed) => void (changed === id && tell(store, id, onStatus)));
  try {
    return await end;
  } finally {
    watch?.dispose();
  }
}

/** Resolves when no process works on the job any more, or the signal is raised; throws where there is no such job. */
export function atRest(store: JobStore, id: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const watch = store.watch((changed) => void (changed === id && look()));
    const end = (settle: () => void): void => {
      watch.dispose();
      signal?.removeEventListener('abort', stop);
      settle();
    };
    const stop = (): void => end(resolve);
    const look = async (): Promise<void> => {
      try {
        if (!isLive(await statusOf(store, id))) {
          end(resolve);
        }
      } catch (error) {
        end(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) {
      stop();
    }
    void look();
  });
}

/** Throws a `RequestError` where there is no such job. */
export async function statusOf(store: JobStore, id: string): Promise<JobStatus> {
  const status = await store.status(id);
  if (status === undefined) {
    throw new RequestError('job', `There is no job ${id} any more.`);
  }
  return status;
}

/** Resolves when the signal is raised. */
export function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
    }
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function tell(store: JobStore, id: string, onStatus: (status: JobStatus) => void): Promise<void> {
  const status = await store.status(id);
  if (status !== undefined) {
    onStatus(status);
  }
}
