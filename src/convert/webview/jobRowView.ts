import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { printable } from '../../base/printable.ts';
import { formatMoment } from '../../webview/clock.ts';
import { icon } from '../../webview/icon.ts';
import {
  cancelledIcon,
  closeIcon,
  copyIcon,
  errorIcon,
  folderIcon,
  inspectIcon,
  interruptedIcon,
  logIcon,
  passIcon,
  planIcon,
  playIcon,
  refreshIcon,
  settingsIcon,
  shutIcon,
  stopIcon,
  syncIcon,
  waitingIcon,
  warningIcon,
} from '../../webview/icons.ts';
import { meter } from '../../webview/meter.ts';
import { lastNames } from '../../webview/pathParts.ts';
import { pathText } from '../../webview/pathText.ts';
import { STATE_WORDS, countPieces, isExpandable, timeWords } from './jobWords.ts';
import type { Piece } from './jobWords.ts';
import { filesToDo } from './planWords.ts';
import type { JobAction, JobSummary } from './protocol.ts';

export interface JobRowEvents {
  toggle(id: string): void;
  act(id: string, action: JobAction): void;
}

/** `always`: shown without hovering. */
const ACTIONS: Readonly<Record<JobAction, { readonly words: string; readonly svg: string; readonly always?: true }>> = {
  runPlan: { words: 'Start', svg: playIcon, always: true },
  resume: { words: 'Resume', svg: playIcon, always: true },
  cancel: { words: 'Cancel', svg: stopIcon, always: true },
  retryFailed: { words: 'Retry Failed Files', svg: refreshIcon, always: true },
  retrySalvage: { words: 'Retry Failed Files in Salvage Mode', svg: inspectIcon },
  editOptions: { words: 'Edit Options…', svg: settingsIcon },
  showPlan: { words: 'Show Plan', svg: planIcon },
  openLog: { words: 'Open Log', svg: logIcon },
  copyCommand: { words: 'Copy Command of the First File', svg: copyIcon },
  revealOutput: { words: 'Reveal Outputs', svg: folderIcon, always: true },
  remove: { words: 'Remove from List', svg: closeIcon },
};
/** As they stand in a row, what is always shown at the end. The command of the first file is copied from the plan. */
const ORDER: readonly JobAction[] = [
  'editOptions',
  'showPlan',
  'retrySalvage',
  'openLog',
  'remove',
  'retryFailed',
  'runPlan',
  'resume',
  'revealOutput',
  'cancel',
];

export function jobRowView(job: JobSummary, open: boolean, pending: JobAction | undefined, events: JobRowEvents, now: number): TemplateResult {
  const expandable = isExpandable(job);
  return html`<div
    class="row job ${open ? 'open' : ''}"
    role="row"
    aria-level="1"
    aria-expanded=${expandable ? open : nothing}
    title=${hover(job, now)}
    @click=${expandable ? () => events.toggle(job.id) : nothing}
  >
    <span class="twisty" role="presentation">${expandable ? icon(shutIcon) : nothing}</span>
    <span class="name" role="gridcell">
      ${stateIcon(job)}<span class="spoken">${STATE_WORDS[job.state]}:</span>
      <span class="title">${printable(job.title)}</span>
      ${pathText(lastNames(job.base, 2), job.base, 'base dim')}
      ${job.salvage ? html`<span class="dim mode">salvage</span>` : nothing}
    </span>
    <span class="bar" role="gridcell">${hasBar(job) ? bar(job) : nothing}</span>
    <span class="counts number ${job.problem === undefined ? '' : 'long'}" role="gridcell" title=${wordsOf(job)}>${pieces(countPieces(job))}</span>
    <span class="time number dim" role="gridcell">${timeWords(job)}</span>
    <span class="actions" role="gridcell" @click=${(event: Event) => event.stopPropagation()}>
      ${ORDER.filter((action) => job.actions.includes(action)).map((action) => button(job, action, pending, events))}
    </span>
  </div>`;
}

export function pieces(all: readonly Piece[]): readonly TemplateResult[] {
  return all.map(({ text, tone }, index) => html`${index > 0 ? html`<span class="dim"> · </span>` : nothing}<span class=${tone ?? ''}>${text}</span>`);
}

function button(job: JobSummary, action: JobAction, pending: JobAction | undefined, events: JobRowEvents): TemplateResult {
  const { words, svg, always } = ACTIONS[action];
  return html`<button
    class="icon-button ${always ? 'always' : ''}"
    title=${words}
    aria-label=${words}
    aria-disabled=${pending !== undefined}
    data-action=${action}
    @click=${() => events.act(job.id, action)}
  >
    ${icon(svg)}
  </button>`;
}

function hasBar({ state, progress }: JobSummary): boolean {
  return state === 'running' || ((state === 'interrupted' || state === 'cancelled') && progress > 0);
}

function bar(job: JobSummary): TemplateResult {
  return meter({
    label: printable(job.title),
    fraction: job.progress,
    failed: job.counts.failed / Math.max(1, filesToDo(job)),
    text: [timeWords(job), wordsOf(job)].filter((text) => text !== '').join(', '),
  });
}

function wordsOf(job: JobSummary): string {
  return countPieces(job)
    .map(({ text }) => text)
    .join(', ');
}

function stateIcon({ state, counts }: JobSummary): TemplateResult {
  switch (state) {
    case 'planning':
    case 'running':
      return icon(syncIcon, 'active turning');
    case 'planned':
      return icon(waitingIcon);
    case 'failed':
      return icon(errorIcon, 'error');
    case 'cancelled':
      return icon(cancelledIcon);
    case 'interrupted':
      return icon(interruptedIcon, 'warning');
    case 'done':
      if (counts.failed > 0) {
        return counts.done === 0 ? icon(errorIcon, 'error') : icon(warningIcon, 'warning');
      }
      return counts.salvaged > 0 ? icon(warningIcon, 'warning') : icon(passIcon, 'done');
  }
}

function hover(job: JobSummary, now: number): string {
  const { title, base, output, createdAt, startedAt, endedAt } = job;
  return [
    printable(title),
    `from ${printable(base)}`,
    `to ${printable(output)}`,
    endedAt !== undefined
      ? `ended ${formatMoment(endedAt, now)}`
      : startedAt !== undefined
        ? `started ${formatMoment(startedAt, now)}`
        : `planned ${formatMoment(createdAt, now)}`,
  ].join('\n');
}
