import type { JobStatus } from '../job.ts';
import type { JobAction } from './jobRow.ts';
import { hasEnded, isActive, jobRow } from './jobRow.ts';

/** What the palette's `when`s ask of the jobs, under the keys' last words. */
export interface JobFlags {
  readonly any: boolean;
  readonly planned: boolean;
  readonly running: boolean;
  readonly interrupted: boolean;
  readonly failed: boolean;
  readonly ended: boolean;
}

export function jobFlags(jobs: readonly JobStatus[]): JobFlags {
  const can = (action: JobAction): boolean => jobs.some((status) => jobRow(status, 0).actions.includes(action));
  return {
    any: jobs.length > 0,
    planned: jobs.some(({ state }) => state === 'planned'),
    running: jobs.some(isActive),
    interrupted: jobs.some(({ state }) => state === 'interrupted'),
    failed: can('retryFailed'),
    ended: jobs.some(hasEnded),
  };
}
