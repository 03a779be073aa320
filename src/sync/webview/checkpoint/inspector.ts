import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCount, formatExactBytes } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { errorIcon } from '../../../webview/icons.ts';
import { histogram } from './charts.ts';
import type { ChangeView, CheckpointView, ComparisonView, ValuesView } from './protocol.ts';
import type { Line } from './tensorTree.ts';
import { STATES, number, percent, shape } from './words.ts';

export interface InspectorInput {
  readonly view: CheckpointView;
  readonly line: Line | undefined;
  readonly values: ReadonlyMap<string, ValuesView>;
  readonly changes: ReadonlyMap<string, ChangeView>;
  readonly comparison: ComparisonView | undefined;
  readonly check: (name: string) => void;
  readonly show: (name: string) => void;
  readonly hash: () => void;
}

export function inspectorView(input: InspectorInput): TemplateResult {
  const { line, view } = input;
  return html`${notFinite(input)} ${line?.row ? tensorSection(input, line) : line ? groupSection(line) : nothing} ${input.comparison ? comparisonSection(input, input.comparison) : nothing}
    <section>
      <header><h2>Checkpoint</h2></header>
      <dl>
        ${fact('State', html`<span class=${view.state === 'damaged' ? 'error' : view.state === 'writing' ? 'warning' : ''}>${STATES[view.state]}</span>`)} ${fact('Why', view.reason)}
        ${fact('Size', html`<span title=${formatExactBytes(view.bytes)}>${formatBytes(view.bytes)}${view.files > 1 ? ` in ${formatCount(view.files)} files` : ''}</span>`)} ${view.facts.map(([name, words]) => fact(name, words))}
      </dl>
    </section>`;
}

function tensorSection({ values, check }: InspectorInput, { row, label, path }: Line): TemplateResult {
  const found = values.get(path);
  return html`<section>
    <header><h2>${label}</h2></header>
    <dl>
      ${fact('Name', row?.name)} ${fact('Shape', html`<span class="mono">${shape(row?.shape ?? [])}</span>`)} ${fact('Type', row?.dtype)} ${fact('Parameters', formatCount(row?.parameters ?? 0))}
      ${fact('Bytes', row?.bytes === undefined ? unknown('size of this type not known') : html`<span title=${formatExactBytes(row.bytes)}>${formatBytes(row.bytes)}</span>`)}
      ${fact('Place', row?.where ?? unknown('not stated in file'))}
      ${found
        ? html`${fact('Range', found.min === undefined ? unknown('no finite value') : `${number(found.min)} … ${number(found.max ?? 0)}`)} ${fact('Mean, std', found.mean === undefined ? unknown('no finite value') : `${number(found.mean)}, ${number(found.deviation ?? 0)}`)}
            ${fact('Zeros', percent(found.zeros))} ${fact('NaN, Inf', html`<span class=${found.nan + found.infinite > 0 ? 'error' : ''}>${formatCount(found.nan)}, ${formatCount(found.infinite)}</span>`)}`
        : fact('Values', unknown('not read'))}
    </dl>
    ${found && found.histogram.counts.length > 0 ? histogram(found) : nothing}
    ${!found && row?.readable === true ? html`<button class="button small" @click=${() => check(path)}>Check values of this tensor</button>` : nothing}
    ${row?.readable === false ? html`<p class="unknown">Its values are not read: ${row.where === undefined ? 'where they lie is not stated' : `values of type ${row.dtype}, or laid out like this, are not`}.</p>` : nothing}
  </section>`;
}

function groupSection({ path, count, parameters, bytes, dtypes }: Line): TemplateResult {
  return html`<section>
    <header><h2>${path.replace(/\.$/, '')}</h2></header>
    <dl>${fact('Tensors', formatCount(count))} ${fact('Parameters', formatCount(parameters))} ${fact('Bytes', formatBytes(bytes))} ${fact('Types', dtypes)}</dl>
  </section>`;
}

function comparisonSection({ changes, hash }: InspectorInput, { name, rows, path }: ComparisonView): TemplateResult {
  const count = (kind: string) => rows.filter((row) => row.kind === kind).length;
  const compared = rows.filter((row) => changes.has(row.name));
  const same = compared.filter((row) => changes.get(row.name)?.same === true).length;
  return html`<section>
    <header><h2 title=${path}>Against ${name}</h2></header>
    <dl>
      ${compared.length === 0 ? fact('Values', unknown('not compared')) : html`${fact('Same bytes', `${formatCount(same)} of ${formatCount(compared.length)} compared`)} ${fact('Changed', formatCount(compared.length - same))}`}
      ${fact('Only here', formatCount(count('onlyHere')))} ${fact('Only there', formatCount(count('onlyThere')))} ${fact('Shape differs', formatCount(count('shape')))} ${fact('Type differs', formatCount(count('dtype')))}
    </dl>
    ${count('onlyThere') > 0 ? html`<details><summary>Only there</summary><ul>${rows.filter(({ kind }) => kind === 'onlyThere').slice(0, 200).map((row) => html`<li>${row.name} <span class="mono dim">${row.there}</span></li>`)}</ul></details>` : nothing}
    <button class="button small" title="Hashes are made where the files are" @click=${hash}>Compare by hash</button>
  </section>`;
}

/** What is wrong comes first. */
function notFinite({ values, show }: InspectorInput): TemplateResult | typeof nothing {
  const bad = [...values.values()].filter(({ nan, infinite }) => nan + infinite > 0);
  const first = bad[0];
  if (first === undefined) {
    return nothing;
  }
  const what = [first.nan > 0 ? `${formatCount(first.nan)} NaN` : '', first.infinite > 0 ? `${formatCount(first.infinite)} Inf` : ''].filter((words) => words !== '').join(' and ');
  return html`<section>
    <div class="note bad" role="alert">
      ${icon(errorIcon, 'error')}<span class="words">${first.name} holds ${what}${bad.length > 1 ? `, and ${formatCount(bad.length - 1)} more tensors are not finite` : ''}. <button class="link" @click=${() => show(first.name)}>Show</button></span>
    </div>
  </section>`;
}

function fact(name: string, words: unknown): TemplateResult {
  return html`<dt title=${name}>${name}</dt><dd>${words}</dd>`;
}

function unknown(words: string): TemplateResult {
  return html`<span class="unknown">${words}</span>`;
}
