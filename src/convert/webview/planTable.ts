import { html } from 'lit/html.js';
import { formatBytes, formatExactBytes } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { icon } from '../../webview/icon.ts';
import { addedIcon, cancelledIcon, changedIcon, skipIcon } from '../../webview/icons.ts';
import { relativePath } from '../../webview/pathParts.ts';
import { pathText } from '../../webview/pathText.ts';
import type { Column } from '../../webview/virtualTable.ts';
import { ACTION_WORDS } from './planWords.ts';
import type { PlanRow, RowAction } from './protocol.ts';

const ICONS: Readonly<Record<RowAction, string>> = { write: addedIcon, replace: changedIcon, skip: skipIcon, refuse: cancelledIcon };

/** The columns of a plan. `folders` gives what the paths are shown relative to. */
export function planColumns(folders: () => { readonly base: string; readonly output: string }): readonly Column<PlanRow>[] {
  return [
    { id: 'action', title: 'Action', cell: ({ action }) => html`${icon(ICONS[action], action)}<span class="word">${ACTION_WORDS[action]}</span>` },
    { id: 'source', title: 'Source', cell: ({ input }) => pathText(relativePath(input, folders().base), input) },
    {
      id: 'output',
      title: 'Output',
      cell: ({ output }) => (output === undefined ? html`<span class="unknown">none</span>` : pathText(relativePath(output, folders().output), output)),
    },
    { id: 'was', title: 'Was', cell: ({ size }) => html`<span title=${formatExactBytes(size)}>${formatBytes(size)}</span>` },
    { id: 'engine', title: 'Engine', cell: ({ engine }) => engine ?? '–' },
    {
      id: 'reason',
      title: 'Reason',
      cell: ({ action, reason }) => html`<span class=${action === 'refuse' ? 'error' : 'dim'} title=${printable(reason)}>${printable(reason)}</span>`,
    },
  ];
}
