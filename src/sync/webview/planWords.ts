import { formatBytes, formatCount, formatCountOf } from '../../base/format.ts';
import { formatMoment } from '../../webview/clock.ts';
import type { PlanAction, PlanFacts, PlanMeta, PlanRow, Sums } from './planProtocol.ts';

export const ACTION_WORDS: Readonly<Record<PlanAction, string>> = { create: 'new', update: 'changed', delete: 'delete', conflict: 'conflict', skip: 'skipped' };

/** `rsync 3.2.7 · made 14:29 · 48,212 names compared by size and time`. */
export function metaWords({ tool, madeAt, compared }: PlanMeta, now: number): string {
  return `${tool} · made ${formatMoment(madeAt, now)} · ${formatCountOf(compared, 'name')} compared by size and time`;
}

/** `3 boxes` or the one box's name. */
export function boxesWords({ boxes }: Pick<PlanFacts, 'boxes'>): string {
  return boxes.length === 1 ? (boxes[0]?.box ?? '') : formatCountOf(boxes.length, 'box', 'boxes');
}

/** What is ticked: `3,412 files · 48.2 GB`, and what of it is deleted. */
export function tickedWords({ ticked }: Sums): string {
  const { changes, conflicts, deletions, files, bytes } = ticked;
  const sent = `${files === 0 ? formatCountOf(changes, 'folder') : formatCountOf(files, 'file')} · ${formatBytes(bytes)}`;
  if (deletions === 0) {
    return changes + conflicts === 0 ? 'Nothing is ticked' : sent;
  }
  const deleted = `${formatCount(deletions)} to delete`;
  return changes + conflicts === 0 ? deleted : `${sent} · ${deleted}`;
}

/** What is in the plan and not ticked, by kind: `1 conflict and 1,204 deletions left out`; empty where nothing is. */
export function leftOutWords({ create, update, delete: deletions, conflict, ticked }: Sums): string {
  const parts = [
    create + update > ticked.changes ? formatCountOf(create + update - ticked.changes, 'change') : '',
    conflict > ticked.conflicts ? formatCountOf(conflict - ticked.conflicts, 'conflict') : '',
    deletions > ticked.deletions ? formatCountOf(deletions - ticked.deletions, 'deletion') : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`} left out`;
}

/** `817`, or `213 of 214` where not all are ticked. */
export function filesWords({ folder, ticked, files, tick }: PlanRow): string {
  if (!folder || files === 0) {
    return '';
  }
  return ticked === files || tick === 'none' ? formatCount(files) : `${formatCount(ticked)} of ${formatCount(files)}`;
}

/** Of what is ticked; `−7.70 GB` for what a deletion frees. */
export function bytesWords({ bytes, ticked, folder, tick }: PlanRow): string {
  if (ticked === 0 && (folder || tick !== 'on')) {
    return '–';
  }
  return bytes < 0 ? `\u2212${formatBytes(-bytes)}` : formatBytes(bytes);
}

/** For a screen reader: what has become of the boxes since; empty where nothing has. */
export function announced(before: PlanFacts | undefined, { boxes, plan, shown }: PlanFacts): string {
  const words = boxes
    .filter(({ box, phase }) => phase !== before?.boxes.find((line) => line.box === box)?.phase && phase !== 'planning' && phase !== 'planned')
    .map(({ box, words: said }) => `${box}: ${said}`);
  if (plan !== undefined && before?.plan === undefined) {
    words.unshift(`${shown}: ${tickedWords(plan.sums)}`);
  }
  return words.join('. ');
}
