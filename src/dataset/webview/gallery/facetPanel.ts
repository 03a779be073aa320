import checkIcon from '@vscode/codicons/src/icons/check.svg' with { type: 'text' };
import infoIcon from '@vscode/codicons/src/icons/info.svg' with { type: 'text' };
import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount, formatPercent } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { rangeClause, rangeIn, valuesClause, valuesIn, withClause, without } from './clauses.ts';
import { rankColour, SPLIT_COLOURS } from './colours.ts';
import { histogram } from './histogram.ts';
import type { FacetColumn, GalleryFacet } from './protocol.ts';
import { amountWords, valueWords } from './words.ts';

export interface FacetPanelOptions {
  readonly filter: () => string;
  readonly onFilter: (filter: string) => void;
  /** Of a class among all of the dataset's, by its size: a class has one colour, whatever the filter. */
  readonly labelRank: (label: string) => number | undefined;
}

const TITLES: Readonly<Record<FacetColumn, string>> = { kind: 'Kind', label: 'Label', split: 'Split', duration: 'Duration', width: 'Width', rate: 'Sample rate', health: 'Problems' };
const MOST_VALUES = 8;

type Values = Extract<GalleryFacet, { kind: 'values' }>;

/** Values with their counts, and histograms. A click or a brush writes into the expression, and nowhere else. */
export class FacetPanel {
  readonly element = document.createElement('aside');
  private facets: readonly GalleryFacet[] = [];
  private unprobed = 0;
  /** Columns whose values are all shown. */
  private readonly unfolded = new Set<FacetColumn>();

  constructor(private readonly options: FacetPanelOptions) {
    this.element.className = 'facets';
    this.element.dataset['region'] = 'facets';
    this.element.ariaLabel = 'Facets';
  }

  show(facets: readonly GalleryFacet[], unprobed: number): void {
    this.facets = facets;
    this.unprobed = unprobed;
    this.draw();
  }

  draw(): void {
    const shown = this.facets.filter((facet) => (facet.kind === 'values' ? facet.values.some(({ value }) => value !== null) : facet.known > 0));
    const histograms = shown.some(({ kind }) => kind === 'histogram');
    render(
      html`${shown.map((facet) => (facet.kind === 'histogram' ? this.histogram(facet) : this.values(facet)))}
      ${this.unprobed > 0 && histograms
        ? html`<p class="note-line dim">${icon(infoIcon)}<span>Histograms cover probed items only. ${formatCount(this.unprobed)} items are not probed yet.</span></p>`
        : nothing}`,
      this.element,
    );
  }

  private values(facet: Values): TemplateResult {
    const { column, values } = facet;
    const chosen = valuesIn(this.options.filter(), column);
    const largest = Math.max(1, ...values.map(({ count }) => count));
    const sum = values.reduce((total, { count }) => total + count, 0);
    const isOpen = this.unfolded.has(column);
    const shown = isOpen ? values : values.slice(0, MOST_VALUES);
    const left = values.length - shown.length + facet.more;
    const colour = (value: string | null) => (column === 'split' ? (SPLIT_COLOURS[value ?? ''] ?? 'foreground') : column === 'kind' || column === 'health' ? 'blue' : value === null ? 'foreground' : rankColour(this.options.labelRank(value)));
    return html`<section aria-label=${TITLES[column]} data-column=${column}>
      <h2>${TITLES[column]}<span class="dim number">${headOf(column, values, facet.more, sum)}</span></h2>
      ${column === 'split' ? splitBar(values, sum, colour) : nothing}
      <div class="values" role="group">
        ${shown.map(({ value, count }) => {
          const isOn = chosen?.includes(value) === true;
          return html`<button class="value ${value === null ? 'none' : ''}" aria-pressed=${isOn} title=${isOn ? 'Leave out of the filter' : 'Filter by this'} data-value=${value ?? ''} @click=${() => this.toggle(column, value)}>
            <span class="tick ${isOn ? 'on' : ''}">${isOn ? icon(checkIcon) : nothing}</span><span class="word">${valueWords(column, value)}</span>
            <span class="bar" aria-hidden="true"><i .style=${`width:${((count / largest) * 100).toFixed(1)}%;background:var(--vscode-${colour(value) === 'foreground' ? 'charts-lines' : `charts-${colour(value)}`})`}></i></span>
            <span class="number count">${formatCount(count)}</span>
          </button>`;
        })}
        ${left > 0 || isOpen
          ? html`<button class="link more" @click=${() => this.unfold(column)}>${isOpen ? 'fewer' : `${formatCount(left)} more`}</button>`
          : nothing}
      </div>
    </section>`;
  }

  private histogram(facet: Extract<GalleryFacet, { kind: 'histogram' }>): TemplateResult {
    const { column, edges, applies, known } = facet;
    const chosen = rangeIn(this.options.filter(), column);
    const range = chosen && chosen.map((value) => amountWords(column, value)).join(' – ');
    return html`<section aria-label=${TITLES[column]} data-column=${column}>
      <h2>${TITLES[column]}<span class="dim number">${formatCount(known)} of ${formatCount(applies)} known</span></h2>
      ${histogram(facet, chosen, (from, to) => this.apply(column, from === undefined || to === undefined ? '' : rangeClause(column, from, to)))}
      <div class="ends number dim">
        <span>${amountWords(column, edges[0] ?? 0)}</span>${range === undefined ? nothing : html`<button class="link" title="Leave out of the filter" @click=${() => this.apply(column, '')}>${range}</button>`}<span>${amountWords(column, edges.at(-1) ?? 0)}</span>
      </div>
    </section>`;
  }

  private toggle(column: FacetColumn, value: string | null): void {
    const chosen = valuesIn(this.options.filter(), column) ?? [];
    const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    this.apply(column, valuesClause(column, next));
  }

  private apply(column: FacetColumn, clause: string): void {
    const filter = this.options.filter();
    this.options.onFilter(clause === '' ? without(filter, column) : withClause(filter, column, clause));
  }

  private unfold(column: FacetColumn): void {
    if (!this.unfolded.delete(column)) {
      this.unfolded.add(column);
    }
    this.draw();
  }
}

function headOf(column: FacetColumn, values: Values['values'], more: number, sum: number): string {
  const named = values.filter(({ value }) => value !== null);
  if (column === 'label' && named.length > 1) {
    const [largest, smallest] = [named[0]?.count ?? 0, named.at(-1)?.count ?? 0];
    const ratio = more === 0 && smallest > 0 ? ` · ${formatCount(largest / smallest)} : 1` : '';
    return `${formatCount(named.length + more)} classes${ratio}`;
  }
  const train = values.find(({ value }) => value === 'train');
  return column === 'split' && train && sum > 0 ? `train ${formatPercent(train.count / sum)}` : 'items';
}

function splitBar(values: Values['values'], sum: number, colour: (value: string | null) => string): TemplateResult {
  return html`<div class="split-bar" aria-hidden="true">
    ${values.map(({ value, count }) => html`<i .style=${`flex:${sum === 0 ? 0 : count / sum};background:var(--vscode-charts-${colour(value) === 'foreground' ? 'lines' : colour(value)})`}></i>`)}
  </div>`;
}
