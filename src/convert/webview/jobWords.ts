import { formatCount, formatPercent } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { filesToDo, lookedWords, paceWords, settledWords, takenWords } from './planWords.ts';
import type { JobPhase, JobSummary } from './protocol.ts';

/** A piece of a line, and how it is meant. */
export interface Piece {
  readonly text: string;
  readonly tone?: 'error' | 'warning' | 'dim';
}

export const STATE_WORDS: Readonly<Record<JobPhase, string>> = {
  planning: 'being planned',
  planned: 'planned, not started',
  running: 'running',
  done: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

/** What a job has come to: `3,120 of 4,705`, `9 failed`. */
export function countPieces(job: JobSummary): readonly Piece[] {
  const { counts } = job;
  switch (job.state) {
    case 'planning':
      return [{ text: 'planning' }, { text: lookedWords(job), tone: 'dim' }];
    case 'planned':
      return [
        { text: 'not started' },
        { text: `${formatCount(filesToDo(job))} to write`, tone: 'dim' },
        ...(counts.refuse > 0 ? [{ text: `${formatCount(counts.refuse)} cannot`, tone: 'dim' as const }] : []),
      ];
    case 'running':
      return [{ text: settledWords(job) }, ...troubles(job)];
    case 'done':
      return [outcome(job), ...troubles(job)];
    case 'failed':
      return job.problem === undefined ? [{ text: doneOf(job) }, ...troubles(job)] : [{ text: `stopped: ${printable(firstLine(job.problem))}`, tone: 'error' }];
    case 'cancelled':
      return [{ text: 'cancelled' }, { text: doneOf(job), tone: 'dim' }, ...troubles(job)];
    case 'interrupted':
      return [{ text: 'interrupted', tone: 'warning' }, { text: doneOf(job), tone: 'dim' }, ...troubles(job)];
  }
}

/** How fast it goes, or how long it took: `62 % · ~4 min`, `6 min 12 s`. */
export function timeWords(job: JobSummary): string {
  return job.state === 'running' ? paceWords(job) : (takenWords(job) ?? '');
}

/** Whether there is more to see of a job than its row. */
export function isExpandable(job: JobSummary): boolean {
  return job.runningCount > 0 || job.counts.failed > 0 || job.noteCount > 0 || job.problem !== undefined;
}

/** At work first, then what waits for a person, then the rest; each the newest first, as they came. */
export function inOrder(jobs: readonly JobSummary[]): readonly JobSummary[] {
  const rank = ({ state }: JobSummary) => (state === 'running' || state === 'planning' ? 0 : state === 'interrupted' ? 1 : 2);
  return [...jobs].sort((one, other) => rank(one) - rank(other));
}

/** What a screen reader is told when `before` became `after`: ends, beginnings, and every tenth of the way. */
export function announcement(before: readonly JobSummary[], after: readonly JobSummary[]): string | undefined {
  const known = new Map(before.map((job) => [job.id, job]));
  const words = after.flatMap((job) => {
    const old = known.get(job.id);
    const name = printable(job.title);
    if (old && old.state !== job.state) {
      return [`${name}: ${STATE_WORDS[job.state]}, ${countPieces(job).map(({ text }) => text).join(', ')}`];
    }
    const tenth = Math.floor(job.progress * 10);
    return old && job.state === 'running' && tenth > Math.floor(old.progress * 10) ? [`${name}: ${formatPercent(tenth / 10)}`] : [];
  });
  return words.length === 0 ? undefined : words.join('. ');
}

function outcome(job: JobSummary): Piece {
  const { done, failed, skip } = job.counts;
  return done + failed === 0 && skip > 0 ? { text: `${formatCount(skip)} up to date` } : { text: `${formatCount(done)} done` };
}

function doneOf(job: JobSummary): string {
  return `${formatCount(job.counts.done)} of ${formatCount(filesToDo(job))} done`;
}

function troubles({ counts }: JobSummary): readonly Piece[] {
  return [
    ...(counts.failed > 0 ? [{ text: `${formatCount(counts.failed)} failed`, tone: 'error' as const }] : []),
    ...(counts.salvaged > 0 ? [{ text: `${formatCount(counts.salvaged)} with damage`, tone: 'warning' as const }] : []),
  ];
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
