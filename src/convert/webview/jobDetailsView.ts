import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { known } from '../../base/absent.ts';
import { formatCount, formatCountOf, formatPercent } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import { icon } from '../../webview/icon.ts';
import { copyIcon, errorIcon, infoIcon, moreIcon, shutIcon, syncIcon } from '../../webview/icons.ts';
import { meter } from '../../webview/meter.ts';
import { relativePath } from '../../webview/pathParts.ts';
import { pathText } from '../../webview/pathText.ts';
import type { JobDetails } from './jobDetails.ts';
import type { FailedFile, FileNote, JobSummary, RunningFile } from './protocol.ts';

export interface JobDetailsEvents {
  toggleFailure(id: string, seq: number): void;
  more(id: string): void;
  retry(id: string): void;
  copy(words: string): void;
}

/** Characters of a command that are shown; the whole is copied. */
const COMMAND_SHOWN = 4000;
/** Words by which tools name what went wrong. */
const TROUBLE = /\b(?:error|fail|failed|failure|fatal|invalid|corrupt)\b/i;

/** Under an opened job: what runs, then what failed, then what is to be known of single outputs. */
export function jobDetailsView(job: JobSummary, details: JobDetails | undefined, isOpen: (seq: number) => boolean, events: JobDetailsEvents): TemplateResult {
  return html`<div class="details" role="presentation">
    ${job.problem === undefined ? nothing : wholeRow(html`${icon(errorIcon, 'error')}<span class="error words">${printable(job.problem)}</span>`, 'problem')}
    ${job.running.map((file) => runningRow(job, file))}
    ${job.runningCount > job.running.length
      ? wholeRow(html`${icon(moreIcon)}<span>${formatCount(job.runningCount - job.running.length)} more running</span>`, 'dim')
      : nothing}
    ${details === undefined ? nothing : failures(job, details, isOpen, events)}
    ${details?.notes.map((note) => noteRow(job, note))}
  </div>`;
}

function runningRow(job: JobSummary, { input, fraction }: RunningFile): TemplateResult {
  const part = known(fraction);
  const name = relativePath(input, job.base);
  return html`<div class="row item" role="row" aria-level="2">
    <span class="name" role="gridcell">${icon(syncIcon, 'active')}${pathText(name, input)}</span>
    <span class="bar" role="gridcell">${part === undefined ? nothing : meter({ label: printable(name), fraction: part })}</span>
    <span class="counts number" role="gridcell">
      ${part === undefined ? html`<span class="unknown">running</span>` : html`<span class="dim">${formatPercent(part)}</span>`}
    </span>
  </div>`;
}

function failures(job: JobSummary, details: JobDetails, isOpen: (seq: number) => boolean, events: JobDetailsEvents): TemplateResult {
  const { failures: list, total, problem } = details;
  const rest = Math.max(total ?? 0, job.counts.failed) - list.length;
  return html`${repeat(
      list,
      ({ seq }) => seq,
      (failure) => html`${failureRow(job, failure, isOpen(failure.seq), events)} ${isOpen(failure.seq) ? block(failure, events) : nothing}`,
    )}
    ${problem === undefined
      ? nothing
      : wholeRow(
          html`${icon(errorIcon, 'error')}<span class="error words">The failures could not be read: ${printable(problem)}</span>
            <button class="button small" @click=${() => events.retry(job.id)}>Try Again</button>`,
          'problem',
        )}
    ${problem === undefined && list.length > 0 && rest > 0
      ? wholeRow(
          html`${icon(moreIcon)}<button class="link" @click=${() => events.more(job.id)}>Show more</button>
            <span class="dim number">${formatCount(list.length)} of ${formatCountOf(list.length + rest, 'failure')}</span>`,
          'more',
        )
      : nothing}`;
}

function failureRow(job: JobSummary, { input, reason, seq }: FailedFile, open: boolean, events: JobDetailsEvents): TemplateResult {
  return html`<div class="row item failure ${open ? 'open' : ''}" role="row" aria-level="2" aria-expanded=${open} @click=${() => events.toggleFailure(job.id, seq)}>
    <span class="twisty" role="presentation">${icon(shutIcon)}</span>
    <span class="name" role="gridcell">${icon(errorIcon, 'error')}<span class="spoken">failed:</span>${pathText(relativePath(input, job.base), input)}</span>
    <span class="reason error" role="gridcell" title=${printable(reason)}>${printable(reason)}</span>
  </div>`;
}

/** The command, the tool's own words, and how it ended. */
function block({ command, stderr, exitCode }: FailedFile, events: JobDetailsEvents): TemplateResult {
  const line = shellLine(command);
  const shown = line.length > COMMAND_SHOWN ? `${line.slice(0, COMMAND_SHOWN)} …` : line;
  const words = stderr.split(/\r\n|[\n\r]/).map((text) => printable(text.replaceAll('\t', '    ')));
  const end = exitCode === undefined ? 'no output left behind' : `stopped with ${exitCode} · no output left behind`;
  return html`<div class="row whole" role="row" aria-level="3">
    <div class="output" role="gridcell">
      ${command.length === 0
        ? nothing
        : html`<button class="icon-button copy" title="Copy Command" aria-label="Copy Command" @click=${() => events.copy(line)}>${icon(copyIcon)}</button>
            <div class="dim">$ ${printable(shown)}</div>`}
      ${stderr.trim() === '' ? nothing : words.map((text) => html`<div class=${TROUBLE.test(text) ? 'error' : ''}>${text}</div>`)}
      <div class="dim">${end}</div>
    </div>
  </div>`;
}

function noteRow(job: JobSummary, { input, text }: FileNote): TemplateResult {
  return html`<div class="row item" role="row" aria-level="2">
    <span class="name" role="gridcell">${icon(infoIcon)}<span class="spoken">note:</span>${pathText(relativePath(input, job.base), input)}</span>
    <span class="reason dim" role="gridcell" title=${printable(text)}>${printable(text)}</span>
  </div>`;
}

function wholeRow(content: TemplateResult, className: string): TemplateResult {
  return html`<div class="row whole ${className}" role="row" aria-level="2"><span class="line" role="gridcell">${content}</span></div>`;
}
