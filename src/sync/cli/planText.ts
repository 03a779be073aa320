import { shownPath } from '../../base/bytePath.ts';
import { formatBytes, formatCount, formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { Action, SyncPlan } from '../plan.ts';
import type { SyncOutcome } from '../run.ts';

/** Items of one plan that are printed; the JSON document has them all. */
const MOST_LINES = 200;

const SIGNS: Readonly<Record<Action, string>> = { create: '+', update: '~', delete: '-', conflict: '!', skip: ' ' };

/** The public names. */
export function planDocument({ id, box, direction, target, remoteRoot, items, guards, alike }: SyncPlan): object {
  return {
    id,
    box,
    direction,
    local: target.local,
    remote: shownPath(remoteRoot),
    alike,
    items: items.map(({ action, path, bytes, reason }) => ({ action, path: shownPath(path), bytes, reason })),
    guards: guards.map(({ code, severity, message, below }) => ({ code, severity, message, ...(below !== undefined && { path: shownPath(below) }) })),
  };
}

export function outcomeDocument(plan: SyncPlan, outcome: SyncOutcome): object {
  const { state, created, updated, deleted, bytes, seconds, left, trash } = outcome;
  return {
    box: plan.box,
    direction: plan.direction,
    state,
    created,
    updated,
    deleted,
    bytes,
    seconds,
    left: left.map(({ path, reason }) => ({ path: shownPath(path), reason })),
    ...(trash !== undefined && { trash }),
  };
}

export function planText(plan: SyncPlan): string {
  const { items, target, box, remoteRoot, direction, alike } = plan;
  const shown = items.slice(0, MOST_LINES);
  const [here, there] = [printable(target.local), `${box}:${shownPath(remoteRoot)}`];
  return [
    direction === 'push' ? `${here} → ${there}` : `${there} → ${here}`,
    ...shown.map(({ action, path, bytes, reason, source, sink }) => `  ${SIGNS[action]} ${shownPath(path)}${(source ?? sink)?.kind === 'folder' ? '/' : ''}  ${bytes > 0 ? `${formatBytes(bytes)}, ` : ''}${printable(reason)}`),
    ...(items.length > shown.length ? [`  and ${formatCount(items.length - shown.length)} more; --json has them all`] : []),
    ...guardLines(plan),
    `${sumWords(plan)}${items.length > 0 ? ', ' : ''}${formatCountOf(alike, 'name')} alike`,
    '',
  ].join('\n');
}

export function guardLines({ guards }: SyncPlan): readonly string[] {
  return guards.map(({ severity, message, code }) => (severity === 'note' ? `  Note: ${printable(message)}` : `  ${severity === 'held' ? `Held (--allow ${code} lets it pass)` : 'Refused'}: ${printable(message)}`));
}

const WORDS: Readonly<Record<Action, string>> = { create: 'new', update: 'changed', delete: 'to delete', conflict: 'in conflict', skip: 'skipped' };

function sumWords({ items }: SyncPlan): string {
  return (Object.keys(WORDS) as Action[])
    .map((action) => {
      const some = items.filter((item) => item.action === action);
      const bytes = some.reduce((sum, item) => sum + item.bytes, 0);
      return some.length === 0 ? '' : `${formatCount(some.length)} ${WORDS[action]}${bytes > 0 && action !== 'skip' ? ` (${formatBytes(bytes)})` : ''}`;
    })
    .filter((part) => part !== '')
    .join(', ');
}
