import { html, nothing, svg } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCount, formatExactBytes, formatPercent } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { warningIcon } from '../../../webview/icons.ts';
import { shortNumber } from '../plots/linePlot.ts';
import type { ArrayFacts, ArrayRow, ArraysFile, StatisticsView } from './protocol.ts';
import { shapeText } from './treeView.ts';

export interface InspectorState {
  readonly file: ArraysFile;
  readonly row: ArrayRow | undefined;
  readonly reading: string | undefined;
  readonly statistics: StatisticsView | undefined;
}

export interface InspectorEvents {
  readonly readAs: (type: string) => void;
  readonly walk: () => void;
  readonly stop: () => void;
}

/** Bytes below which the values of an array are walked without being asked. */
export const WALKED_AT_ONCE = 64_000_000;

export function inspectorView(state: InspectorState, events: InspectorEvents): TemplateResult {
  const { file, row } = state;
  return html`${file.problems.length === 0 ? nothing : html`<section>${file.problems.slice(0, 8).map((problem) => note(problem))}${file.problems.length > 8 ? html`<p class="dim">${file.problems.length - 8} more</p>` : nothing}</section>`}
    ${row?.array ? arraySections(row, row.array, state, events) : nothing}
    <section>
      <h2>File</h2>
      ${facts([{ name: 'Format', value: FORMATS[file.format] ?? file.format }, { name: 'Size', value: formatBytes(file.bytes), title: formatExactBytes(file.bytes) }, ...file.facts])}
    </section>`;
}

const FORMATS: Readonly<Record<string, string>> = { npy: 'NumPy array (NPY)', npz: 'NumPy archive (NPZ)', safetensors: 'safetensors', hdf5: 'HDF5', points: 'Points without a header' };

function arraySections(row: ArrayRow, array: ArrayFacts, { reading, statistics }: InspectorState, events: InspectorEvents): TemplateResult {
  const elements = array.shape.reduce((product, size) => product * size, 1);
  return html`<section>
      <h2 class="path">${row.label}</h2>
      ${array.unreadable === undefined ? nothing : note(array.unreadable)}
      ${array.readings.length === 0
        ? nothing
        : html`<label class="reading"
            >Read the bytes as
            <select @change=${(event: Event) => events.readAs((event.target as HTMLSelectElement).value)}>
              <option value="" ?selected=${reading === undefined}>bytes</option>
              ${array.readings.map((name) => html`<option ?selected=${reading === name}>${name}</option>`)}
            </select></label
          >`}
      ${facts([
        { name: 'Shape', value: shapeText(array.shape) },
        { name: 'Type', value: reading ?? array.type },
        { name: 'Elements', value: formatCount(elements) },
        ...(array.bytes === undefined ? [] : [{ name: 'Bytes', value: formatBytes(array.bytes), title: formatExactBytes(array.bytes) }]),
        ...array.storage.map((value, nth) => ({ name: nth === 0 ? 'Kept as' : '', value })),
      ])}
    </section>
    ${array.numeric || reading !== undefined ? statisticsSection(statistics, events) : nothing}
    ${row.attributes.length === 0
      ? nothing
      : html`<section>
          <h2>Attributes</h2>
          ${facts(row.attributes)}
        </section>`}`;
}

function statisticsSection(view: StatisticsView | undefined, { walk, stop }: InspectorEvents): TemplateResult {
  const result = view?.result;
  return html`<section class="statistics">
    <h2>
      Values
      ${view === undefined
        ? html`<button class="button small" @click=${walk}>Check values…</button>`
        : view.complete
          ? nothing
          : html`<button class="button small" @click=${stop}>Stop</button>`}
    </h2>
    ${view === undefined ? html`<p class="unknown">not read</p>` : nothing}
    ${view && !view.complete
      ? html`<div class="meter" role="progressbar" aria-label="Values read" aria-valuenow=${Math.round(view.done * 100)}><i .style=${`width:${view.done * 100}%`}></i></div>
          <p class="dim number">${formatPercent(view.done)} read</p>`
      : nothing}
    ${view?.problem === undefined ? nothing : note(view.problem)}
    ${result === undefined || result.count === 0
      ? nothing
      : html`${facts([
            { name: 'Min, max', value: result.min === undefined ? 'none is finite' : `${precise(result.min)}, ${precise(result.max)}` },
            { name: 'Mean, std', value: result.mean === undefined ? 'none is finite' : `${precise(result.mean)}, ${precise(result.deviation)}` },
            { name: 'Zeros', value: result.zeros === 0 ? 'none' : `${formatCount(result.zeros)} (${result.zeros * 100 < result.count ? '< 1 %' : formatPercent(result.zeros / result.count)})` },
            { name: 'NaN, Inf', value: `${formatCount(result.nan)}, ${formatCount(result.infinite)}`, bad: result.nan + result.infinite > 0 },
          ])}
          ${histogram(result)}`}
  </section>`;
}

function histogram({ counts, start, width }: NonNullable<StatisticsView['result']>): TemplateResult | typeof nothing {
  if (counts.length === 0) {
    return nothing;
  }
  const most = Math.max(...counts);
  const end = start + width * counts.length;
  const peak = counts.indexOf(most);
  return html`<svg
      class="histogram"
      viewBox="0 0 ${counts.length} 100"
      preserveAspectRatio="none"
      role="img"
      aria-label="Histogram of values from ${shortNumber(start)} to ${shortNumber(end)}; most lie between ${shortNumber(start + peak * width)} and ${shortNumber(start + (peak + 1) * width)}."
    >
      ${counts.map((count, nth) => bar(nth, count, most, `${shortNumber(start + nth * width)} to ${shortNumber(start + (nth + 1) * width)}: ${formatCount(count)}`))}
    </svg>
    <div class="ends number"><span>${shortNumber(start)}</span><span>${shortNumber(end)}</span></div>`;
}

function bar(nth: number, count: number, most: number, words: string): ReturnType<typeof svg> {
  const height = count === 0 ? 0 : Math.max(1.5, (count / most) * 100);
  return svgBar(nth, height, words);
}

function svgBar(nth: number, height: number, words: string): ReturnType<typeof svg> {
  return svg`<rect x=${nth + 0.04} y=${100 - height} width="0.92" height=${height}><title>${words}</title></rect>`;
}

interface Fact {
  readonly name: string;
  readonly value: string;
  readonly title?: string;
  readonly bad?: boolean;
}

function facts(list: readonly Fact[]): TemplateResult {
  return html`<dl>${list.map(({ name, value, title, bad }) => html`<dt>${name}</dt><dd class="number ${bad === true ? 'error' : ''}" title=${title ?? nothing}>${value}</dd>`)}</dl>`;
}

function note(words: string): TemplateResult {
  return html`<div class="note">${icon(warningIcon, 'warning')}<span class="words">${words}</span></div>`;
}

function precise(value: number | undefined): string {
  return value === undefined ? '' : shortNumber(Number(value.toPrecision(5)));
}
