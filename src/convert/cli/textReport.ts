import { relative } from 'node:path';
import { known } from '../../base/absent.ts';
import { formatBytes, formatCount, formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { JobStatus, PlanItem } from '../job.ts';
import type { JobStore } from '../jobStore.ts';
import { failureText } from '../view/failureText.ts';
import { outcomeLine } from '../view/jobRow.ts';
import { filesToDo, leftOutLine, planLine } from '../view/planLine.ts';
import type { CliIo } from '../../base/cliIo.ts';
import { PAGE, type Report } from './report.ts';

/** Failures, refusals and notes that are told; the job's log and `--json` have all. */
const TOLD = 20;

/** Notes that a status holds at most. */
const MOST_NOTES = 100;

/** For a person: what matters first on stdout, what is wrong on stderr. */
export function textReport(io: CliIo): Report {
  return {
    refused({ reason, message }) {
      // The faults of a recipe are a line each.
      const lines = reason === 'recipe' ? message.split('\n') : [message];
      io.err(lines.map((line) => `${printable(line)}\n`).join(''));
    },
    async plan(store, status) {
      for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
        const page = await store.plan(status.id, offset, PAGE);
        total = page.total;
        io.out(tableOf(page.items, status));
        await io.drained?.();
      }
      io.out(`${planSummary(status)}\n`);
    },
    async outcome(store, status, upToDate) {
      const { counts } = status;
      if (counts.failed > 0) {
        const { items, total } = await store.failures(status.id, 0, TOLD);
        io.err(`${failureText(status, items, total)}\n`);
      }
      if (counts.refuse > 0) {
        io.err(await refusals(store, status));
      }
      io.err(notesOf(status));
      io.out(`${outcomeSummary(store, status, upToDate)}\n`);
    },
  };
}

async function refusals(store: JobStore, { id, base }: JobStatus): Promise<string> {
  const { items, total } = await store.plan(id, 0, TOLD, { actions: ['refuse'] });
  const lines = items.map(({ input, reason }) => `${printable(relative(base, input))}: ${printable(reason)}`);
  const more = total > items.length ? [`and ${formatCount(total - items.length)} more; --dry-run lists them all`] : [];
  return `${[`${formatCountOf(total, 'file')} cannot be converted:`, ...[...lines, ...more].map((line) => `  ${line}`)].join('\n')}\n`;
}

/** One line a note, however many outputs it is about. */
function notesOf({ notes, base }: JobStatus): string {
  const inputs = new Map<string, Set<string>>();
  for (const { input, text } of notes) {
    inputs.set(text, (inputs.get(text) ?? new Set()).add(input));
  }
  const lines = [...inputs].slice(0, TOLD).map(([text, [first = '', ...others]]) => {
    const atLeast = notes.length === MOST_NOTES ? 'at least ' : '';
    const more = others.length === 0 ? '' : ` and ${atLeast}${formatCountOf(others.length, 'other')}`;
    return `${printable(relative(base, first))}${more}: ${printable(text)}\n`;
  });
  const more = inputs.size > TOLD ? [`and ${formatCountOf(inputs.size - TOLD, 'more note')}; --json tells them all\n`] : [];
  return [...lines, ...more].join('');
}

function planSummary(status: JobStatus): string {
  const free = known(status.freeBytes);
  const parts = [planLine(status), free !== undefined && `${formatBytes(free)} free there`].filter((part) => part !== false);
  const isIdle = filesToDo(status.counts) === 0;
  return linesOf([
    parts.join(' · '),
    leftOutLine(status),
    !isIdle && `Nothing was written. Outputs would go to ${printable(status.output)}`,
  ]);
}

/** `upToDate`: of what is skipped, those that were before the job began; the others turned out to need nothing. */
function outcomeSummary(store: JobStore, status: JobStatus, upToDate: number): string {
  const { counts, state, problem, output } = status;
  const isIdle = state === 'done' && counts.done + counts.failed === 0;
  const line = [
    isIdle ? 'Nothing to do' : STATES[state],
    isIdle ? filesIn(status) === 0 && 'no files were found' : counts.done + counts.failed > 0 ? outcomeLine(status) : '0 done',
    upToDate > 0 && `${formatCount(upToDate)} up to date`,
    counts.skip > upToDate && `${formatCount(counts.skip - upToDate)} skipped`,
    counts.refuse > 0 && `${formatCount(counts.refuse)} refused`,
  ];
  return linesOf([
    line.filter((part) => part !== false && part !== undefined).join(' · '),
    problem !== undefined && printable(problem),
    counts.done > 0 && `Outputs are in ${printable(output)}`,
    counts.failed > TOLD && `All failures are in ${printable(store.logFile(status.id))}`,
    leftOutLine(status),
  ]);
}

const STATES: Readonly<Partial<Record<JobStatus['state'], string>>> = {
  cancelled: 'Cancelled',
  failed: 'Stopped',
  interrupted: 'Interrupted',
};

function filesIn({ counts: { write, replace, skip, refuse } }: JobStatus): number {
  return write + replace + skip + refuse;
}

/** `write  1.20 MB  sub/a.wav  sub/a.flac  new`, in columns; paths as seen from the folders of inputs and outputs. */
function tableOf(items: readonly PlanItem[], { base, output }: JobStatus): string {
  const rows = items.map((item) => [
    ACTIONS[item.action],
    formatBytes(item.size).padStart(7),
    printable(relative(base, item.input)),
    item.output === undefined ? '-' : printable(relative(output, item.output)),
    printable(item.reason),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.min(WIDEST, Math.max(...rows.map((row) => row[column]?.length ?? 0))));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('');
}

/** Columns beyond which a long name does not push the others' columns. */
const WIDEST = 48;

const ACTIONS: Readonly<Record<PlanItem['action'], string>> = { write: 'write', replace: 'replace', skip: 'skip', refuse: 'cannot' };

function linesOf(lines: readonly (string | false | undefined)[]): string {
  return lines.filter((line) => line !== false && line !== undefined && line !== '').join('\n');
}
