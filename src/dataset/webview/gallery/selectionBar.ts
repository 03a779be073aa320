import convertIcon from '@vscode/codicons/src/icons/wand.svg' with { type: 'text' };
import dashIcon from '@vscode/codicons/src/icons/dash.svg' with { type: 'text' };
import exportIcon from '@vscode/codicons/src/icons/export.svg' with { type: 'text' };
import syncIcon from '@vscode/codicons/src/icons/sync.svg' with { type: 'text' };
import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCount } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import type { GalleryAction } from './protocol.ts';

export interface SelectionBarState {
  readonly count: number;
  readonly total: number;
  readonly bytes: number | undefined;
  /** Selected items that the filter leaves out; null where that is not known. */
  readonly hidden: number | null;
  readonly actions: readonly GalleryAction[];
}

/** What the next action is for: what is selected, or else all that match. */
export function selectionBar({ count, total, bytes, hidden, actions }: SelectionBarState, act: (action: GalleryAction) => void, clear: () => void): TemplateResult {
  const button = (action: GalleryAction, label: string, svg: string, main = false) =>
    actions.includes(action)
      ? html`<button class="button ${main ? 'main' : ''}" data-action=${action} aria-disabled=${total === 0 ? 'true' : nothing} @click=${() => total > 0 && act(action)}>${icon(svg)}<span class="word">${label}</span></button>`
      : nothing;
  return html`<footer class="selection" data-region="selection">
    ${count === 0
      ? html`<span class="dim number">${total === 0 ? 'Nothing to act on.' : `Nothing selected: actions take all ${formatCount(total)} that match.`}</span>`
      : html`<button class="tick on" title="Clear selection" aria-label="Clear selection" @click=${clear}>${icon(dashIcon)}</button>
          <b class="number">${formatCount(count)} selected</b>
          <span class="dim number meta">of ${formatCount(total)}${bytes === undefined ? '' : ` · ${formatBytes(bytes)}`}${hidden === null || hidden === 0 ? '' : ` · ${formatCount(hidden)} hidden by the filter`}</span>
          <span class="dim escape"><kbd>Esc</kbd> clear</span>`}
    <span class="space"></span>
    ${button('export', 'Export manifest…', exportIcon)}${button('sync', 'Sync…', syncIcon)}${button('convert', 'Convert…', convertIcon, true)}
  </footer>`;
}
