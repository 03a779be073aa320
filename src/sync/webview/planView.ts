import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { icon } from '../../webview/icon.ts';
import { closeIcon, errorIcon, filterIcon, guardIcon, infoIcon, logIcon, refreshIcon, syncIcon } from '../../webview/icons.ts';
import { boxLines } from './boxLines.ts';
import type { GuardNote, PlanAction, PlanCommand, PlanFacts, Sums } from './planProtocol.ts';
import { ACTION_WORDS, boxesWords, leftOutWords, metaWords, tickedWords } from './planWords.ts';

export interface PlanViewState {
  /** Undefined before the host's first word; `gone` once it is no more. */
  readonly facts: PlanFacts | 'gone' | undefined;
  readonly actions: readonly PlanAction[];
  readonly text: string;
  /** Rows that match the filter; undefined while that is not known. */
  readonly matching: number | undefined;
  readonly problem: string | undefined;
  readonly rowsProblem: string | undefined;
  readonly table: HTMLElement;
}

export interface PlanViewEvents {
  readonly act: (command: PlanCommand, box?: string) => void;
  readonly choose: (box: string) => void;
  readonly toggle: (action: PlanAction) => void;
  readonly search: (text: string) => void;
  readonly clear: () => void;
  readonly release: (guard: GuardNote, word: string) => void;
  readonly retryRows: () => void;
  readonly dismiss: () => void;
}

export function planView(state: PlanViewState, events: PlanViewEvents, now: number): TemplateResult {
  const { facts } = state;
  if (facts === undefined) {
    return html``;
  }
  if (facts === 'gone') {
    return stateOf('This plan is no more', 'The window was closed since. Plan again from the Remote Sync view: nothing was moved by showing it.');
  }
  return html`${header(facts, events, now)}
    <div class="scrolled">${notes(facts, state, events)} ${body(facts, state, events)} ${boxLines(facts, events)}</div>
    ${footer(facts, events)}`;
}

function header(facts: PlanFacts, events: PlanViewEvents, now: number): TemplateResult {
  const { name, direction, boxes, shown, plan, local, remote } = facts;
  const [from, to] = direction === 'push' ? [name, boxesWords(facts)] : [boxesWords(facts), name];
  const places = direction === 'push' ? `${local} → ${remote}` : `${remote} → ${local}`;
  return html`<header class="bar" data-region>
    <h1 title=${printable(places)}>Sync plan: ${printable(from)} → ${printable(to)}</h1>
    <span class="meta" title=${printable(places)}>${plan === undefined ? printable(places) : metaWords(plan.meta, now)}</span>
    ${boxes.length > 1
      ? html`<select class="choice" aria-label="Box that is compared" .value=${shown} @change=${(event: Event) => events.choose((event.target as HTMLSelectElement).value)}>
          ${boxes.map(({ box }) => html`<option value=${box} ?selected=${box === shown}>Compare: ${box}</option>`)}
        </select>`
      : nothing}
    <button class="icon-button" title="Plan again" aria-label="Plan again" @click=${() => events.act('replan')}>${icon(refreshIcon)}</button>
  </header>`;
}

function notes({ plan }: PlanFacts, { problem, rowsProblem }: PlanViewState, events: PlanViewEvents): TemplateResult | typeof nothing {
  const all = [
    ...(problem === undefined
      ? []
      : [note('bad', errorIcon, problem, html`<button class="icon-button" title="Dismiss" aria-label="Dismiss" @click=${events.dismiss}>${icon(closeIcon)}</button>`)]),
    ...(rowsProblem === undefined ? [] : [note('bad', errorIcon, `The rows could not be read: ${rowsProblem}`, html`<button class="button small" @click=${events.retryRows}>Try Again</button>`)]),
    ...(plan?.guards ?? []).map((guard) => guardNote(guard, events)),
  ];
  return all.length === 0 ? nothing : html`<div class="notes">${all}</div>`;
}

