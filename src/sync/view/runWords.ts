import { formatBytes, formatCount, formatCountOf, formatDuration, formatEstimate } from '../../base/format.ts';
import { shownPath } from '../../base/bytePath.ts';
import type { SyncOutcome, SyncProgress } from '../run.ts';

/** How far a run is: `29.9 of 48.2 GB · 2,118 of 3,412 files`. */
export function progressWords({ phase, bytes, totalBytes, files, totalFiles, retry }: SyncProgress): string {
  switch (phase) {
    case 'connecting':
      return 'connecting';
    case 'checking':
      return 'holding both sides to the plan';
    case 'sending':
      return totalFiles === 0 ? 'sending' : `${ofBytes(bytes, totalBytes)} · ${formatCount(files)} of ${formatCountOf(totalFiles, 'file')}`;
    case 'finishing':
      return `all sent · finishing`;
    case 'waiting':
      return retry === undefined ? 'waiting for the box' : `${retry.said} ${formatBytes(bytes)} sent, kept`;
  }
}

/** At the end of the line: `410 MB/s · ~45 s`, or when it is tried again. */
export function paceWords({ phase, rate, left, retry }: SyncProgress, now: number): string {
  if (phase === 'waiting' && retry !== undefined) {
    return `try ${retry.attempt} of ${retry.of} in ${formatDuration(Math.max(0, Math.round((retry.at - now) / 1000)))}`;
  }
  if (phase !== 'sending' || rate === 0) {
    return '';
  }
  return `${formatBytes(rate)}/s${left === undefined ? '' : ` · ${formatEstimate(left)}`}`;
}

/** Bytes may stand at their end while the last file is still being renamed: never 1 before it is done. */
export function fractionOf({ bytes, totalBytes, files, totalFiles }: SyncProgress): number {
  return totalBytes > 0 ? Math.min(1, bytes / totalBytes) : totalFiles > 0 ? files / totalFiles : 0;
}

/** What a run did: `3,412 files sent · 48.2 GB in 2 min 4 s · 12 left`. */
export function outcomeWords({ state, created, updated, deleted, bytes, seconds, left }: SyncOutcome): string {
  const sent = created + updated;
  const parts = [
    state === 'cancelled' ? 'cancelled' : '',
    sent > 0 ? `${formatCountOf(sent, 'item')} sent · ${formatBytes(bytes)} in ${formatDuration(seconds)}` : '',
    deleted > 0 ? `${formatCount(deleted)} deleted, in the trash` : '',
    leftWords(left),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing had to be done' : parts.join(' · ');
}

function leftWords(left: SyncOutcome['left']): string {
  const [first] = left;
  if (first === undefined) {
    return '';
  }
  return left.length === 1 ? `${shownPath(first.path)} left: ${first.reason}` : `${formatCount(left.length)} left, first ${shownPath(first.path)}: ${first.reason}`;
}

function ofBytes(bytes: number, total: number): string {
  const [done, whole] = [formatBytes(Math.min(bytes, total)), formatBytes(total)];
  const [, unit = ''] = whole.split(' ');
  return done.endsWith(` ${unit}`) ? `${done.slice(0, -unit.length - 1)} of ${whole}` : `${done} of ${whole}`;
}
