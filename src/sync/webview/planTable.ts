import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatExactBytes } from '../../base/format.ts';
import { icon } from '../../webview/icon.ts';
import { fileIcon, folderShutIcon, shutIcon } from '../../webview/icons.ts';
import type { Column, TreeRows } from '../../webview/virtualTable.ts';
import type { PlanRow } from './planProtocol.ts';
import { ACTION_WORDS, bytesWords, filesWords } from './planWords.ts';

export interface RowEvents {
  readonly setOpen: (row: PlanRow, open: boolean) => void;
  readonly tick: (row: PlanRow) => void;
  readonly keep: (row: PlanRow, side: 'source' | 'sink') => void;
  readonly compare: (row: PlanRow) => void;
}

/** Which side `source` and `sink` are, as a person says it. */
export interface Sides {
  readonly source: 'here' | 'there';
  readonly locked: boolean;
}

export function planColumns(sides: () => Sides, events: RowEvents): readonly Column<PlanRow>[] {
  return [
    { id: 'path', title: 'Path', cell: (row) => pathCell(row, sides().locked, events) },
    { id: 'action', title: 'Action', cell: ({ action }) => (action === undefined ? nothing : html`<span class=${action}>${ACTION_WORDS[action]}</span>`) },
    { id: 'files', title: 'Files', cell: filesWords },
    { id: 'bytes', title: 'To send', cell: (row) => html`<span title=${row.bytes === 0 ? nothing : formatExactBytes(Math.abs(row.bytes))}>${bytesWords(row)}</span>` },
    { id: 'remark', title: 'Note', cell: (row) => remarkCell(row, sides(), events) },
  ];
}

export function planTree(locked: () => boolean, { setOpen, tick }: RowEvents): TreeRows<PlanRow> {
  return {
    level: ({ depth }) => depth,
    open: ({ open }) => open,
    setOpen,
    checked: (row) => (row.tick === 'none' ? undefined : row.tick === 'mixed' ? 'mixed' : row.tick === 'on' ? 'true' : 'false'),
    toggle: (row) => !locked() && tick(row),
  };
}

function pathCell(row: PlanRow, locked: boolean, events: RowEvents): TemplateResult {
  const { name, depth, open, folder, tick, action } = row;
  return html`<span class="indent" .style=${`width:${depth * 16}px`}></span>
    <span class="twistie ${open === true ? 'open' : ''}" aria-hidden="true" @click=${() => open !== undefined && events.setOpen(row, !open)}>${open === undefined ? nothing : icon(shutIcon)}</span>
    <span class="box-of-tick" aria-hidden="true">${
      tick === 'none'
        ? html`<span class="tick none"></span>`
        : html`<span class="tick ${tick} ${locked ? 'locked' : ''}" @click=${() => !locked && events.tick(row)}></span>`
    }</span>
    ${icon(folder ? folderShutIcon : fileIcon, 'kind')}
    <span class="name ${action ?? ''} ${tick === 'off' ? 'off' : ''}" title=${name}>${name}</span>`;
}

function remarkCell(row: PlanRow, { source, locked }: Sides, events: RowEvents): TemplateResult {
  const words = html`<span class="words ${row.held ? 'warning' : 'dim'}" title=${row.note}>${row.held ? 'held back by the guard' : row.note}</span>`;
  if (locked) {
    return words;
  }
  const link = (label: string, run: () => void, pressed?: boolean) =>
    html`<button class="link" tabindex="-1" aria-pressed=${pressed ?? nothing} @click=${(event: Event) => {
      event.stopPropagation();
      run();
    }}>${label}</button>`;
  const compare = row.comparable ? link('Compare', () => events.compare(row)) : nothing;
  if (row.keeps === undefined) {
    return html`${words} ${compare}`;
  }
  const there = source === 'here' ? 'sink' : 'source';
  const here = source === 'here' ? 'source' : 'sink';
  return html`<span class="words warning" title=${row.note}>${row.note}</span> ${compare} ${link('Keep here', () => events.keep(row, here), row.keeps === here)}
    ${link('Keep there', () => events.keep(row, there), row.keeps === there)}`;
}