function note(kind: string, svg: string, words: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="note ${kind}" role=${kind === 'bad' ? 'alert' : 'note'}>${icon(svg, kind === 'bad' ? 'error' : kind)}<span class="words">${printable(words)}</span>${action}</div>`;
}

function guardNote(guard: GuardNote, events: PlanViewEvents): TemplateResult {
  const { severity, message, word, released } = guard;
  if (severity === 'note') {
    return note('', infoIcon, message);
  }
  if (severity === 'refused') {
    return note('bad', guardIcon, message);
  }
  if (released) {
    return note('', guardIcon, `${message} Let pass by you.`);
  }
  return note('warning', guardIcon, message, word === undefined ? html`<button class="button small" @click=${() => events.release(guard, '')}>Let Pass</button>` : releaseForm(guard, word, events));
}

function releaseForm(guard: GuardNote, word: string, events: PlanViewEvents): TemplateResult {
  const typed = (event: Event): string => (event.currentTarget as HTMLElement).closest('.release')?.querySelector('input')?.value ?? '';
  const release = (event: Event): void => events.release(guard, typed(event));
  return html`<span class="release">
    <span class="input"><input type="text" placeholder=${word} aria-label=${`Type ${word} to let these deletions pass`} spellcheck="false" @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && release(event)} /></span>
    <button class="button" @click=${release}>Release</button>
  </span>`;
}

function body(facts: PlanFacts, state: PlanViewState, events: PlanViewEvents): TemplateResult {
  const { plan, shown, boxes } = facts;
  const line = boxes.find(({ box }) => box === shown);
  if (plan === undefined) {
    return line?.phase === 'problem'
      ? stateOf(`${shown} could not be compared`, line.words, remedy(line.remedy, shown, events))
      : stateOf('Comparing both sides', 'Names, sizes and times are read here and there. Nothing is moved before you say so.');
  }
  const { sums } = plan;
  if (sums.create + sums.update + sums.delete + sums.conflict + sums.skip === 0) {
    return stateOf('In step', `Nothing differs between here and ${shown}.`);
  }
  return html`${chips(sums, state, events)}
  ${state.matching === 0 ? stateOf('Nothing matches', 'No name of this plan fits the filter.', html`<button class="button" @click=${events.clear}>Clear Filter</button>`) : state.table}`;
}

function remedy(kind: 'signIn' | 'retry' | 'copyInstall' | undefined, box: string, events: PlanViewEvents): TemplateResult | typeof nothing {
  switch (kind) {
    case 'signIn':
      return html`<button class="button main" @click=${() => events.act('signIn', box)}>Sign In…</button>`;
    case 'copyInstall':
      return html`<button class="button main" @click=${() => events.act('copyInstall', box)}>Copy Install Command</button>`;
    case 'retry':
      return html`<button class="button main" @click=${() => events.act('retry', box)}>Try Again</button>`;
    case undefined:
      return nothing;
  }
}

function stateOf(title: string, words: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="state" role="status"><h2>${printable(title)}</h2><p class="dim">${printable(words)}</p>${action}</div>`;
}

function chips(sums: Sums, { actions, text }: PlanViewState, events: PlanViewEvents): TemplateResult {
  const chip = (action: PlanAction) =>
    sums[action] === 0
      ? nothing
      : html`<button class="chip ${action}" aria-pressed=${actions.includes(action)} title=${`Show what is ${ACTION_WORDS[action]}`} @click=${() => events.toggle(action)}>
          <b class="number">${formatCount(sums[action])}</b> ${ACTION_WORDS[action]}
        </button>`;
  return html`<section class="filter" aria-label="Filter" data-region>
    <div class="chips" role="group" aria-label="Filter by action">${chip('create')} ${chip('update')} ${chip('delete')} ${chip('conflict')} ${chip('skip')}</div>
    <div class="input search">
      ${icon(filterIcon)}
      <input type="text" aria-label="Filter by path" placeholder="Filter by path" spellcheck="false" .value=${text} @input=${(event: InputEvent) => events.search((event.target as HTMLInputElement).value)} />
      ${actions.length > 0 || text !== '' ? html`<button class="icon-button" title="Clear filter" aria-label="Clear filter" @click=${events.clear}>${icon(closeIcon)}</button>` : nothing}
    </div>
  </section>`;
}

function footer(facts: PlanFacts, events: PlanViewEvents): TemplateResult {
  const { plan, canRun, canCancel, boxes } = facts;
  const runs = boxes.some(({ phase }) => phase === 'running' || phase === 'waiting');
  const leftOut = plan === undefined ? '' : leftOutWords(plan.sums);
  return html`<footer class="commit number" data-region>
      <span class="ticked">${plan === undefined ? nothing : tickedWords(plan.sums)}</span>
      <span class="dim left-out">${leftOut}</span>
      ${plan === undefined ? nothing : html`<button class="link" @click=${() => events.act('showCommand')}>${icon(logIcon)}<span>Show rsync command</span></button>`}
      ${canCancel ? html`<button class="button" @click=${() => events.act('cancel')}>Cancel</button>` : nothing}
      <button class="button main" aria-disabled=${!canRun} @click=${() => canRun && events.act('run')}>${icon(syncIcon, runs ? 'turning' : '')}<span>${runs ? 'Syncing…' : 'Sync'}</span></button>
    </footer>`;
}
