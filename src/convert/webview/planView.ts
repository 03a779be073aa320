import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../base/absent.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { icon } from '../../webview/icon.ts';
import { closeIcon, copyIcon, errorIcon, filterIcon, folderIcon, jobsIcon, logIcon, playIcon, refreshIcon, settingsIcon, stopIcon } from '../../webview/icons.ts';
import { meter } from '../../webview/meter.ts';
import { lastNames, relativePath } from '../../webview/pathParts.ts';
import { pathText } from '../../webview/pathText.ts';
import { ACTION_WORDS, filesInPlan, filesToDo, lookedWords, paceWords, planFate, settledWords, startLabel } from './planWords.ts';
import type { JobAction, PlanFacts, PlanRow, RowAction } from './protocol.ts';

export interface PlanViewState {
  /** Undefined before the host's first word; `gone` once the job is removed. */
  readonly plan: PlanFacts | 'gone' | undefined;
  readonly actions: readonly RowAction[];
  readonly text: string;
  /** Rows that match the filter; undefined while that is not known. */
  readonly matching: number | undefined;
  readonly active: PlanRow | undefined;
  readonly problem: string | undefined;
  readonly rowsProblem: string | undefined;
  /** The action that was asked for and not answered yet. */
  readonly pending: JobAction | 'showJobs' | undefined;
  readonly table: HTMLElement;
}

export interface PlanViewEvents {
  readonly act: (action: JobAction | 'showJobs') => void;
  readonly toggle: (action: RowAction) => void;
  readonly search: (text: string) => void;
  readonly clear: () => void;
  readonly retryRows: () => void;
  readonly dismiss: () => void;
}

export function planView(state: PlanViewState, events: PlanViewEvents, now: number): TemplateResult {
  const { plan } = state;
  if (plan === undefined) {
    return html``;
  }
  if (plan === 'gone') {
    return stateOf('This plan is no more', 'Its job was removed from the list. Outputs that it wrote are still there.');
  }
  return html`${header(plan, state, events, now)} ${problems(plan, state, events)} ${body(plan, state, events)}`;
}

function header(plan: PlanFacts, state: PlanViewState, events: PlanViewEvents, now: number): TemplateResult {
  return html`<header class="bar" data-region>
    <h1>Plan: ${printable(plan.title)}</h1>
    <span class="meta">
      ${pathText(lastNames(plan.base, 2), plan.base)}<span class="fate" title=${planFate(plan, now)}>${planFate(plan, now)}${plan.salvage ? ' · salvage mode' : ''}</span>
    </span>
    ${plan.state === 'running' || plan.state === 'planning' ? running(plan) : nothing}
    <span class="buttons">${buttons(plan, state, events)}</span>
  </header>`;
}

function running(plan: PlanFacts): TemplateResult {
  if (plan.state === 'planning') {
    return html`<span class="pace number">${lookedWords(plan)}</span>`;
  }
  const pace = paceWords(plan);
  return html`<span class="pace number">
    ${meter({ label: 'Progress', fraction: plan.progress, failed: plan.counts.failed / Math.max(1, filesToDo(plan)), text: `${pace}, ${settledWords(plan)}` })}
    <span>${settledWords(plan)}</span>
    ${plan.counts.failed > 0 ? html`<span class="error">${formatCount(plan.counts.failed)} failed</span>` : nothing}
    <span class="dim left">${pace}</span>
  </span>`;
}

interface Button {
  readonly words: string;
  readonly svg: string;
  readonly main?: true;
}

/** In the order in which they stand; the main one, if any, is the last. */
function possibleButtons(plan: PlanFacts): readonly (readonly [JobAction | 'showJobs', Button])[] {
  const all: readonly (readonly [JobAction | 'showJobs', Button])[] = [
    ['editOptions', { words: 'Edit Options…', svg: settingsIcon }],
    ['copyCommand', { words: 'Copy Command', svg: copyIcon }],
    ['openLog', { words: 'Open Log', svg: logIcon }],
    ['showJobs', { words: 'Show in Jobs', svg: jobsIcon }],
    ['cancel', { words: 'Cancel', svg: stopIcon }],
    ['retryFailed', { words: 'Retry Failed', svg: refreshIcon }],
    ['revealOutput', { words: 'Reveal Outputs', svg: folderIcon }],
    ['resume', { words: 'Resume', svg: playIcon, main: true }],
    ['runPlan', { words: startLabel(plan), svg: playIcon, main: true }],
  ];
  const started = plan.state !== 'planning' && plan.state !== 'planned';
  return all.filter(([action]) => {
    switch (action) {
      case 'showJobs':
        return started;
      case 'copyCommand':
        return plan.state === 'planned' && filesToDo(plan) > 0 && plan.actions.includes(action);
      case 'openLog':
      case 'revealOutput':
        return started && plan.state !== 'running' && plan.actions.includes(action);
      default:
        return plan.actions.includes(action);
    }
  });
}

function buttons(plan: PlanFacts, { pending }: PlanViewState, events: PlanViewEvents) {
  return possibleButtons(plan).map(
    ([action, { words, svg, main }]) => html`<button
      class="button ${main ? 'main' : ''}"
      title=${words}
      data-action=${action}
      aria-disabled=${pending !== undefined}
      @click=${() => events.act(action)}
    >
      ${icon(svg)}<span class="words">${words}</span>
    </button>`,
  );
}

