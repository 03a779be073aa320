import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount, formatCountOf, formatPercent, formatWhen } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { closeIcon, errorIcon, infoIcon, passIcon, previousIcon, shutIcon, warningIcon } from '../../../webview/icons.ts';
import { meter } from '../../../webview/meter.ts';
import { pathText } from '../../../webview/pathText.ts';
import type { Column } from '../../../webview/virtualTable.ts';
import type { PairPicture } from './pairPictures.ts';
import { CONSEQUENCES } from './protocol.ts';
import type { Consequence, HealthGroup, HealthHead, HealthPair, HealthReport, HealthRow, PairSide } from './protocol.ts';

export interface PairShown {
  readonly pair: HealthPair;
  readonly total: number;
  readonly pictures: readonly [PairPicture, PairPicture];
}

export interface HealthState {
  readonly head: HealthHead | undefined;
  readonly groups: readonly HealthGroup[];
  readonly group: HealthGroup | undefined;
  readonly problem: string | undefined;
  readonly pair: PairShown | undefined;
  /** The list of the chosen group's problems. */
  readonly table: HTMLElement;
}

export interface HealthActions {
  choose(code: string): void;
  start(full: boolean): void;
  stop(): void;
  save(report: HealthReport): void;
  open(index: number, side?: 0 | 1): void;
  goTo(pair: number): void;
  dismiss(): void;
}

const TITLES: Readonly<Record<Consequence, string>> = { stops: 'Will stop a run', biases: 'Will bias the result', look: 'Worth a look' };
const ICONS: Readonly<Record<Consequence, readonly [svg: string, className: string]>> = { stops: [errorIcon, 'error'], biases: [warningIcon, 'warning'], look: [infoIcon, 'info'] };
const REPORTS: readonly (readonly [HealthReport, string])[] = [['markdown', 'Markdown'], ['json', 'JSON'], ['sarif', 'SARIF']];

export function healthLayout(state: HealthState, actions: HealthActions): TemplateResult {
  const { head, groups, problem } = state;
  return html`<div class="health">
    <header class="toolbar" data-region="toolbar">${head === undefined ? html`<h1>Health</h1>` : toolbar(head, actions)}</header>
    ${problem === undefined
      ? nothing
      : html`<div class="note bad" role="alert">${icon(errorIcon, 'error')}<span class="words">${problem}</span><button class="icon-button" aria-label="Dismiss" @click=${() => actions.dismiss()}>${icon(closeIcon)}</button></div>`}
    <div class="halves">
      <nav class="groups" data-region="groups" role="treegrid" aria-label="Kinds of problems">
        ${head === undefined ? nothing : notes(head)} ${CONSEQUENCES.map((consequence) => groupList(consequence, groups.filter((group) => group.consequence === consequence), state.group, actions))}
        ${head !== undefined && groups.length === 0 ? nothingFound(head, actions) : nothing}
      </nav>
      <section class="detail" data-region="detail" aria-label="Problems">${state.group === undefined ? nothing : detail(state, state.group, actions)}</section>
    </div>
  </div>`;
}

function toolbar(head: HealthHead, actions: HealthActions): TemplateResult {
  const { name, checked, total, when, state } = head;
  const running = state === 'running';
  return html`<h1>Health of ${name}</h1>
    <span class="meta dim number">${formatCount(checked)} of ${formatCountOf(total, 'item')} checked${when === null ? '' : ` · ${formatWhen(when, Date.now())}`}</span>
    ${running ? html`<span class="progress">${meter({ label: 'Checked', fraction: total === 0 ? undefined : checked / total })}</span>` : nothing}
    <span class="space"></span>
    ${running
      ? html`<button class="button" @click=${() => actions.stop()}>Stop</button>`
      : html`<button class="button ${state === 'never' ? 'main' : ''}" @click=${() => actions.start(false)}>${state === 'never' ? 'Check' : checked < total ? 'Check the rest' : 'Check again'}</button>
          <button class="button" title="Decodes every file and reads every byte" @click=${() => actions.start(true)}>Check every byte</button>`}
    <label class="save"
      ><span class="spoken">Save a report as</span
      ><select
        class="select"
        ?disabled=${state === 'never'}
        @change=${(event: Event) => {
          const select = event.target as HTMLSelectElement;
          actions.save(select.value as HealthReport);
          select.value = '';
        }}
      >
        <option value="" selected>Save report…</option>
        ${REPORTS.map(([value, title]) => html`<option value=${value}>${title}</option>`)}
      </select></label
    >`;
}

