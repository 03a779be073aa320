import { basename } from 'node:path';
import { isAbsent } from '../../base/absent.ts';
import { formatCount, formatPercent } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { JobFailure, JobStatus } from '../job.ts';
import type { RowIcon } from './jobRow.ts';

const MOST_RUNNING = 8;
const MOST_FAILURES = 50;
const MOST_NOTES = 20;
const MOST_LINES = 12;

/** A row under a job. Keys are the same from one status to the next, so that what a person opened stays open. */
export interface TreeRow {
  readonly key: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: RowIcon;
  readonly spoken?: string;
  readonly children?: readonly TreeRow[];
  /** The failure that it tells of, by its number in the plan. */
  readonly failure?: number;
}

/** What opens under a job: its problem, what runs, what failed with the tool's own words, and what is worth knowing. */
export function jobChildren(status: JobStatus): readonly TreeRow[] {
  return [
    ...(status.problem === undefined ? [] : [problemRow(status.problem)]),
    ...capped(status.running.map(runningRow), MOST_RUNNING, status.running.length, 'running'),
    ...capped(status.failures.map(failureRow), MOST_FAILURES, Math.max(status.counts.failed, status.failures.length), 'failed'),
    ...capped(status.notes.map(noteRow), MOST_NOTES, status.notes.length, 'noted'),
  ];
}

function problemRow(problem: string): TreeRow {
  const line = printable(problem);
  return { key: 'problem', label: line, tooltip: line, icon: { name: 'error', color: 'testing.iconFailed' } };
}

function runningRow({ input, fraction }: JobStatus['running'][number], index: number): TreeRow {
  const description = isAbsent(fraction) ? '' : formatPercent(fraction);
  const label = printable(basename(input));
  return {
    key: `running/${index}`,
    label,
    description,
    tooltip: printable(input),
    icon: { name: 'sync~spin', color: 'charts.blue' },
    spoken: `${label}, running ${description}`.trimEnd(),
  };
}

function failureRow(failure: JobFailure): TreeRow {
  const label = printable(basename(failure.input));
  const reason = printable(failure.reason);
  return {
    key: `failure/${failure.seq}`,
    label,
    description: reason,
    tooltip: `${printable(failure.input)}\n${reason}`,
    icon: { name: 'error', color: 'testing.iconFailed' },
    spoken: `${label}, failed: ${reason}`,
    children: failureLines(failure),
    failure: failure.seq,
  };
}

/** The command, the tool's own last words and how it ended. */
function failureLines(failure: JobFailure): readonly TreeRow[] {
  const words = failure.stderr.split(/\r\n|[\n\r]/).map(printable).filter((line) => line.trim() !== '');
  const lines = [
    ...(failure.command.length > 0 ? [`$ ${shellLine(failure.command)}`] : []),
    ...words.slice(-MOST_LINES),
    ...(failure.exitCode === undefined ? [] : [`stopped with ${failure.exitCode} · no output left behind`]),
  ];
  return lines.map((label, index) => ({ key: `failure/${failure.seq}/${index}`, label, tooltip: label, failure: failure.seq }));
}

function noteRow({ input, text }: JobStatus['notes'][number], index: number): TreeRow {
  const label = printable(basename(input));
  const description = printable(text);
  return { key: `note/${index}`, label, description, tooltip: `${printable(input)}\n${description}`, icon: { name: 'info' }, spoken: `${label}, ${description}` };
}

function capped(rows: readonly TreeRow[], most: number, total: number, word: string): readonly TreeRow[] {
  const shown = rows.slice(0, most);
  return total > shown.length && rows.length > 0
    ? [...shown, { key: `more/${word}`, label: `${formatCount(total - shown.length)} more ${word}`, icon: { name: 'ellipsis' } }]
    : shown;
}
