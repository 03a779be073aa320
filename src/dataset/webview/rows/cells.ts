import { html, nothing, svg } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { annotationsIcon, eyeIcon, playIcon, soundIcon, warningIcon } from '../../../webview/icons.ts';
import type { ShownCell, ShownMedium } from './protocol.ts';
import type { Thumb } from './thumbs.ts';

export interface MediaDrawing {
  thumb(index: number, nth: number): Thumb | undefined;
  open(index: number, nth: number): void;
}

/** What stands in a cell. */
export function cellView(cell: ShownCell | undefined, index: number, media: MediaDrawing): unknown {
  if (cell === undefined) {
    return nothing;
  }
  switch (cell.is) {
    case 'text':
      return cell.text === '' ? html`<i class="unknown">empty</i>` : html`<span class="words">${cell.text}</span>${cell.length === undefined ? nothing : html`<span class="more">… ${formatCount(cell.length)} characters</span>`}`;
    case 'number':
      return html`<span class="figure number">${cell.text}</span>`;
    case 'flag':
      return html`<span class="figure">${cell.text}</span>`;
    case 'null':
      return html`<i class="unknown">null</i>`;
    case 'missing':
      return html`<span class="dim" aria-label="not in this row">–</span>`;
    case 'list':
      return html`<span class="count">[${formatCount(cell.count)}]</span><span class="words">${cell.text}</span>`;
    case 'struct':
      return html`<span class="words struct">${cell.text}</span>`;
    case 'bytes':
      return html`<i class="unknown">${cell.text}</i>`;
    case 'absent':
      return html`<i class="unknown" title=${cell.reason}>not read: ${cell.reason}</i>`;
    case 'media':
      return html`${cell.media.map((medium) => mediumView(medium, index, media))}${cell.count > cell.media.length ? html`<span class="more">+${formatCount(cell.count - cell.media.length)}</span>` : nothing}`;
  }
}

/** A medium of a row: its picture or its waveform, and a dashed box where its file is not there. */
export function mediumView(medium: ShownMedium, index: number, media: MediaDrawing): TemplateResult {
  const { kind, name, found, nth } = medium;
  if (!found) {
    return html`<span class="medium lost" title="${name} is not there">${icon(warningIcon, 'error')}<span class="name">${name}</span></span>`;
  }
  const thumb = media.thumb(index, nth);
  return html`<button class="medium ${kind}" tabindex="-1" title="Open ${name}" aria-label="Open ${name}" @click=${(event: Event) => {
    event.stopPropagation();
    media.open(index, nth);
  }}>${picture(medium, thumb)}</button>`;
}

function picture({ kind, name }: ShownMedium, thumb: Thumb | undefined): unknown {
  if (thumb !== undefined && 'url' in thumb) {
    return html`<img src=${thumb.url} alt="" draggable="false" />${kind === 'video' ? html`<span class="badge">${icon(playIcon)}</span>` : nothing}`;
  }
  if (thumb !== undefined && 'levels' in thumb) {
    return html`${icon(playIcon)}${wave(thumb.levels)}`;
  }
  const sign = kind === 'audio' ? soundIcon : kind === 'video' ? playIcon : kind === 'image' ? eyeIcon : annotationsIcon;
  const words = thumb !== undefined && 'words' in thumb && thumb.words !== '' ? thumb.words : undefined;
  return html`<span class="stand-in" title=${words ?? nothing}>${icon(sign)}</span>${kind === 'image' ? nothing : html`<span class="name">${name}</span>`}`;
}

const WIDE = 100;
const HIGH = 20;

/** Peaks about the middle, of at most a hundred steps. */
function wave(levels: Uint8Array): TemplateResult {
  const steps = Math.floor(levels.length / 2);
  const shown = Math.min(WIDE, steps);
  const bars = Array.from({ length: shown }, (_, index) => {
    const from = Math.floor((index * steps) / shown);
    const to = Math.max(from + 1, Math.floor(((index + 1) * steps) / shown));
    let peak = 0;
    for (let step = from; step < to; step++) {
      peak = Math.max(peak, levels[step * 2] ?? 0);
    }
    const height = Math.max(0.6, (peak / 255) * HIGH);
    return `M${((index + 0.5) * WIDE) / shown} ${(HIGH - height) / 2}v${height}`;
  });
  return html`<svg class="wave" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" aria-hidden="true">${svg`<path d=${bars.join('')}></path>`}</svg>`;
}
