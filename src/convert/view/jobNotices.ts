import { formatCount, formatCountOf, formatDuration } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { JobStatus } from '../job.ts';
import { isActive, progressLine, secondsTaken } from './jobRow.ts';
import { filesToDo } from './planLine.ts';

/** Seconds after which a person has turned to something else and is told of the end. */
const LONG = 10;

export interface EndNotice {
  readonly severity: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly canRetry: boolean;
}

/** What is said at the end of a job: of failures always, of success after more than 10 s, of a cancelled one nothing. */
export function endNotice(status: JobStatus): EndNotice | undefined {
  const title = printable(status.title);
  const { counts } = status;
  if (status.state === 'cancelled') {
    return undefined;
  }
  if (status.state === 'failed' && status.problem !== undefined) {
    return { severity: 'error', message: `${title} stopped: ${printable(status.problem)}`, canRetry: counts.failed > 0 };
  }
  if (counts.failed > 0) {
    const all = counts.failed === filesToDo(counts);
    const message = `${title}: ${formatCount(counts.failed)} of ${formatCountOf(filesToDo(counts), 'file')} failed`;
    return { severity: all ? 'error' : 'warn', message, canRetry: true };
  }
  const seconds = secondsTaken(status);
  if (seconds === undefined || seconds <= LONG) {
    return undefined;
  }
  const salvaged = counts.salvaged > 0 ? `, ${formatCount(counts.salvaged)} salvaged with damage` : '';
  const message = `${title}: ${formatCountOf(counts.done, 'file')} done in ${formatDuration(seconds)}${salvaged}`;
  return { severity: 'info', message, canRetry: false };
}

/** What the window's status bar says while jobs are at work; undefined while none is. */
export function windowProgress(jobs: readonly JobStatus[]): string | undefined {
  const active = jobs.filter(isActive);
  const [first] = active;
  if (first === undefined) {
    return undefined;
  }
  const line = first.state === 'planning' ? 'planning' : progressLine(first);
  const others = active.length > 1 ? ` · ${formatCount(active.length - 1)} more` : '';
  return `${printable(first.title)}: ${line}${others}`;
}
