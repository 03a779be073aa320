import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { icon } from '../../webview/icon.ts';
import { errorIcon } from '../../webview/icons.ts';
import { cell, percentWide } from './cells.ts';
import type { FleetBox, FleetTile } from './fleetProtocol.ts';
import { flameIcon, lockIcon, signInIcon, watchIcon } from './icons.ts';
import { age, whole } from './quantity.ts';

export interface FleetRowEvents {
  readonly open: () => void;
  readonly way: (way: NonNullable<FleetBox['way']>) => void;
}

const DOTS: Readonly<Record<FleetBox['tone'], string>> = { ok: '', warn: 'warn', bad: 'bad', off: 'off' };
/** Tiles in one line: so many a box has as a rule, and free blocks of several boxes stand below one another. */
export const TILES_IN_LINE = 8;

export function fleetRow(box: FleetBox, now: number, events: FleetRowEvents): TemplateResult {
  const { key, title, tone, isRead, tiles } = box;
  return html`<div
      class="row box ${isRead ? '' : 'old'} ${tiles.length > TILES_IN_LINE ? 'two' : ''}"
      role="row"
      tabindex="-1"
      data-key=${key === '' ? ' here' : key}
      aria-label=${spokenWords(box, now)}
      data-vscode-context=${JSON.stringify({ webviewSection: key === '' ? 'here' : 'box', machine: key, preventDefaultContextMenuItems: true })}
      @click=${events.open}
    >
      <div class="who" role="gridcell">
        <div class="title"><i class="dot ${DOTS[tone]}"></i><b class="ell" title=${title}>${title}</b>${key === '' ? html`<span class="badge">this window</span>` : nothing}</div>
        <div class="dim ell cards" title=${box.cards}>${box.cards === '' ? 'GPUs not known' : box.cards}</div>
        <div class="ell note-line ${tone}" title=${box.note}>${noteView(box, now)}</div>
      </div>
      ${tiles.length === 0 && !isRead ? messageView(box) : html`<div class="tiles" role="gridcell">${tiles.map((tile) => tileView(tile, isRead))}</div>`}
      ${isRead ? loadView(box) : tiles.length === 0 ? nothing : staleView(box)}
      <div class="end" role="gridcell">${endView(box, events)}</div>
    </div>`;
}

function noteView({ note, noteIcon, seen, isRead, key }: FleetBox, now: number): TemplateResult | string {
  if (note === '') {
    return key === '' || seen === null || !isRead ? '' : html`<span class="dim">seen ${age(now - seen)} ago</span>`;
  }
  const icons = { heat: [flameIcon, 'red'], error: [errorIcon, 'red'], stale: [watchIcon, 'yellow'] } as const;
  const [svg, tone] = noteIcon === 'none' ? [] : icons[noteIcon];
  return html`${svg === undefined ? nothing : icon(svg, tone)}${note}`;
}

function tileView({ label, tone, who, busy, idle, lost, hover }: FleetTile, isRead: boolean): TemplateResult {
  const part = known(busy);
  return html`<span class="tile t-${tone} ${isRead ? '' : 'was'} ${lost ? 'lost' : ''}" title=${hover}>
    <span class="up"><span>${label}</span><span>${tone === 'free' || !isRead || lost ? nothing : cell(busy, (percent) => `${whole(percent)}%`)}</span></span>
    <span class="ell holder">${who}</span>
    ${tone === 'free' || !isRead || lost ? nothing : html`<span class="load ${idle ? 'idle' : ''}">${part === undefined || idle ? nothing : html`<i .style=${percentWide(part)}></i>`}</span>`}
  </span>`;
}

function loadView({ cpu, memory }: FleetBox): TemplateResult {
  const line = (title: string, value: Measured<number>) =>
    html`<span class="dim">${title}</span><span class="bar ${isAbsent(value) ? 'hatch' : ''}">${isAbsent(value) ? nothing : html`<i class="p" .style=${percentWide(value)}></i>`}</span><span class="r">${cell(value, (percent) => `${whole(percent)}%`)}</span>`;
  return html`<div class="loads" role="gridcell">${line('CPU', cpu)}${line('Memory', memory)}</div>`;
}

/** Beside tiles that are old. */
function staleView({ message, said }: FleetBox): TemplateResult {
  return html`<div class="why dim" role="gridcell" title=${said ?? nothing}>${message}</div>`;
}

function messageView({ message, said, way }: FleetBox): TemplateResult {
  return html`<div class="message dim" role="gridcell" title=${said ?? nothing}>${way === 'signIn' ? icon(lockIcon) : nothing}<span>${message}</span></div>`;
}

function endView({ way, free, isRead, tiles }: FleetBox, events: FleetRowEvents): TemplateResult | typeof nothing {
  if (way !== null) {
    const act = (event: Event): void => {
      // The row itself opens the box.
      event.stopPropagation();
      events.way(way);
    };
    return way === 'signIn' ? html`<button class="button small" data-action="signIn" @click=${act}>${icon(signInIcon)}Sign in…</button>` : html`<button class="link" data-action="retryBox" @click=${act}>Retry</button>`;
  }
  if (free === null) {
    return isRead && tiles.length === 0 ? nothing : html`<span class="count unk">–</span><span class="dim">free unknown</span>`;
  }
  return html`<span class="count ${free > 0 ? 'free' : 'dim'}">${free}</span><span class="dim">${free === 1 ? 'GPU' : 'GPUs'} free</span>`;
}

function spokenWords({ title, key, cards, note, isRead, tiles, free, seen, message }: FleetBox, now: number): string {
  const held = isRead ? tiles.map(({ label, who, busy }) => `GPU ${label} ${who}${isAbsent(busy) || who === 'free' ? '' : ` ${whole(busy)} percent`}`) : [];
  return [
    `${title}${key === '' ? ', this window' : ''}`,
    ...(cards === '' ? [] : [cards]),
    ...(note === '' ? [] : [note]),
    ...(isRead && free !== null ? [`${free} free`] : []),
    ...(isRead && seen !== null && key !== '' ? [`seen ${age(now - seen)} ago`] : []),
    ...held,
    ...(message === null ? [] : [message]),
  ].join(', ');
}
