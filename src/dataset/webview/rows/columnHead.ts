import { html, nothing } from 'lit/html.js';
import { formatCount, formatPercent } from '../../../base/format.ts';
import type { ColumnSummary, ShownColumn } from './protocol.ts';

/** A column's name and type, and below what its values are like. */
export function columnHead({ name, type }: ShownColumn, summary: ColumnSummary | undefined): unknown {
  return html`<span class="title"><b>${name}</b>${type === undefined ? nothing : html`<i>${type}</i>`}</span><span class="sum">${summary === undefined ? nothing : [bars(summary), words(summary)]}</span>`;
}

function words({ nulls, rows, distinct, more, range, lengths }: ColumnSummary): string {
  if (nulls === rows && rows > 0) {
    return 'all null';
  }
  const missing = nulls === 0 ? '' : nulls / rows < 0.01 ? `${formatCount(nulls)} null` : `${formatPercent(nulls / rows)} null`;
  const what = range
    ? `${figure(range.least)} – ${figure(range.most)}`
    : !more && distinct === rows - nulls && rows > 1
      ? 'all different'
      : !more
        ? `${formatCount(distinct)} different`
        : lengths
          ? `${lengths.least === lengths.most ? '' : `${formatCount(lengths.least)} – `}${formatCount(lengths.most)} long`
          : '';
  return [missing, what].filter((part) => part !== '').join(' · ');
}

function figure(value: number): string {
  return (Math.abs(value) >= 10_000 || Number.isInteger(value) ? formatCount(Math.round(value)) : String(Number(value.toPrecision(4)))).replace('-', '−');
}

function bars({ range, name }: ColumnSummary): unknown {
  if (range === undefined || range.least === range.most) {
    return nothing;
  }
  const most = Math.max(...range.bins, 1);
  const path = range.bins.map((bin, index) => `M${index * 4 + 1.5} 14v${-Math.max(bin > 0 ? 1 : 0, (bin / most) * 14)}`).join('');
  return html`<svg class="bars" viewBox="0 0 64 14" role="img" aria-label="Distribution of ${name}: ${figure(range.least)} to ${figure(range.most)}, mean ${figure(range.mean)}"><path d=${path}></path></svg>`;
}

/** Pixels that a column gets, by its type and name. */
export function widthOf({ name, type }: ShownColumn): number {
  const least = Math.min(240, 40 + (name.length + (type?.length ?? 0)) * 7);
  switch (type) {
    case 'string':
      return Math.max(least, /text|caption|sentence|content|prompt|value|transcript|description/i.test(name) ? 320 : 180);
    case 'list':
      return Math.max(least, 260);
    case 'struct':
      return Math.max(least, 220);
    case 'number':
    case 'boolean':
      return Math.max(least, 104);
    default:
      return Math.max(least, 140);
  }
}
