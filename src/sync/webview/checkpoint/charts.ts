import { html, nothing, svg } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes } from '../../../base/format.ts';
import type { Layer, PartKind } from './layers.ts';
import type { TensorRow, ValuesView } from './protocol.ts';
import { number, percent } from './words.ts';

const PARTS: readonly (readonly [PartKind, string])[] = [
  ['attention', 'attention'],
  ['mlp', 'mlp'],
  ['ends', 'embedding, head'],
  ['other', 'other'],
];
const [SIZE_HEIGHT, CHANGE_HEIGHT] = [84, 48];

/** Bytes of each layer by part; a click on a bar shows its tensors. */
export function sizeChart(layers: readonly Layer[], active: string | undefined, choose: (layer: Layer) => void): TemplateResult {
  const most = Math.max(1, ...layers.map(({ total }) => total));
  const sums = PARTS.map(([kind, words]) => [kind, words, layers.reduce((sum, { bytes }) => sum + bytes[kind], 0)] as const).filter(([, , sum]) => sum > 0);
  return html`<figure class="layers">
    <figcaption>
      <h2>Size by layer</h2>
      ${sums.map(([kind, words, sum]) => html`<span class="key"><i class=${kind}></i>${words} ${formatBytes(sum)}</span>`)}
    </figcaption>
    <div class="bars" role="img" aria-label=${`Bytes of ${layers.length} layers, the largest ${formatBytes(most)}`} .style=${`height:${SIZE_HEIGHT}px`}>
      ${layers.map(
        (layer) => html`<span class="bar ${layer.label === active ? 'active' : ''}" title=${`${title(layer)}: ${formatBytes(layer.total)}`} @click=${() => choose(layer)}>
          ${PARTS.map(([kind]) => (layer.bytes[kind] > 0 ? html`<i class=${kind} .style=${`height:${(layer.bytes[kind] / most) * SIZE_HEIGHT}px`}></i>` : nothing)).reverse()}
        </span>`,
      )}
    </div>
  </figure>`;
}

/** ‖Δw‖ ÷ ‖w‖ of each layer; `changes` in the order of the layers, undefined where it is not known. */
export function changeChart(layers: readonly Layer[], changes: readonly (number | undefined)[], against: string): TemplateResult {
  const known = changes.filter((change): change is number => change !== undefined && Number.isFinite(change));
  const most = Math.max(1e-12, ...known);
  const largest = layers[changes.findIndex((change) => change === most)];
  return html`<figure class="layers change">
    <figcaption>
      <h2>Change against ${against}</h2>
      <span class="dim">‖Δw‖ ÷ ‖w‖ per layer</span>
      <span class="space"></span>
      <span class="dim">${known.length === 0 ? 'not compared yet' : largest ? `largest ${percent(most)} · ${title(largest)}` : 'no change'}</span>
    </figcaption>
    <div class="bars" role="img" aria-label=${known.length === 0 ? 'Changes by layer, not compared yet' : `Changes by layer, the largest ${percent(most)}`} .style=${`height:${CHANGE_HEIGHT}px`}>
      ${layers.map((layer, index) => {
        const change = changes[index];
        const height = change === undefined || !Number.isFinite(change) ? 0 : Math.max(change > 0 ? 1 : 0, (change / most) * CHANGE_HEIGHT);
        return html`<span class="bar" title=${`${title(layer)}: ${change === undefined ? 'not compared' : Number.isFinite(change) ? percent(change) : 'not finite'}`}><i class="changed" .style=${`height:${height}px`}></i></span>`;
      })}
    </div>
  </figure>`;
}

export function axis(layers: readonly Layer[]): TemplateResult {
  const every = layers.length > 40 ? 8 : layers.length > 16 ? 2 : 1;
  return html`<div class="axis" aria-hidden="true">${layers.map(({ label }) => html`<span>${/^\d+$/.test(label) && Number(label) % every !== 0 ? '' : label}</span>`)}</div>`;
}

/** Parameters by type, as one bar. */
export function dtypeBar(rows: readonly TensorRow[]): TemplateResult {
  const sums = new Map<string, number>();
  rows.filter(({ beside }) => !beside).forEach(({ dtype, parameters }) => sums.set(dtype, (sums.get(dtype) ?? 0) + parameters));
  const total = [...sums.values()].reduce((sum, count) => sum + count, 0);
  const sorted = [...sums].sort(([, one], [, other]) => other - one);
  const share = (count: number) => (total === 0 ? 0 : count / total);
  const words = sorted.map(([dtype, count]) => `${dtype}${sorted.length === 1 ? '' : ` ${percent(share(count))}`}`);
  return html`<span class="dtypes" role="img" aria-label=${`Types: ${words.join(', ')}`}>
    <span class="dim">dtype</span>
    <span class="stack">${sorted.map(([, count], index) => html`<i class="series${index % 6}" .style=${`width:${share(count) * 100}%`}></i>`)}</span>
    ${sorted.slice(0, 4).map((_, index) => html`<span class="key"><i class="series${index % 6}"></i>${words[index]}</span>`)}
  </span>`;
}

export function histogram({ histogram: { start, width, counts }, min = 0, max = 0 }: ValuesView): TemplateResult {
  const most = Math.max(1, ...counts);
  const bar = 100 / Math.max(1, counts.length);
  return html`<figure class="histogram">
    <svg viewBox="0 0 100 44" preserveAspectRatio="none" role="img" aria-label=${`Values from ${number(min)} to ${number(max)}; most lie near ${number(start + width * (counts.indexOf(most) + 0.5))}`}>
      ${counts.map((count, index) => svg`<rect x=${index * bar} y=${44 - (count / most) * 44} width=${bar * 0.9} height=${(count / most) * 44}></rect>`)}
    </svg>
    <figcaption class="dim"><span>${number(min)}</span><span>${number(max)}</span></figcaption>
  </figure>`;
}

function title({ label }: Layer): string {
  return label === 'emb' ? 'before the layers' : label === 'head' ? 'after the layers' : label === 'all' ? 'all' : `layer ${label}`;
}
