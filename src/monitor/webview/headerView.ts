import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { icon } from '../../webview/icon.ts';
import { playIcon } from '../../webview/icons.ts';
import { chevronDownIcon, exportIcon, goLiveIcon, historyIcon, pauseIcon, serverIcon } from './icons.ts';
import { segment } from './processTable.ts';
import type { Head, MachineChoice } from './protocol.ts';
import type { Mode } from './timeline.ts';

export interface HeaderState {
  readonly head: Head;
  readonly machines: readonly MachineChoice[];
  readonly mode: Mode;
  /** `sampled 1 s ago`. */
  readonly sampled: string;
  readonly span: number;
}

export interface HeaderEvents {
  machine(key: string): void;
  readonly fleet: () => void;
  readonly addBox: () => void;
  readonly pause: () => void;
  readonly playback: () => void;
  readonly live: () => void;
  span(milliseconds: number): void;
  readonly export: () => void;
}

const MINUTE = 60_000;
export const SPANS: readonly (readonly [milliseconds: number, title: string])[] = [
  [5 * MINUTE, '5 m'],
  [15 * MINUTE, '15 m'],
  [60 * MINUTE, '1 h'],
  [360 * MINUTE, '6 h'],
  [1440 * MINUTE, '24 h'],
];

const DOTS: Readonly<Record<Head['state'], string>> = { starting: 'off', ok: '', trouble: 'warn', silent: 'bad', stale: 'off', off: 'off' };

const FLEET = ' fleet';
const ADD_BOX = ' add';

export function headerView({ head, machines, mode, sampled, span }: HeaderState, events: HeaderEvents): TemplateResult {
  const isRead = head.state !== 'stale' && head.state !== 'off' && sampled !== '';
  return html`<h1 class="name">${picker(head, machines, events)}</h1>
    <span class="dim ell line" title=${head.line}>${head.line}</span>
    <span class="sp"></span>
    <span class="dim sampled">${mode === 'playback' ? 'collecting continues in the background' : sampled}</span>
    ${mode === 'playback'
      ? html`<span class="tag">${icon(historyIcon)}Playback, not live</span><button class="button main small" data-action="live" @click=${events.live}>${icon(goLiveIcon)}Go live</button>`
      : html`<button class="live" data-action="pause" aria-label=${mode === 'live' ? 'Pause' : 'Go on'} title=${mode === 'live' ? 'Pause drawing (Space); collecting goes on' : 'Go on (Space)'} @click=${events.pause}>
          ${mode === 'live' ? html`<i class="dot ${isRead ? '' : 'off'}"></i>Live ${icon(pauseIcon)}` : html`<i class="dot off"></i>Paused ${icon(playIcon)}`}
        </button>`}
    ${segment('Window of time', SPANS.map(([milliseconds, title]) => [String(milliseconds), title] as const), String(span), (value) => events.span(Number(value)))}
    <button class="icon-button ${mode === 'playback' ? 'on' : ''}" aria-pressed=${mode === 'playback'} title="Play back" aria-label="Play back" data-action="playback" @click=${mode === 'playback' ? events.live : events.playback}>${icon(historyIcon)}</button>
    ${mode === 'playback' ? nothing : html`<button class="icon-button" title="Export this window…" aria-label="Export this window" data-action="export" @click=${events.export}>${icon(exportIcon)}</button>`}
    <button class="icon-button" title="All boxes (Fleet)" aria-label="All boxes" data-action="fleet" @click=${events.fleet}>${icon(serverIcon)}</button>`;
}

/** The machine that is shown, as a list of all; what is no machine is done, and the list stays at the one that is shown. */
function picker(head: Head, machines: readonly MachineChoice[], events: HeaderEvents): TemplateResult {
  const known = machines.some(({ key }) => key === head.key) ? machines : [{ key: head.key, title: head.host, line: '' }, ...machines];
  const choose = (event: Event): void => {
    const select = event.currentTarget as HTMLSelectElement;
    const { value } = select;
    if (value === FLEET || value === ADD_BOX) {
      select.value = head.key;
      (value === FLEET ? events.fleet : events.addBox)();
    } else {
      events.machine(value);
    }
  };
  return html`<span class="picker"
    ><i class="dot ${DOTS[head.state]}"></i
    ><select aria-label="Machine" title=${head.host} @change=${choose}>
      ${known.map(({ key, title, line }) => html`<option value=${key} .selected=${live(key === head.key)}>${title}${line === '' ? nothing : ` · ${line}`}</option>`)}
      <hr />
      <option value=${FLEET}>All boxes…</option>
      <option value=${ADD_BOX}>Add box…</option></select
    ><span class="chosen ell" aria-hidden="true">${head.host}</span>${icon(chevronDownIcon)}</span
  >`;
}
