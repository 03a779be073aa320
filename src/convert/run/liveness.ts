import { isAlive } from '../../process/processIdentity.ts';
import type { JobStatus } from '../job.ts';

/** Whether a status says that a process is at work on the job. */
export function isLive({ state }: JobStatus): boolean {
  return state === 'planning' || state === 'running';
}

/** Whether the process that a status names is still there. */
export function isOwned({ owner }: JobStatus): boolean {
  return owner !== undefined && isAlive(owner);
}
