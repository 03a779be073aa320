import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { printable } from '../../base/printable.ts';
import { icon } from '../../webview/icon.ts';
import { cancelledIcon, errorIcon, passIcon, refreshIcon, stopIcon, syncIcon, undoIcon, waitingIcon, warningIcon } from '../../webview/icons.ts';
import { meter } from '../../webview/meter.ts';
import type { BoxLine, BoxPhase, PlanFacts } from './planProtocol.ts';
import type { PlanViewEvents } from './planView.ts';

const ICONS: Readonly<Record<BoxPhase, readonly [svg: string, className: string]>> = {
  planning: [syncIcon, 'active turning'],
  planned: [waitingIcon, ''],
  problem: [errorIcon, 'error'],
  running: [syncIcon, 'active turning'],
  waiting: [warningIcon, 'warning'],
  done: [passIcon, 'done'],
  partial: [warningIcon, 'warning'],
  cancelled: [cancelledIcon, ''],
};

/** How far each box is. One box that only has its plan needs no line: all is said above. */
export function boxLines({ boxes }: PlanFacts, events: Pick<PlanViewEvents, 'act'>): TemplateResult | typeof nothing {
  if (boxes.length === 1 && (boxes[0]?.phase === 'planned' || boxes[0]?.phase === 'planning' || boxes[0]?.phase === 'problem')) {
    return nothing;
  }
  return html`<section class="boxes number" aria-label="Boxes" data-region>${boxes.map((line) => boxLine(line, events))}</section>`;
}

function boxLine({ box, phase, words, fraction, pace, remedy, canUndo }: BoxLine, events: Pick<PlanViewEvents, 'act'>): TemplateResult {
  const [svg, className] = ICONS[phase];
  const button = (label: string, glyph: string, command: Parameters<PlanViewEvents['act']>[0]) =>
    html`<button class="icon-button" title=${label} aria-label=${`${label}: ${box}`} @click=${() => events.act(command, box)}>${icon(glyph)}</button>`;
  return html`<div class="line">
    ${icon(svg, className)}
    <span class="box">${printable(box)}</span>
    ${meter({ label: `Progress of ${box}`, fraction, failed: phase === 'problem' || phase === 'partial' ? 1 : 0, text: words })}
    <span class="words ${phase === 'problem' ? 'error' : phase === 'waiting' || phase === 'partial' ? 'warning' : ''}" title=${printable(words)}>${printable(words)}</span>
    <span class="pace dim">${pace ?? ''}</span>
    <span class="tools">
      ${phase === 'running' || phase === 'waiting' || phase === 'planning' ? button('Stop', stopIcon, 'cancel') : nothing}
      ${remedy === undefined ? nothing : html`<button class="button small" @click=${() => events.act(remedy, box)}>${REMEDIES[remedy]}</button>`}
      ${phase === 'partial' || phase === 'cancelled' ? button('Plan again', refreshIcon, 'replan') : nothing}
      ${canUndo ? button('Undo this sync', undoIcon, 'undo') : nothing}
    </span>
  </div>`;
}

const REMEDIES = { signIn: 'Sign In…', retry: 'Try Again', copyInstall: 'Copy Install Command' } as const;
