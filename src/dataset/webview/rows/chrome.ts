import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../../base/absent.ts';
import { formatBytes, formatCount, formatPercent } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { closeIcon, errorIcon, warningIcon } from '../../../webview/icons.ts';
import { placed } from './inspector.ts';
import type { Tab } from './inspector.ts';
import type { RowsState } from './protocol.ts';

/** Where the person was, to be found again when the page is shown anew. */
export interface Kept {
  readonly offset: number;
  readonly active: number;
  readonly chosen: readonly string[] | null;
  readonly tab: Tab;
  readonly inspecting: boolean;
}

export interface Notes {
  /** Of the file as a whole. */
  readonly problem: RowsState['problem'];
  readonly remark: string | undefined;
  /** Why the rows in view could not be had. */
  readonly rowsProblem: string | undefined;
}

/** Lines above the table. */
export function notes({ problem, remark, rowsProblem }: Notes, actions: { dismiss(): void; retry(): void }): TemplateResult {
  return html`${problem === undefined ? nothing : html`<div class="remark wide">${icon(warningIcon, 'warning')}<span>${placed(problem)}</span></div>`}
  ${remark === undefined
    ? nothing
    : html`<div class="remark wide">
        <span>${remark}</span>
        <button class="icon-button" title="Dismiss" aria-label="Dismiss" @click=${() => actions.dismiss()}>${icon(closeIcon)}</button>
      </div>`}
  ${rowsProblem === undefined ? nothing : html`<div class="remark wide">${icon(errorIcon, 'error')}<span>${rowsProblem}</span><button class="button small" @click=${() => actions.retry()}>Try again</button></div>`}`;
}

/** From how many rows the heads of columns tell, and how they tell it from all. */
export function sumState({ summed, rows }: RowsState, summedRows: number, sumAll: (stop: boolean) => void): TemplateResult {
  if (summed !== undefined) {
    return html`<span>${formatCount(summed)} of ${formatCount(rows)} rows summed</span><button class="link" @click=${() => sumAll(true)}>Stop</button>`;
  }
  if (summedRows === Infinity) {
    return html`<span>columns summed over all rows</span>`;
  }
  return html`<span>columns summed over the first ${formatCount(summedRows)} rows</span><button class="link" @click=${() => sumAll(false)}>Sum all</button>`;
}

export function metaOf({ rows, total, estimate, size, indexed }: RowsState): string {
  if (!isAbsent(total)) {
    return `${formatCount(rows)} rows · ${formatBytes(size)}`;
  }
  const about = estimate ? `~${formatCount(estimate.rows)} rows` : 'counting rows';
  return `${about} · ${formatBytes(size)} · ${formatPercent(size > 0 ? indexed / size : 1)} indexed`;
}

