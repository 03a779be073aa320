import type { ConvertRequest, JobStatus } from '../job.ts';
import type { JobFollow, Jobs } from '../jobs.ts';
import type { JobStore } from '../jobStore.ts';
import { cancelJob } from './cancelJob.ts';
import { aborted, atRest, statusOf } from './followJob.ts';
import type { JobRunner, JobRunOptions } from './jobRunner.ts';
import { isLive } from './liveness.ts';
import { retryRequest } from './retryRequest.ts';

/** Jobs that are planned and run in this process, and end with it. Jobs of other processes can be followed and cancelled. */
export function createInProcessJobs(store: JobStore, runner: JobRunner): Jobs {
  const active = new Map<string, { readonly cancel: AbortController; readonly end: Promise<void> }>();

  async function work(id: string, follow: JobFollow, start: (options: JobRunOptions) => Promise<void>): Promise<JobStatus> {
    const cancel = new AbortController();
    const { onStatus } = follow;
    const tell = (status: JobStatus): void => (follow.signal?.aborted ? undefined : onStatus?.(status));
    // Entered before anything is told, so that it can be cancelled at its very first word.
    const end = Promise.resolve().then(() => start({ signal: cancel.signal, ...(onStatus && { onStatus: tell }) }));
    active.set(id, { cancel, end });
    void end.catch(() => {}).then(() => active.delete(id));
    await Promise.race([end, aborted(follow.signal)]);
    return statusOf(store, id);
  }

  return {
    store,
    async plan(request: ConvertRequest, follow: JobFollow = {}) {
      const id = await store.create(request);
      return work(id, follow, (options) => runner.plan(id, options));
    },
    async run(id, follow = {}) {
      if (isLive(await statusOf(store, id))) {
        await atRest(store, id, follow.signal);
        return statusOf(store, id);
      }
      return work(id, follow, (options) => runner.run(id, options));
    },
    async cancel(id) {
      const here = active.get(id);
      if (here) {
        here.cancel.abort();
        await here.end.catch(() => {});
      } else {
        await cancelJob(store, id);
      }
    },
    retryRequest: (id, salvage) => retryRequest(store, id, salvage),
  };
}
