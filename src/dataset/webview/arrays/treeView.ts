import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCount, formatExactBytes } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { shutIcon, warningIcon } from '../../../webview/icons.ts';
import type { ArrayFacts, ArrayRow } from './protocol.ts';
import type { TreeLine } from './treeRows.ts';

export interface TreeEvents {
  toggle(row: ArrayRow): void;
  choose(row: ArrayRow): void;
  more(path: string, from: number): void;
}

export function treeView(lines: readonly TreeLine[], chosen: string | undefined, events: TreeEvents): TemplateResult {
  return html`<div class="columns" role="presentation"><span>Array</span><span>Shape</span><span>Type</span><span class="size">Bytes</span></div>
    ${lines.map((line) => lineView(line, chosen, events))}`;
}

function lineView({ row, depth, open, more }: TreeLine, chosen: string | undefined, events: TreeEvents): TemplateResult {
  if (row === undefined) {
    return html`<div class="line more" role="row" aria-level=${depth + 1} .style=${`--depth:${depth}`} @click=${() => more && events.more(more.path, more.from)}>
      <span role="gridcell">${formatCount(more?.left ?? 0)} more, show some</span>
    </div>`;
  }
  const { array, group } = row;
  const act = () => (array === undefined ? events.toggle(row) : events.choose(row));
  return html`<div
    class="line ${array ? 'array' : 'group'} ${row.path === chosen && array ? 'chosen' : ''}"
    role="row"
    aria-level=${depth + 1}
    aria-expanded=${open ?? nothing}
    aria-selected=${array ? row.path === chosen : nothing}
    title=${row.path}
    .style=${`--depth:${depth}`}
    @click=${act}
  >
    <span class="name" role="gridcell">
      ${group === undefined
        ? html`<i class="twist"></i>`
        : html`<i
            class="twist ${open ? 'open' : ''}"
            @click=${(event: Event) => {
              event.stopPropagation();
              events.toggle(row);
            }}
            >${icon(shutIcon)}</i
          >`}
      <span class="text">${row.label}</span>
      ${array?.unreadable === undefined ? nothing : html`<span title=${array.unreadable}>${icon(warningIcon, 'warning')}</span>`}
    </span>
    ${array
      ? html`<span class="shape" role="gridcell">${isNothing(array) ? '' : shapeText(array.shape)}</span><span class="type" role="gridcell">${isNothing(array) ? '' : array.type}</span
          ><span class="size number" role="gridcell" title=${array.bytes === undefined ? nothing : formatExactBytes(array.bytes)}>${array.bytes === undefined ? '' : formatBytes(array.bytes)}</span>`
      : html`<span class="shape dim" role="gridcell">${group?.count === undefined ? '' : `${formatCount(group.count)} inside`}</span><span class="type dim" role="gridcell">${group?.types.join(' · ')}</span
          ><span class="size number dim" role="gridcell">${group?.bytes === undefined ? '' : formatBytes(group.bytes)}</span>`}
  </div>`;
}

/** What stands for a link, or for what is no array at all. */
function isNothing({ unreadable, shape, bytes }: ArrayFacts): boolean {
  return unreadable !== undefined && shape.length === 0 && bytes === undefined;
}

export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : `[${shape.join(', ')}]`;
}
