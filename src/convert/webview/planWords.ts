import { known } from '../../base/absent.ts';
import { formatCount, formatCountOf, formatDuration, formatEstimate, formatPercent } from '../../base/format.ts';
import { formatMoment } from '../../webview/clock.ts';
import type { JobFacts, RowAction } from './protocol.ts';

export const ACTION_WORDS: Readonly<Record<RowAction, string>> = { write: 'Write', replace: 'Replace', skip: 'Skip', refuse: 'Cannot' };

/** Files that a job writes. */
export function filesToDo({ counts }: Pick<JobFacts, 'counts'>): number {
  return counts.write + counts.replace;
}

/** All lines of a plan. */
export function filesInPlan({ counts }: Pick<JobFacts, 'counts'>): number {
  return counts.write + counts.replace + counts.skip + counts.refuse;
}

export function startLabel(facts: Pick<JobFacts, 'counts'>): string {
  return `Start ${formatCountOf(filesToDo(facts), 'file')}`;
}

/** What has come of a plan so far: `made 14:31 · nothing written yet`. */
export function planFate(facts: JobFacts, now: number): string {
  const { state, counts, createdAt, endedAt } = facts;
  const made = `made ${formatMoment(createdAt, now)}`;
  const ended = endedAt === undefined ? '' : ` ${formatMoment(endedAt, now)}`;
  const done = counts.done === 0 ? 'nothing written' : `${formatCount(counts.done)} of ${formatCountOf(filesToDo(facts), 'file')} written`;
  switch (state) {
    case 'planning':
      return 'being made · nothing written yet';
    case 'planned':
      return `${made} · nothing written yet`;
    case 'running':
      return `${made} · running`;
    case 'done':
      return `${made} · ended${ended} · ${done}`;
    case 'failed':
      return `${made} · stopped${ended} · ${done}`;
    case 'cancelled':
      return `${made} · cancelled${ended} · ${done}`;
    case 'interrupted':
      return `${made} · interrupted · ${done}`;
  }
}

/** `29,891 files looked at`. */
export function lookedWords({ looked }: Pick<JobFacts, 'looked'>): string {
  return `${formatCountOf(looked, 'file')} looked at`;
}

/** `62 % · ~4 min`. */
export function paceWords({ progress, secondsLeft }: Pick<JobFacts, 'progress' | 'secondsLeft'>): string {
  const left = known(secondsLeft);
  return left === undefined ? formatPercent(progress) : `${formatPercent(progress)} · ${formatEstimate(left)}`;
}

/** `3,120 of 4,705`. */
export function settledWords(facts: Pick<JobFacts, 'counts'>): string {
  return `${formatCount(facts.counts.done + facts.counts.failed)} of ${formatCount(filesToDo(facts))}`;
}

/** Wall time from start to end; undefined before the end. */
export function takenWords({ startedAt, endedAt }: Pick<JobFacts, 'startedAt' | 'endedAt'>): string | undefined {
  return startedAt === undefined || endedAt === undefined ? undefined : formatDuration(Math.max(0, endedAt - startedAt) / 1000);
}
