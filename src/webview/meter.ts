import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';

export interface MeterOptions {
  /** What is being measured, for a screen reader. */
  readonly label: string;
  /** 0 to 1; undefined where it is not known, and the track stays empty. */
  readonly fraction: number | undefined;
  /** The part of the whole that failed, 0 to 1: the red end of what is filled. */
  readonly failed?: number;
  /** Instead of a bare percentage. */
  readonly text?: string;
}

/** A progress bar. Its widths are set as properties: a style attribute would need a hole in the page's security policy. */
export function meter({ label, fraction, failed = 0, text }: MeterOptions): TemplateResult {
  const filled = Math.min(1, Math.max(0, fraction ?? 0));
  const red = Math.min(filled, failed);
  return html`<div
    class="meter"
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${fraction === undefined ? nothing : Math.floor(filled * 100)}
    aria-valuetext=${text ?? (fraction === undefined ? 'not known' : `${Math.floor(filled * 100)} %`)}
  >
    <i .style=${`width:${percent(filled - red)}`}></i>${red > 0 ? html`<i class="error" .style=${`width:${percent(red)}`}></i>` : ''}
  </div>`;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)}%`;
}
