import emptyIcon from '@vscode/codicons/src/icons/folder-opened.svg' with { type: 'text' };
import filterIcon from '@vscode/codicons/src/icons/filter.svg' with { type: 'text' };
import problemIcon from '@vscode/codicons/src/icons/error.svg' with { type: 'text' };
import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { icon } from '../../../webview/icon.ts';
import type { GallerySummary } from './protocol.ts';
import { hasFailed } from './words.ts';

export interface EmptyState {
  readonly summary: GallerySummary | undefined;
  readonly total: number | undefined;
  readonly filter: string;
  readonly hasFilterProblem: boolean;
  /** Why the items could not be had. */
  readonly problem: string | undefined;
}

export interface EmptyEvents {
  readonly clearFilter: () => void;
  readonly retry: () => void;
}

/** What stands in the grid's place where there is nothing to be shown; `nothing` where there is, or may be soon. */
export function emptyView({ summary, total, filter, hasFilterProblem, problem }: EmptyState, { clearFilter, retry }: EmptyEvents): TemplateResult | typeof nothing {
  const failed = problem ?? (summary !== undefined && hasFailed(summary) ? summary.problem : undefined);
  if (failed !== undefined) {
    return page(problemIcon, 'The dataset could not be read', failed, html`<button class="button" @click=${retry}>Try Again</button>`);
  }
  if (total !== 0 || summary === undefined) {
    return nothing;
  }
  if (hasFilterProblem) {
    return page(filterIcon, 'The filter is not understood', 'What is wrong is underlined in it.', html`<button class="button" @click=${clearFilter}>Clear Filter</button>`);
  }
  if (filter !== '' && summary.items > 0) {
    return page(filterIcon, 'Nothing matches', html`<code>${filter}</code>`, html`<button class="button" @click=${clearFilter}>Clear Filter</button>`);
  }
  if (summary.state === 'walking') {
    return nothing;
  }
  const looked = summary.skipped.length > 0 ? summary.skipped.join(' · ') : 'Images, audio, video, text and sensor data would be shown here.';
  return page(emptyIcon, 'There is nothing in it', looked, html`<button class="button" @click=${retry}>Look Again</button>`);
}

function page(svg: string, title: string, words: unknown, actions: TemplateResult): TemplateResult {
  return html`<div class="empty">${icon(svg, 'large')}<h2>${title}</h2><p class="dim">${words}</p><div class="buttons">${actions}</div></div>`;
}
