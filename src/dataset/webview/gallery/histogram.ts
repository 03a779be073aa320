import { html, svg } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import type { GalleryFacet } from './protocol.ts';
import { amountWords } from './words.ts';

type Histogram = Extract<GalleryFacet, { kind: 'histogram' }>;

const HEIGHT = 40;

/** Bars of a histogram, over which a range is dragged; arrows move its ends, Delete and Escape let it go. */
export function histogram(facet: Histogram, chosen: readonly [number, number] | undefined, brush: (from?: number, to?: number) => void): TemplateResult {
  const { column, edges, counts } = facet;
  const largest = Math.max(1, ...counts);
  const isOn = (bin: number) => chosen === undefined || ((edges[bin + 1] ?? 0) > chosen[0] && (edges[bin] ?? 0) < chosen[1]);
  const binAt = (event: PointerEvent) => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    return Math.max(0, Math.min(counts.length - 1, Math.floor(((event.clientX - left) / width) * counts.length)));
  };
  let start: number | undefined;
  const mark = (svgElement: Element, from: number, to: number) => {
    for (const [bin, bar] of [...svgElement.querySelectorAll('rect')].entries()) {
      bar.classList.toggle('on', bin >= Math.min(from, to) && bin <= Math.max(from, to));
    }
  };
  const bins = (from: number, to: number) => brush(edges[Math.min(from, to)], edges[Math.max(from, to) + 1]);
  const most = counts.indexOf(Math.max(...counts));
  const label = `${column}: from ${amountWords(column, edges[0] ?? 0)} to ${amountWords(column, edges.at(-1) ?? 0)}, most between ${amountWords(column, edges[most] ?? 0)} and ${amountWords(column, edges[most + 1] ?? 0)} (${formatCount(counts[most] ?? 0)})`;
  return html`<svg
    class="hist" viewBox="0 0 ${counts.length} ${HEIGHT}" preserveAspectRatio="none" tabindex="0" role="slider" aria-label=${label}
    aria-valuemin=${edges[0] ?? 0} aria-valuemax=${edges.at(-1) ?? 0} aria-valuenow=${chosen?.[0] ?? edges[0] ?? 0} aria-valuetext=${chosen ? `${amountWords(column, chosen[0])} to ${amountWords(column, chosen[1])}` : 'all'}
    @pointerdown=${(event: PointerEvent) => {
      start = binAt(event);
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      mark(event.currentTarget as Element, start, start);
    }}
    @pointermove=${(event: PointerEvent) => start !== undefined && mark(event.currentTarget as Element, start, binAt(event))}
    @pointerup=${(event: PointerEvent) => {
      const from = start;
      start = undefined;
      if (from !== undefined) {
        bins(from, binAt(event));
      }
    }}
    @keydown=${(event: KeyboardEvent) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (event.key === 'Delete' || event.key === 'Escape') {
        brush();
      } else if (step !== 0) {
        const from = Math.max(0, counts.findIndex((_, bin) => isOn(bin)));
        const to = Math.max(from, counts.findLastIndex((_, bin) => isOn(bin)));
        const last = counts.length - 1;
        // With Shift the lower end moves, without it the upper one.
        bins(event.shiftKey ? Math.min(to, Math.max(0, from + step)) : from, event.shiftKey ? to : Math.max(from, Math.min(last, to + step)));
      } else {
        return;
      }
      event.preventDefault();
    }}
  >
    ${counts.map((count, bin) => {
      const height = count === 0 ? 0 : Math.max(1, (count / largest) * HEIGHT);
      return svg`<rect class=${isOn(bin) ? 'on' : ''} x=${bin + 0.06} width="0.88" y=${HEIGHT - height} height=${height}><title>${amountWords(column, edges[bin] ?? 0)} – ${amountWords(column, edges[bin + 1] ?? 0)}: ${formatCount(count)}</title></rect>`;
    })}
  </svg>`;
}
