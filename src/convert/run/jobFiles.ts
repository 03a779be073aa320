import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertRequest, JobStatus } from '../job.ts';
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
  /**
   * In the store's own folder, where the next status is written before it takes the old one's place: whoever watches that one
   * folder hears of every job.
   */
  readonly statusDraft: string;
  readonly log: string;
}

const ID = /^\d{8}T\d{9}Z-[0-9a-f]{6}$/;
const DRAFT = /^\.(.+)\.status$/;

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
    statusDraft: join(store, `.${id}.status`),
    log: join(folder, 'job.log'),
  };
}

/** Ids come from pages and command lines: whatever is not one of ours is no part of a path. */
export function isJobId(id: string): boolean {
  return ID.test(id);
}

/** Sorts by time as text: `20260102T030405678Z-9f3a01`. */
export function newJobId(time: number): string {
  return `${new Date(time).toISOString().replace(/[-:.]/g, '')}-${randomBytes(3).toString('hex')}`;
}

/** The job that a name in the store's folder speaks of: its folder's name, or its draft's. */
export function jobNamed(name: string): { readonly id: string; readonly isDraft: boolean } | undefined {
  const draft = DRAFT.exec(name)?.[1];
  const id = draft ?? name;
  return isJobId(id) ? { id, isDraft: draft !== undefined } : undefined;
}

/** Readers see the old content or the new one, never a part. Only a job's owner writes it. */
export function writeStatus(files: JobFiles, status: JobStatus): void {
  writeThrough(files.statusDraft, files.status, JSON.stringify(status));
}

/** undefined where there is no such job. */
export function readStatus(files: JobFiles): JobStatus | undefined {
  return readJson<JobStatus>(files.status);
}

/** Throws a `RequestError` where there is no such job. */
export function readRequest(files: JobFiles): ConvertRequest {
  const request = readJson<ConvertRequest>(files.request);
  if (request === undefined) {
    throw new RequestError('job', `There is no job at ${files.folder} any more.`);
  }
  return request;
}

/** Readers see the old content or the new one, never a part. */
export function writeWhole(file: string, text: string): void {
  writeThrough(`${file}.${process.pid}.tmp`, file, text);
}

function writeThrough(draft: string, file: string, text: string): void {
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function readJson<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  return JSON.parse(text) as T;
}
