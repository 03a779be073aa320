import facetsIcon from '@vscode/codicons/src/icons/settings.svg' with { type: 'text' };
import gridIcon from '@vscode/codicons/src/icons/layout.svg' with { type: 'text' };
import listIcon from '@vscode/codicons/src/icons/list-flat.svg' with { type: 'text' };
import refreshIcon from '@vscode/codicons/src/icons/refresh.svg' with { type: 'text' };
import warningIcon from '@vscode/codicons/src/icons/warning.svg' with { type: 'text' };
import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount, formatCountOf, formatPercent } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { meter } from '../../../webview/meter.ts';
import type { GalleryAction, GalleryQuery, GallerySummary, GroupColumn, SortColumn } from './protocol.ts';
import { GROUPS, SORTS } from './protocol.ts';
import { hasFailed, summaryWords } from './words.ts';

export interface HeadEvents {
  readonly act: (action: GalleryAction) => void;
  readonly setList: (list: boolean) => void;
  readonly toggleFacets: () => void;
}

export interface HeadState {
  readonly summary: GallerySummary | undefined;
  readonly list: boolean;
  readonly facets: boolean;
}

/** Name, counts, how much of it is probed, problems, and the ways to look at it. */
export function headView({ summary, list, facets }: HeadState, events: HeadEvents): TemplateResult {
  const problems = summary ? summary.problems.error + summary.problems.warning : 0;
  return html`<header class="head" data-region="bar">
    <h1>${summary?.title ?? ''}</h1>
    <span class="meta dim number">${summary ? summaryWords(summary) : ''}</span>
    <span class="space"></span>
    ${summary ? coverage(summary) : nothing}
    ${problems === 0
      ? nothing
      : html`<button class="link problems" data-action="problems" ?disabled=${summary?.actions.includes('problems') !== true} @click=${() => events.act('problems')}>
          ${icon(warningIcon, summary?.problems.error ? 'error' : 'warning')}${formatCountOf(problems, 'problem')}
        </button>`}
    <button class="icon-button" title="Look for changes" aria-label="Look for changes" @click=${() => events.act('refresh')}>${icon(refreshIcon)}</button>
    <span class="toggles" role="group" aria-label="View">
      ${toggle('Tiles', gridIcon, !list, () => events.setList(false), 'tiles')}${toggle('List', listIcon, list, () => events.setList(true), 'list')}
    </span>
    ${toggle('Facets', facetsIcon, facets, events.toggleFacets, 'facets')}
  </header>`;
}

function coverage({ probed, items, state }: GallerySummary): TemplateResult {
  const fraction = items === 0 ? 1 : probed / items;
  if (state === 'walking') {
    return html`<span class="coverage dim">reading names…</span>`;
  }
  const words = `${formatPercent(fraction)} probed`;
  return fraction >= 1
    ? html`<span class="coverage dim">all probed</span>`
    : html`<span class="coverage" title="${formatCount(probed)} of ${formatCount(items)} items have had their headers read">${meter({ label: 'Probed', fraction, text: words })}<span class="number">${words}</span></span>`;
}

function toggle(title: string, svg: string, on: boolean, act: () => void, action: string): TemplateResult {
  return html`<button class="icon-button toggle" title=${title} aria-label=${title} aria-pressed=${on} data-action=${action} @click=${act}>${icon(svg)}</button>`;
}

const SORT_TITLES: Readonly<Record<SortColumn, string>> = { path: 'path', name: 'name', modified: 'newest', size: 'largest', duration: 'longest', width: 'widest', label: 'label', split: 'split', health: 'problems' };
/** What is largest or newest is looked for first. */
const DESCENDING = new Set<SortColumn>(['modified', 'size', 'duration', 'width', 'health']);

export function sortView({ column }: GalleryQuery['sort'], sort: (sort: GalleryQuery['sort']) => void): TemplateResult {
  return html`<label class="sort"
    ><span class="sort-word">Sort: </span
    ><select aria-label="Sort" @change=${(event: Event) => {
      const chosen = (event.target as HTMLSelectElement).value as SortColumn;
      sort({ column: chosen, descending: DESCENDING.has(chosen) });
    }}>
      ${SORTS.map((name) => html`<option value=${name} ?selected=${name === column}>${SORT_TITLES[name]}</option>`)}
    </select></label
  >`;
}

const GROUP_TITLES: Readonly<Record<GroupColumn, string>> = { folder: 'folder', label: 'label', split: 'split', kind: 'kind' };

export function groupView(group: GroupColumn | undefined, choose: (group: GroupColumn | undefined) => void): TemplateResult {
  return html`<label class="sort group"
    ><span class="sort-word">Group: </span
    ><select aria-label="Group" @change=${(event: Event) => choose(GROUPS.find((name) => name === (event.target as HTMLSelectElement).value))}>
      <option value="" ?selected=${group === undefined}>none</option>
      ${GROUPS.map((name) => html`<option value=${name} ?selected=${name === group}>${GROUP_TITLES[name]}</option>`)}
    </select></label
  >`;
}

export function problemNote(problem: string | undefined, dismiss: (() => void) | undefined): TemplateResult | typeof nothing {
  return problem === undefined
    ? nothing
    : html`<div class="note bad" role="alert"><span class="words">${problem}</span>${dismiss === undefined ? nothing : html`<button class="link" @click=${dismiss}>Dismiss</button>`}</div>`;
}

/** What is wrong with the catalogue itself, while there are items all the same: it was damaged and made anew, or cannot be kept. */
export function catalogueNote(summary: GallerySummary | undefined, known: string | undefined, dismiss: () => void): TemplateResult | typeof nothing {
  const problem = summary === undefined || hasFailed(summary) ? undefined : summary.problem;
  return problem === undefined || problem === known
    ? nothing
    : html`<div class="note" data-note="catalogue">${icon(warningIcon, 'warning')}<span class="words">${problem}</span><button class="link" @click=${dismiss}>Dismiss</button></div>`;
}
