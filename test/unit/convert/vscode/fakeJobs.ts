import type { ConvertRequest, JobStatus } from '../../../../src/convert/job.ts';
import type { JobFollow, Jobs } from '../../../../src/convert/jobs.ts';
import type { JobStore } from '../../../../src/convert/jobStore.ts';
import { aStatus } from '../view/statuses.ts';

/** Jobs without processes: a test says when a plan is made and what it comes to. */
export class FakeJobs {
  readonly jobs = new Map<string, JobStatus>();
  readonly requests = new Map<string, ConvertRequest>();
  readonly cancelled: string[] = [];
  readonly removed: string[] = [];
  readonly run: string[] = [];
  /** What the next plans come to; one that is left out stays under way until `cancel`. */
  readonly plans: Partial<JobStatus>[] = [];
  runFails: Error | undefined;
  private readonly ends = new Map<string, (status: JobStatus) => void>();

  private async plan(request: ConvertRequest, { onStatus }: JobFollow = {}): Promise<JobStatus> {
    const id = `job-${this.requests.size + 1}`;
    this.requests.set(id, request);
    const status = aStatus({ id, state: 'planning', preset: request.preset, title: request.preset });
    this.jobs.set(id, status);
    onStatus?.(status);
    const outcome = this.plans.shift();
    const end = outcome === undefined ? await new Promise<JobStatus>((resolve) => this.ends.set(id, resolve)) : { ...status, state: 'planned' as const, ...outcome };
    this.jobs.set(id, end);
    return end;
  }

  readonly port = {
    store: {
      request: async (id: string) => this.requests.get(id),
      status: async (id: string) => this.jobs.get(id),
      remove: async (id: string) => {
        this.removed.push(id);
        this.jobs.delete(id);
      },
    } as unknown as JobStore,
    plan: (request: ConvertRequest, follow?: JobFollow) => this.plan(request, follow),
    run: async (id: string, { onStatus }: JobFollow = {}) => {
      if (this.runFails !== undefined) {
        throw this.runFails;
      }
      this.run.push(id);
      onStatus?.({ ...aStatus({ id }) });
      return new Promise<JobStatus>(() => undefined);
    },
    cancel: async (id: string) => {
      this.cancelled.push(id);
      this.ends.get(id)?.(aStatus({ id, state: 'cancelled' }));
    },
    retryRequest: async (id: string, salvage: boolean) => ({ ...(this.requests.get(id) as ConvertRequest), salvage, only: ['/data/bad.wav'] }),
  } satisfies Jobs;
}
