import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RequestError } from '../requestError.ts';

/** The files of one job, all absolute paths. */
export interface JobFiles {
  readonly folder: string;
  /** `ConvertRequest`, as it was asked for. */
  readonly request: string;
  /** `PlanItem` lines; there once the plan is complete. */
  readonly plan: string;
  /** `PlanTotals`, so that a run need not read the plan twice. */
  readonly totals: string;
  /** `JournalLine` lines. */
  readonly journal: string;
  readonly status: string;
  readonly log: string;
}

export function jobFiles(store: string, id: string): JobFiles {
  if (!isJobId(id)) {
    throw new RequestError('job', `“${id}” is not the id of a job.`);
  }
  const folder = join(store, id);
  return {
    folder,
    request: join(folder, 'request.json'),
    plan: join(folder, 'plan.jsonl'),
    totals: join(folder, 'totals.json'),
    journal: join(folder, 'journal.jsonl'),
    status: join(folder, 'status.json'),
    log: join(folder, 'job.log'),
  };
}

/** Ids come from pages and command lines: whatever is not one of ours is no part of a path. */
export function isJobId(id: string): boolean {
  return /^\d{8}T\d{9}Z-[0-9a-f]{6}$/.test(id);
}

/** Sorts by time as text: `20260102T030405678Z-9f3a01`. */
export function newJobId(time: number): string {
  return `${new Date(time).toISOString().replace(/[-:.]/g, '')}-${randomBytes(3).toString('hex')}`;
}

/** Readers see the old content or the new one, never a part. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
