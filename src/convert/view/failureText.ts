import { formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { JobFailure, JobStatus } from '../job.ts';

/** Failures as a text to read: each file, what stopped and why, the command and the tool's own words. `total`: of the job. */
export function failureText(status: JobStatus, failures: readonly JobFailure[], total: number): string {
  const rest = total - failures.length;
  const head = `${printable(status.title)} · ${formatCountOf(total, 'file')} failed`;
  const parts = failures.map(oneFailure);
  const tail = rest > 0 ? [`${formatCountOf(rest, 'more failure')} in the job’s log.`] : [];
  return `${[head, ...parts, ...tail].join('\n\n')}\n`;
}

function oneFailure(failure: JobFailure): string {
  const words = failure.stderr.split(/\r\n|[\n\r]/).map((line) => printable(line)).join('\n').trimEnd();
  return [
    printable(failure.input),
    `  ${printable(failure.reason)}`,
    failure.command.length > 0 && `  $ ${shellLine(failure.command)}`,
    words !== '' && indent(words),
    failure.exitCode !== undefined && `  stopped with ${failure.exitCode} · no output left behind`,
  ]
    .filter((part) => part !== false)
    .join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
