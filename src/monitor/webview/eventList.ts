import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { icon } from '../../webview/icon.ts';
import { errorIcon, infoIcon, stopIcon } from '../../webview/icons.ts';
import { flameIcon } from './icons.ts';
import type { HistoryEvent } from './protocol.ts';
import { moment } from './timeWindow.ts';
import type { TimeRange } from './timeWindow.ts';

export const EVENT_ICONS: Readonly<Record<HistoryEvent['kind'], readonly [svg: string, tone: string]>> = {
  heat: [flameIcon, 'red'],
  ended: [stopIcon, ''],
  lost: [errorIcon, 'red'],
  note: [infoIcon, 'blue'],
};

const MOST = 4;

export interface EventListState {
  readonly events: readonly HistoryEvent[];
  readonly range: TimeRange;
  readonly selected: boolean;
  readonly now: number;
  /** All of them, and not only the first. */
  readonly all: boolean;
}

/** What happened in the time that is shown; a click goes there. */
export function eventList({ events, range, selected, now, all }: EventListState, move: (time: number) => void, showAll: () => void): TemplateResult | undefined {
  const inside = events.filter(({ time }) => time >= range.from && time <= range.to);
  if (events.length === 0) {
    return undefined;
  }
  const shown = all ? inside : inside.slice(0, MOST);
  return html`<header class="sh">
      <h2>${selected ? 'Events in selection' : 'Events'}</h2>
      <span>${inside.length} of ${events.length}</span>
      <span class="sp"></span>
      ${inside.length > MOST ? html`<button class="link" @click=${showAll}>${all ? 'Show fewer' : 'Show all'}</button>` : nothing}
    </header>
    <ul class="events">
      ${shown.map(({ time, kind, words }) => {
        const [svg, tone] = EVENT_ICONS[kind];
        return html`<li><button class="event" @click=${() => move(time)}><span class="dim">${moment(time, now)}</span>${icon(svg, tone)}<span class="ell">${words}</span></button></li>`;
      })}
    </ul>`;
}