function notes({ checked, total, state, notes: words }: HealthHead): TemplateResult {
  const rest = total - checked;
  const partly = state !== 'never' && rest > 0 ? [`${formatPercent(rest / total)} of the items are not checked. The counts below can only grow.`] : [];
  return html`${[...partly, ...words].map((note) => html`<div class="note">${icon(infoIcon)}<span class="words">${note}</span></div>`)}`;
}

function groupList(consequence: Consequence, groups: readonly HealthGroup[], chosen: HealthGroup | undefined, actions: HealthActions): TemplateResult | typeof nothing {
  if (groups.length === 0) {
    return nothing;
  }
  const [svg, className] = ICONS[consequence];
  return html`<div class="consequence" role="presentation"><h2>${TITLES[consequence]}</h2><span class="dim number">${formatCountOf(groups.reduce((sum, { count }) => sum + count, 0), 'problem')}</span></div>
    ${groups.map(
      (group) =>
        html`<div class="group" role="row" tabindex="-1" aria-selected=${group === chosen} @click=${() => actions.choose(group.code)} @focus=${() => actions.choose(group.code)}>
          ${icon(svg, className)}
          <span class="text" role="gridcell"><span class="title">${group.title}</span><span class="dim">${group.detail}</span></span>
          <span class="number" role="gridcell">${formatCount(group.count)}</span>
        </div>`,
    )}`;
}

function nothingFound(head: HealthHead, actions: HealthActions): TemplateResult {
  return head.state === 'never'
    ? html`<div class="empty"><p>Nothing was checked yet.</p><p class="dim">Headers of all files, what manifests say of them, duplicates, and what is in two splits.</p><button class="button main" @click=${() => actions.start(false)}>Check</button></div>`
    : html`<div class="empty">${icon(passIcon, 'done')}<p>${head.state === 'running' ? 'Nothing found so far.' : `No problems in ${formatCountOf(head.checked, 'item')}.`}</p></div>`;
}

function detail({ pair, table }: HealthState, group: HealthGroup, actions: HealthActions): TemplateResult {
  return html`<div class="lead">
      <h2>${group.title}</h2>
      <p class="dim">${group.detail}</p>
      <code class="code dim">${group.code}</code>
    </div>
    ${group.form === 'rows' ? table : pair === undefined ? html`<p class="unknown waiting">looking…</p>` : pairView(pair, actions)}`;
}

export function rowColumns(open: (index: number) => void): readonly Column<HealthRow>[] {
  return [
    { id: 'file', title: 'File', cell: ({ path, index }) => html`<button class="link file" tabindex="-1" @click=${() => open(index)}>${pathText(path, path)}</button>` },
    { id: 'at', title: 'Row', cell: ({ row }) => (row === null ? html`<span class="dim">–</span>` : html`<span class="number">${formatCount(row)}</span>`) },
    { id: 'message', title: 'What', cell: ({ message }) => html`<span title=${message}>${message}</span>` },
  ];
}

function pairView({ pair, total, pictures }: PairShown, actions: HealthActions): TemplateResult {
  const [left, right] = pair.sides;
  return html`<div class="pair-bar">
      <button class="icon-button" title="Previous pair (,)" aria-label="Previous pair" aria-disabled=${pair.index === 0} @click=${() => actions.goTo(pair.index - 1)}>${icon(previousIcon)}</button>
      <span class="number">Pair ${formatCount(pair.index + 1)} of ${formatCount(total)}</span>
      <button class="icon-button" title="Next pair (.)" aria-label="Next pair" aria-disabled=${pair.index === total - 1} @click=${() => actions.goTo(pair.index + 1)}>${icon(shutIcon)}</button>
      <span class="pill">${pair.likeness}</span>
    </div>
    <div class="pair">${side(left, right, pictures[0], () => actions.open(pair.index, 0))} ${side(right, left, pictures[1], () => actions.open(pair.index, 1))}</div>`;
}

function side(own: PairSide, other: PairSide, picture: PairPicture, open: () => void): TemplateResult {
  const differs = ({ name, value }: PairSide['facts'][number]) => other.facts.find((fact) => fact.name === name)?.value !== value;
  return html`<figure>
    <div class="art">${picture === undefined ? html`<span class="unknown">…</span>` : 'url' in picture ? html`<img src=${picture.url} alt="" />` : html`<span class="unknown">${picture.none}</span>`}</div>
    <figcaption>
      <div class="place">${own.split === null ? nothing : html`<span class="split ${own.split}">${own.split}</span>`}<button class="link file" @click=${open}>${pathText(own.path, own.path)}</button></div>
      <dl>${own.facts.map((fact) => html`<dt>${fact.name}</dt><dd class=${differs(fact) ? 'differs' : ''}>${fact.value}</dd>`)}</dl>
    </figcaption>
  </figure>`;
}
