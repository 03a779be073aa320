import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCountOf } from '../../base/format.ts';
import { icon } from '../../webview/icon.ts';
import { closeIcon, filterIcon } from '../../webview/icons.ts';
import { cell, quantity } from './cells.ts';
import { arrowDownIcon, arrowUpIcon, personIcon } from './icons.ts';
import type { ProcessColumn, Sorting } from './processOrder.ts';
import type { Head, ProcessRow, ProcessScope } from './protocol.ts';
import { gibibytes, rateQuantity, runtime, whole } from './quantity.ts';

export interface ProcessTableState {
  /** In order, as they are shown. */
  readonly rows: readonly ProcessRow[];
  /** Before the filter. */
  readonly all: readonly ProcessRow[];
  readonly head: Head;
  readonly time: number;
  readonly sorting: Sorting;
  readonly filter: string;
  readonly mineOnly: boolean;
  readonly scope: ProcessScope;
  readonly selected: ReadonlySet<string>;
  /** `as of 03:12:00` in playback. */
  readonly asOf: string | undefined;
}

export interface ProcessTableEvents {
  sort(column: ProcessColumn): void;
  filter(text: string): void;
  mineOnly(only: boolean): void;
  scope(scope: ProcessScope): void;
  select(key: string): void;
  hold(held: boolean): void;
}

const COLUMNS: readonly (readonly [column: ProcessColumn, title: string, right: boolean])[] = [
  ['pid', 'PID', true],
  ['user', 'User', false],
  ['command', 'Command', false],
  ['gpus', 'GPUs', false],
  ['vram', 'VRAM', true],
  ['gpu', 'GPU %', true],
  ['cpu', 'CPU %', true],
  ['memory', 'RSS', true],
  ['read', 'Read', true],
  ['written', 'Write', true],
  ['started', 'Runtime', true],
];

