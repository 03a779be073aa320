import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { printable } from '../../base/printable.ts';
import { icon } from '../../webview/icon.ts';
import { closeIcon, errorIcon } from '../../webview/icons.ts';

/** What went wrong with something that was asked for. */
export function problemNote(problem: string | undefined, dismiss: () => void): TemplateResult | typeof nothing {
  if (problem === undefined) {
    return nothing;
  }
  return html`<div class="note bad" role="alert">
    ${icon(errorIcon, 'error')}<span class="words">${printable(problem)}</span>
    <button class="icon-button" title="Dismiss" aria-label="Dismiss" @click=${dismiss}>${icon(closeIcon)}</button>
  </div>`;
}
