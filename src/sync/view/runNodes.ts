import { basename } from 'node:path';
import { formatBytes, formatCount, formatCountOf, formatWhen } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { STATE_WORDS } from '../checkpoints/words.ts';
import type { RunPlace, RunReport, RunRow } from '../runs/runReport.ts';
import type { SyncNode } from './syncNodes.ts';

const STATE_ICONS = { complete: ['pass', 'testing.iconPassed'], writing: ['sync', undefined], damaged: ['error', 'editorError.foreground'], unknown: ['question', undefined] } as const;

/** A run's folder on a box, with its checkpoints, the newest first. */
export function runNode(place: RunPlace, report: RunReport | undefined, now: number): SyncNode {
  const { box, path } = place;
  const rows = report?.rows ?? [];
  return {
    key: `run/${box}:${path}`,
    kind: 'run',
    label: basename(path),
    description: runWords(report),
    tooltip: [`${box}:${printable(path)}`, ...(place.local === undefined ? [] : [`Checkpoints come to ${printable(place.local)}.`]), ...(report?.words ? [printable(report.words)] : [])].join('\n'),
    icon: report?.following === true ? 'eye' : 'history',
    ...(report?.isProblem === true && { color: 'editorError.foreground' }),
    expanded: false,
    children: rows.map((row) => checkpointNode(row, place, now)),
    box,
    run: place,
    context: `run${report?.following === true ? '.following' : ''}`,
  };
}

function runWords(report: RunReport | undefined): string {
  if (report === undefined) {
    return 'run';
  }
  if (report.words !== '') {
    return printable(report.words);
  }
  const newest = report.rows?.find(({ step }) => step !== undefined);
  const parts = [...(report.following ? ['following'] : []), ...(newest?.step === undefined ? [] : [`step ${formatCount(newest.step)}`]), ...(newest?.metric === undefined ? [] : [`${printable(newest.metric.name)} ${metricWords(newest.metric.value)}`])];
  return parts.length === 0 ? formatCountOf(report.rows?.length ?? 0, 'checkpoint') : parts.join(' · ');
}

function checkpointNode(row: RunRow, place: RunPlace, now: number): SyncNode {
  const { name, step, metric, bytes, state, reason, isBest, writtenAt } = row;
  const [icon, color] = isBest ? (['star-full', 'charts.yellow'] as const) : STATE_ICONS[state];
  return {
    key: `checkpoint/${place.box}:${place.path}/${name}`,
    kind: 'checkpoint',
    label: step === undefined ? printable(name) : formatCount(step),
    description: [...(metric === undefined ? [] : [metricWords(metric.value)]), formatBytes(bytes), isBest ? 'best' : STATE_WORDS[state]].join(' · '),
    tooltip: [printable(name), ...(metric === undefined ? [] : [`${printable(metric.name)}: ${metricWords(metric.value)}`]), `${STATE_WORDS[state]}: ${printable(reason)}`, `written ${formatWhen(writtenAt, now)}`].join('\n'),
    icon,
    ...(color !== undefined && { color }),
    expanded: false,
    children: [],
    box: place.box,
    run: place,
    checkpoint: name,
    context: `checkpoint.${state}`,
  };
}

/** `1.418`. */
function metricWords(value: number): string {
  return String(Number(value.toPrecision(4)));
}