export function processTable(state: ProcessTableState, events: ProcessTableEvents): TemplateResult {
  const { head, rows, sorting, asOf } = state;
  return html`<header class="sh">
      <h2>Processes</h2>
      <span class="ell">${asOf === undefined ? '' : `${asOf} · `}${countWords(state)}</span>
      <span class="sp"></span>
      ${head.hasGpus ? segment('Which processes', [['gpu', 'Using GPUs'], ['all', 'All']], state.scope, (value) => events.scope(value as ProcessScope)) : nothing}
      ${segment('Whose processes', [['everyone', 'All users'], ['mine', 'Mine']], state.mineOnly ? 'mine' : 'everyone', (value) => events.mineOnly(value === 'mine'))}
      <div class="input">
        ${icon(filterIcon)}
        <input type="text" aria-label="Filter by user, command, GPU" placeholder="Filter by user, command, GPU" spellcheck="false" .value=${state.filter} @input=${(event: InputEvent) => events.filter((event.target as HTMLInputElement).value)} />
        ${state.filter === '' ? nothing : html`<button class="icon-button" title="Clear filter" aria-label="Clear filter" @click=${() => events.filter('')}>${icon(closeIcon)}</button>`}
      </div>
    </header>
    <div class="procs" role="grid" aria-label="Processes" aria-rowcount=${rows.length + 1}>
      <div class="row th" role="row">
        <span role="columnheader" class="c-who"><span class="spoken">Whose</span></span>
        ${COLUMNS.map(
          ([column, title, right]) =>
            html`<span role="columnheader" class="c-${column} ${right ? 'r' : ''}" aria-sort=${sorting.column === column ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
              ><button class="head-button" data-column=${column} @click=${() => events.sort(column)}>${title}${sorting.column === column ? icon(sorting.descending ? arrowDownIcon : arrowUpIcon) : nothing}</button></span
            >`,
        )}
      </div>
      <div
        class="body"
        role="rowgroup"
        @pointerenter=${() => events.hold(true)}
        @pointerleave=${() => events.hold(false)}
        @focusin=${() => events.hold(true)}
        @focusout=${(event: FocusEvent) => events.hold((event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null))}
      >
        ${rows.length === 0 ? html`<p class="none dim">${noneWords(state)}</p>` : nothing}
        ${repeat(
          rows,
          ({ key }) => key,
          (row) => processRow(row, state, events),
        )}
      </div>
    </div>
    ${head.hiddenProcesses === null ? nothing : html`<p class="foot dim">${head.hiddenProcesses}</p>`}`;
}

function processRow(row: ProcessRow, { time, selected, head }: ProcessTableState, events: ProcessTableEvents): TemplateResult {
  const mine = row.owner === 'workspace' || row.owner === 'mine';
  const whose = row.owner === 'workspace' ? 'Of this workspace' : mine ? 'Yours' : '';
  return html`<div
    class="row p ${mine ? 'mk' : ''} ${selected.has(row.key) ? 'sel' : ''}"
    role="row"
    tabindex="-1"
    data-key=${row.key}
    aria-selected=${selected.has(row.key)}
    data-vscode-context=${JSON.stringify({ webviewSection: sectionOf(row, head.key), process: row.key, machine: head.key, preventDefaultContextMenuItems: true })}
    @click=${() => events.select(row.key)}
  >
    <span class="c-who" role="gridcell">${mine ? html`<span title=${whose}>${icon(personIcon, row.owner)}</span><span class="spoken">${whose}</span>` : nothing}</span>
    <span class="r dim c-pid" role="gridcell">${row.pid}${row.more > 0 ? `+${row.more}` : ''}</span>
    <span class="c-user ell ${mine ? 'b' : ''} ${row.owner === 'hidden' ? 'dim' : ''}" role="gridcell" title=${row.user}>${row.user}</span>
    <span class="c-command mono" role="gridcell" title=${`${row.command}${row.note === '' ? '' : `\n${row.note}`}`}
      ><span class="ell">${row.command}</span>${row.note === '' ? nothing : html`<span class="dim note-words">${row.note}</span>`}</span
    >
    <span class="c-gpus ell" role="gridcell">${row.gpus}</span>
    <span class="r c-vram" role="gridcell">${cell(row.vram, (bytes) => quantity({ digits: gibibytes(bytes), unit: 'GiB' }))}</span>
    <span class="r c-gpu" role="gridcell">${cell(row.gpu, (percent) => quantity({ digits: whole(percent), unit: '%' }))}</span>
    <span class="r c-cpu" role="gridcell">${cell(row.cpu, (percent) => quantity({ digits: whole(percent), unit: '%' }))}</span>
    <span class="r c-memory" role="gridcell" title=${row.note.includes('+') || row.more > 0 ? 'Of all its processes; pages that they share are counted more than once' : nothing}>${cell(row.memory, (bytes) => quantity({ digits: gibibytes(bytes), unit: 'GiB' }))}</span>
    <span class="r c-read" role="gridcell">${cell(row.read, (rate) => quantity(rateQuantity(rate)))}</span>
    <span class="r c-written" role="gridcell">${cell(row.written, (rate) => quantity(rateQuantity(rate)))}</span>
    <span class="r c-started" role="gridcell">${row.started === null ? nothing : runtime((time - row.started) / 1000)}</span>
  </div>`;
}

/** Which menu it has: to a process of a box less can be done from here. */
function sectionOf({ owner }: ProcessRow, machine: string): string {
  if (owner === 'hidden') {
    return 'hiddenProcess';
  }
  return machine !== '' ? 'boxProcess' : owner === 'others' ? 'process' : 'ownProcess';
}

export function segment(label: string, choices: readonly (readonly [value: string, title: string])[], chosen: string, choose: (value: string) => void): TemplateResult {
  return html`<div class="seg" role="group" aria-label=${label}>
    ${choices.map(([value, title]) => html`<button class=${value === chosen ? 'on' : ''} aria-pressed=${value === chosen} data-value=${value} @click=${() => choose(value)}>${title}</button>`)}
  </div>`;
}

function countWords({ rows, all, scope, head }: ProcessTableState): string {
  if (head.noProcesses !== null) {
    return '';
  }
  const using = all.filter(({ vram }) => vram !== null).reduce((sum, { more }) => sum + 1 + more, 0);
  const shown = rows.length === all.length ? '' : `${rows.length} of `;
  return scope === 'gpu' && head.hasGpus ? `${shown}${using} using GPUs${head.grouped ? `, in ${all.length} ${all.length === 1 ? 'group' : 'groups'}` : ''}` : `${shown}${formatCountOf(all.length, 'process', 'processes')}`;
}

function noneWords({ all, head, mineOnly, filter }: ProcessTableState): string {
  if (head.noProcesses !== null) {
    return `Processes are not known: ${head.noProcesses}`;
  }
  if (all.length === 0) {
    return head.hasGpus ? 'No process uses a GPU.' : 'No process to show.';
  }
  return filter !== '' ? 'No process matches the filter.' : mineOnly ? 'None of them is yours.' : '';
}
