import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { unknown } from './cells.ts';
import type { HistoryGrid } from './historyGrid.ts';
import { gpuSeries } from './protocol.ts';
import type { GpuRow } from './protocol.ts';
import { whole } from './quantity.ts';
import { clock } from './timeWindow.ts';

const MOST_ROWS = 60;

/** What the histories show, for who would rather read it: how busy each GPU was, the newest first. */
export function samplesTable(rows: readonly GpuRow[], grid: HistoryGrid): TemplateResult {
  const lanes = rows.map(({ key }) => grid.parts(gpuSeries(key, 'busy'), MOST_ROWS));
  const times = (lanes[0] ?? []).map(({ time }, index) => ({ time, index })).reverse();
  return html`<div class="samples" tabindex="0" role="region" aria-label="Samples">
    <table>
      <caption class="dim">Busy in percent, from each time on; lowest – highest</caption>
      <thead>
        <tr><th scope="col">Time</th>${rows.map(({ label }) => html`<th scope="col">GPU ${label}</th>`)}</tr>
      </thead>
      <tbody>
        ${times.map(({ time, index }) => html`<tr><th scope="row">${clock(time)}</th>${lanes.map((lane) => html`<td>${words(lane[index])}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

function words(part: ReturnType<HistoryGrid['parts']>[number] | undefined): TemplateResult | string {
  if (part?.low === undefined || part.high === undefined) {
    return unknown('no sample');
  }
  const [low, high] = [whole(part.low), whole(part.high)];
  return low === high ? low : `${low} – ${high}`;
}
