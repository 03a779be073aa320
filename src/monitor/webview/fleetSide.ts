import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCountOf } from '../../base/format.ts';
import { icon } from '../../webview/icon.ts';
import { percentWide } from './cells.ts';
import type { Fleet, FleetRun } from './fleetProtocol.ts';
import { idleIcon, personIcon, watchIcon } from './icons.ts';
import { VERDICTS } from './runsTable.ts';

/** Beside the boxes: who holds what, what is free, and one's own runs. */
export function fleetSide(fleet: Fleet, open: (key: string) => void): TemplateResult {
  return html`<section>${holdersView(fleet)}</section>
    <section>${freeView(fleet, open)}</section>
    ${fleet.runs.length === 0 ? nothing : html`<section>${runsView(fleet, open)}</section>`}`;
}

function holdersView({ holders, uncounted }: Fleet): TemplateResult {
  const most = Math.max(1, ...holders.map(({ gpus }) => gpus));
  return html`<header class="sh"><h2>Who holds what</h2><span class="ell">boxes that are read</span></header>
    <table class="holders">
      <thead>
        <tr>
          <th scope="col">User</th>
          <th scope="col" class="r">GPUs</th>
          <th aria-hidden="true"></th>
          <th scope="col" class="r">idle</th>
        </tr>
      </thead>
      <tbody>
        ${holders.map(
          ({ name, tone, where, gpus, idle }) =>
            html`<tr>
              <th scope="row" class="ell" title=${`${name}, ${where}`}>${tone === 'mine' ? icon(personIcon, 'blue') : nothing}<span class=${tone === 'mine' ? 'b' : ''}>${name}</span> <span class="dim small">${where}</span></th>
              <td class="r ${tone === 'mine' ? 'b' : ''}">${gpus}</td>
              <td><span class="bar"><i class=${tone === 'mine' ? 'm' : 'o'} .style=${percentWide((100 * gpus) / most)}></i></span></td>
              <td class="r">${idle > 0 ? icon(idleIcon, 'idle') : nothing}<span class=${idle > 0 ? '' : 'dim'}>${idle}</span></td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${holders.length === 0 ? html`<p class="dim small">Nobody holds a GPU.</p>` : nothing}
    <p class="foot dim">
      ${holders.some(({ idle }) => idle > 0) ? 'idle: memory is held and nothing has run for a minute or more. ' : nothing}${uncounted.length > 0 ? `Not counted: ${uncounted.join(', ')}.` : nothing}
    </p>`;
}

function freeView({ free, uncounted }: Fleet, open: (key: string) => void): TemplateResult {
  return html`<header class="sh"><h2>Free now</h2><span class="ell">largest block first</span></header>
    ${free.length === 0
      ? html`<p class="dim small">${uncounted.length > 0 ? 'None of those that are known.' : 'None.'}</p>`
      : html`<ul class="plain">
          ${free.map(
            ({ key, title, count, model, numbers }) =>
              html`<li>
                <b class="ell" title=${title}>${title}</b><span class="ell" title=${`${count} × ${model} ${numbers}`}>${count} × ${model} <span class="dim">${numbers}</span></span
                ><button class="link" aria-label=${`Open ${title}`} @click=${() => open(key)}>Open</button>
              </li>`,
          )}
        </ul>`}`;
}

function runsView({ runs }: Fleet, open: (key: string) => void): TemplateResult {
  const boxes = new Set(runs.map(({ where }) => where)).size;
  return html`<header class="sh"><h2>My runs</h2><span class="ell">${runs.length} on ${formatCountOf(boxes, 'box', 'boxes')}</span></header>
    <ul class="plain runs">
      ${runs.map((run) => html`<li>${verdictIcon(run)}<button class="run ell" title=${`${run.title}, ${run.where}`} @click=${() => open(run.key)}><b>${run.title}</b> <span class="dim">${run.where}</span></button><span class="dim">${run.verdict === 'stale' ? 'Stale' : VERDICTS[run.verdict].words}</span></li>`)}
    </ul>`;
}

function verdictIcon({ verdict }: FleetRun): TemplateResult {
  if (verdict === 'stale') {
    return icon(watchIcon, 'yellow');
  }
  const { svg, tone } = VERDICTS[verdict];
  return icon(svg, tone);
}
