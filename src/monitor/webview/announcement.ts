import type { Moment } from './model.ts';

/** What a screen reader is told of a new moment: a lost GPU, a connection lost and found, another verdict. Never a number. */
export function announcement(before: Moment, now: Moment): string | undefined {
  if (before.head === undefined || now.head === undefined) {
    return undefined;
  }
  const lost = now.gpus.find(({ key, stateTone }) => stateTone === 'bad' && before.gpus.some((row) => row.key === key && row.stateTone !== 'bad'));
  if (lost !== undefined) {
    return `GPU ${lost.label}: ${lost.state}`;
  }
  if (before.head.state !== now.head.state) {
    const [trouble] = now.head.troubles;
    return trouble?.title ?? (now.head.state === 'ok' ? 'Values are live again' : now.head.state === 'stale' ? 'No new values' : undefined);
  }
  const changed = now.runs.find(({ key, verdict }) => before.runs.some((run) => run.key === key && run.verdict !== verdict));
  return changed === undefined ? undefined : `${changed.title}: ${changed.sentence}`;
}
