import { known } from '../../base/absent.ts';
import { formatBytes, formatCount, formatDuration, formatEstimate, formatPercent, formatWhen } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { JobStatus } from '../job.ts';
import { countsLine, filesToDo, leftOutLine, planLine, planningLine } from './planLine.ts';

/** What can be done with a job: the commands' last words, and the flags by which the menus in package.json ask. */
export const JOB_ACTIONS = [
  'cancel',
  'resume',
  'runPlan',
  'editOptions',
  'showPlan',
  'retryFailed',
  'retrySalvage',
  'revealOutput',
  'openLog',
  'showFailure',
  'copyCommand',
  'remove',
] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

/** A codicon and the theme colour that it is drawn in. */
export interface RowIcon {
  readonly name: string;
  readonly color?: string;
}

export interface JobRow {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: RowIcon;
  /** For a screen reader: everything that the row and its icon say. */
  readonly spoken: string;
  readonly actions: readonly JobAction[];
  readonly expandable: boolean;
}

/** Whether the job's process is at work. */
export function isActive({ state }: Pick<JobStatus, 'state'>): boolean {
  return state === 'planning' || state === 'running';
}

/** Whether the job came to an end of its own and will not change any more. */
export function hasEnded({ state }: Pick<JobStatus, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

export function jobRow(status: JobStatus, now: number): JobRow {
  const description = describe(status);
  const label = printable(status.title);
  return {
    label,
    description,
    tooltip: tooltip(status, description, now),
    icon: iconOf(status),
    spoken: `${label}, ${STATE_WORDS[status.state]}, ${description}`,
    actions: actionsOf(status),
    expandable: status.running.length > 0 || status.failures.length > 0 || status.notes.length > 0 || status.problem !== undefined,
  };
}

/** `3,120 of 4,705 · 9 failed · ~4 min`. */
export function progressLine(status: JobStatus): string {
  const { counts } = status;
  const left = known(status.secondsLeft);
  return join([
    `${formatCount(counts.done + counts.failed)} of ${formatCount(filesToDo(counts))}`,
    counts.failed > 0 && `${formatCount(counts.failed)} failed`,
    left === undefined ? formatPercent(status.progress) : formatEstimate(left),
  ]);
}

/** How a job ended: `4,696 done, 9 failed · 6 min 12 s`. */
export function outcomeLine(status: JobStatus): string {
  const { counts } = status;
  const skipped = counts.done + counts.failed === 0 && counts.skip > 0;
  return join([
    [
      (counts.done > 0 || !skipped) && `${formatCount(counts.done)} done`,
      counts.failed > 0 && `${formatCount(counts.failed)} failed`,
      counts.salvaged > 0 && `${formatCount(counts.salvaged)} salvaged with damage`,
      skipped && `${formatCount(counts.skip)} up to date`,
    ]
      .filter((part) => part !== false)
      .join(', '),
    secondsTaken(status) !== undefined && formatDuration(secondsTaken(status) ?? 0),
  ]);
}

/** Wall time in seconds; undefined before the end. */
export function secondsTaken({ startedAt, endedAt }: JobStatus): number | undefined {
  return startedAt === undefined || endedAt === undefined ? undefined : Math.max(0, endedAt - startedAt) / 1000;
}

function describe(status: JobStatus): string {
  const { counts } = status;
  switch (status.state) {
    case 'planning':
      return lowerFirst(planningLine(status));
    case 'planned':
      return `not started · ${lowerFirst(countsLine(counts))}`;
    case 'running':
      return progressLine(status);
    case 'done':
      return outcomeLine(status);
    case 'failed':
      return status.problem === undefined ? outcomeLine(status) : `stopped · ${printable(firstLine(status.problem))}`;
    case 'cancelled':
      return `cancelled · ${formatCount(counts.done)} of ${formatCount(filesToDo(counts))} done`;
    case 'interrupted':
      return `interrupted · ${formatCount(counts.done)} of ${formatCount(filesToDo(counts))} done`;
  }
}

function tooltip(status: JobStatus, description: string, now: number): string {
  const free = known(status.freeBytes);
  const lines = [
    `${printable(status.title)}${status.salvage ? ' · salvage mode' : ''}`,
    description,
    `from ${printable(status.base)}`,
    `to ${printable(status.output)}`,
    filesToDo(status.counts) > 0 && planLine(status),
    leftOutLine(status),
    !hasEnded(status) && free !== undefined && `${formatBytes(free)} were free there when it was planned`,
    whenLine(status, now),
    status.problem !== undefined && printable(status.problem),
  ];
  return lines.filter((line) => line !== false && line !== undefined).join('\n');
}

function whenLine({ createdAt, startedAt, endedAt }: JobStatus, now: number): string {
  if (endedAt !== undefined) {
    return `ended ${formatWhen(endedAt, now)}`;
  }
  return startedAt === undefined ? `planned ${formatWhen(createdAt, now)}` : `started ${formatWhen(startedAt, now)}`;
}

const STATE_WORDS: Readonly<Record<JobStatus['state'], string>> = {
  planning: 'being planned',
  planned: 'planned, not started',
  running: 'running',
  done: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

function iconOf(status: JobStatus): RowIcon {
  switch (status.state) {
    case 'planning':
    case 'running':
      return { name: 'sync~spin', color: 'charts.blue' };
    case 'planned':
      return { name: 'circle-outline' };
    case 'failed':
      return { name: 'error', color: 'testing.iconFailed' };
    case 'cancelled':
      return { name: 'circle-slash' };
    case 'interrupted':
      return { name: 'debug-disconnect', color: 'editorWarning.foreground' };
    case 'done': {
      const { done, failed, salvaged } = status.counts;
      if (failed > 0) {
        return done === 0 ? { name: 'error', color: 'testing.iconFailed' } : { name: 'warning', color: 'editorWarning.foreground' };
      }
      return { name: salvaged > 0 ? 'warning' : 'pass', color: salvaged > 0 ? 'editorWarning.foreground' : 'testing.iconPassed' };
    }
  }
}

function actionsOf(status: JobStatus): readonly JobAction[] {
  const { state, counts } = status;
  const canRetry = hasEnded(status) && counts.failed > 0;
  const possible: Readonly<Record<JobAction, boolean>> = {
    cancel: isActive(status),
    resume: state === 'interrupted',
    runPlan: state === 'planned' && filesToDo(counts) > 0,
    editOptions: state === 'planned',
    showPlan: state !== 'planning',
    retryFailed: canRetry,
    retrySalvage: canRetry && !status.salvage,
    revealOutput: counts.done > 0,
    openLog: state !== 'planned',
    showFailure: status.failures.length > 0,
    copyCommand: status.firstCommand !== undefined,
    remove: !isActive(status),
  };
  return JOB_ACTIONS.filter((action) => possible[action]);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function join(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== '').join(' · ');
}
