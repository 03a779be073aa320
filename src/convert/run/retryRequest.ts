import type { ConvertRequest } from '../job.ts';
import type { JobStore } from '../jobStore.ts';
import { RequestError } from '../requestError.ts';
import { statusOf } from './followJob.ts';

/** Failures that are read at a time. */
const PAGE = 10_000;

/** The request for doing again what failed, into the same folder. Throws a `RequestError` where nothing did. */
export async function retryRequest(store: JobStore, id: string, salvage: boolean): Promise<ConvertRequest> {
  const request = await store.request(id);
  const { output } = await statusOf(store, id);
  const only: string[] = [];
  for (;;) {
    const { items, total } = await store.failures(id, only.length, PAGE);
    only.push(...items.map(({ input }) => input));
    if (items.length === 0 || only.length >= total) {
      break;
    }
  }
  if (only.length === 0) {
    throw new RequestError('job', 'Nothing of this job has failed.');
  }
  return { ...request, ...(output !== '' && { output }), only, salvage };
}