function problems(plan: PlanFacts, { problem, rowsProblem }: PlanViewState, events: PlanViewEvents): TemplateResult | typeof nothing {
  const notes: TemplateResult[] = [];
  if (plan.problem !== undefined) {
    notes.push(note(plan.problem));
  }
  if (problem !== undefined) {
    notes.push(note(problem, html`<button class="icon-button" title="Dismiss" aria-label="Dismiss" @click=${events.dismiss}>${icon(closeIcon)}</button>`));
  }
  if (rowsProblem !== undefined) {
    notes.push(note(`The rows could not be read: ${rowsProblem}`, html`<button class="button small" @click=${events.retryRows}>Try Again</button>`));
  }
  return notes.length === 0 ? nothing : html`<div class="problems">${notes}</div>`;
}

function note(words: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="note bad" role="alert">${icon(errorIcon, 'error')}<span class="words">${printable(words)}</span>${action}</div>`;
}

function body(plan: PlanFacts, state: PlanViewState, events: PlanViewEvents): TemplateResult {
  if (plan.state === 'planning') {
    return stateOf('Looking at the files', 'Each file is read as far as it takes to know what it is. Nothing is written before you start.');
  }
  if (filesInPlan(plan) === 0) {
    return plan.problem === undefined
      ? stateOf('No files to convert', plan.leftOut?.words ?? 'Nothing was found in what was chosen.')
      : html``;
  }
  return html`${sums(plan, state, events)}
  ${state.matching === 0 ? stateOf('Nothing matches', 'No file of this plan fits the filter.', html`<button class="button" @click=${events.clear}>Clear Filter</button>`) : html`${state.table} ${details(state.active)}`}`;
}

function stateOf(title: string, words: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="state" role="status"><h2>${title}</h2><p class="dim">${words}</p>${action}</div>`;
}

function sums(plan: PlanFacts, state: PlanViewState, events: PlanViewEvents): TemplateResult {
  const { counts } = plan;
  const sum = (action: RowAction, count: number) =>
    html`<button
      class="sum filter ${action} ${count === 0 ? 'none' : ''}"
      aria-pressed=${state.actions.includes(action)}
      title=${`Show what is to be: ${ACTION_WORDS[action].toLowerCase()}`}
      @click=${() => events.toggle(action)}
    >
      <b>${formatCount(count)}</b><span>${ACTION_WORDS[action].toLowerCase()}</span>
    </button>`;
  const filtered = state.actions.length > 0 || state.text !== '';
  return html`<section class="sums number" aria-label="Sums" data-region>
    <div class="group" role="group" aria-label="Filter by action">
      ${sum('write', counts.write)} ${counts.replace > 0 ? sum('replace', counts.replace) : nothing} ${sum('skip', counts.skip)} ${sum('refuse', counts.refuse)}
    </div>
    <div class="group facts">
      <span class="sum" title=${formatExactBytes(plan.bytes)}><b>${formatBytes(plan.bytes)}</b><span>to read</span></span>
      ${free(plan)}
      ${plan.leftOut === undefined
        ? nothing
        : html`<span class="sum" title=${plan.leftOut.words}><b>${formatCount(plan.leftOut.count)}</b><span>left out</span></span>`}
      ${plan.atOnce === undefined ? nothing : html`<span class="sum"><b>${formatCount(plan.atOnce)}</b><span>at once</span></span>`}
    </div>
    <div class="input search">
      ${icon(filterIcon)}
      <input type="text" aria-label="Filter by source path" placeholder="Filter by source" spellcheck="false" .value=${state.text} @input=${(event: InputEvent) => events.search((event.target as HTMLInputElement).value)} />
      ${filtered ? html`<button class="icon-button" title="Clear filter" aria-label="Clear filter" @click=${events.clear}>${icon(closeIcon)}</button>` : nothing}
    </div>
  </section>`;
}

/** Where the outputs go, and what room there is. */
function free({ freeBytes, base, output }: PlanFacts): TemplateResult {
  const within = relativePath(output, base);
  const words = html`<span class="place">free at ${pathText(within === output ? lastNames(output, 2) : within, output)}</span>`;
  return isAbsent(freeBytes)
    ? html`<span class="sum" title=${printable(freeBytes.absent)}><b class="unknown">not known</b>${words}</span>`
    : html`<span class="sum" title=${`${formatExactBytes(freeBytes)} were free when the plan was made`}><b>${formatBytes(freeBytes)}</b>${words}</span>`;
}

/** The whole of the active row, for who cannot hover and for whom the table cuts too much; always there, so that the table's height does not jump. */
function details(row: PlanRow | undefined): TemplateResult {
  return html`<footer class="details" aria-label="The active row">
    <span class="dim">Source</span><span class="whole">${row && printable(row.input)}</span>
    <span class="dim">Output</span><span class="whole">${row && (row.output === undefined ? html`<span class="unknown">none</span>` : printable(row.output))}</span>
    <span class="dim reason">Reason</span><span class="whole reason ${row?.action === 'refuse' ? 'error' : ''}">${row && printable(row.reason)}</span>
  </footer>`;
}
