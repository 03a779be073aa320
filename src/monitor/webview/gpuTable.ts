import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { isAbsent, known } from '../../base/absent.ts';
import { icon } from '../../webview/icon.ts';
import { copyIcon, errorIcon } from '../../webview/icons.ts';
import { cell, percentWide, quantity, unknown } from './cells.ts';
import type { HistoryGrid } from './historyGrid.ts';
import { flameIcon, idleIcon, tableIcon, zapIcon } from './icons.ts';
import { share } from './model.ts';
import { LIMIT_VALUES, gpuSeries } from './protocol.ts';
import type { GpuRow, Head, LimitKind, SliceRow } from './protocol.ts';
import { gibibytes, memoryQuantity, rateQuantity, whole } from './quantity.ts';
import { samplesTable } from './samplesTable.ts';

export interface GpuTableState {
  readonly rows: readonly GpuRow[];
  readonly head: Head;
  readonly grid: HistoryGrid;
  /** Under the last row: where the window begins, its thirds, where it ends. */
  readonly axis: readonly string[];
  readonly windowWords: string;
  readonly selected: ReadonlySet<string>;
  readonly open: string | undefined;
  /** The samples stand under it as a table. */
  readonly asTable: boolean;
}

export interface GpuTableEvents {
  toggle(key: string): void;
  readonly toggleTable: () => void;
  copy(key: string): void;
}

const LIMIT_WORDS: Readonly<Record<LimitKind, string>> = { heat: 'Thermal', brake: 'Power brake', slowdown: 'Hardware', power: 'Power cap' };

export function gpuTable(state: GpuTableState, events: GpuTableEvents): TemplateResult {
  const { rows, head } = state;
  const limits = new Set(rows.map(({ powerLimit }) => known(powerLimit)));
  const [limit] = limits;
  const oneLimit = limits.size === 1 && limit !== undefined ? `, limit ${whole(limit)} W` : '';
  return html`<header class="sh">
      <h2>GPUs</h2>
      <span class="ell">${[head.counts, head.sums].filter((text) => text !== '').join(' — ')}</span>
      <span class="legend">${legend('mine')}${legend('others')}${legend('free')}${rows.some(({ busy }) => isAbsent(busy)) ? legend('unknown') : nothing}${rows.some(({ busy, power }) => isAbsent(busy) && !isAbsent(power)) ? html`<span class="lg"><i class="dash"></i>power, shown where busy is unknown</span>` : nothing}</span>
      <button class="icon-button small" aria-pressed=${state.asTable} title="Show as table" aria-label="Show as table" data-action="table" @click=${events.toggleTable}>${icon(tableIcon)}</button>
    </header>
    <div class="gpus ${rows.length > 8 ? 'dense' : ''}" role="grid" aria-label="GPUs">
      <div class="row th" role="row">
        <span role="columnheader">GPU</span><span role="columnheader">Held by</span>
        <span role="columnheader" class="c-hist">Busy, share of time</span><span role="columnheader" class="r">Busy</span>
        <span role="columnheader" class="c-vram">VRAM</span><span role="columnheader" class="c-power">Power<span class="limit-words">${oneLimit}</span></span>
        <span role="columnheader" class="r c-temp">Temp</span><span role="columnheader" class="r c-clock">SM / mem MHz</span>
        <span role="columnheader" class="c-limit">Limited by</span><span role="columnheader" class="c-state">State</span>
      </div>
      ${repeat(
        rows,
        ({ key }) => key,
        (row) => gpuRowView(row, state, events),
      )}
      <div class="row axis-row" aria-hidden="true"><div class="axis">${state.axis.map((words) => html`<span>${words}</span>`)}</div></div>
    </div>
    ${state.asTable ? samplesTable(rows, state.grid) : nothing}`;
}

function legend(what: 'mine' | 'others' | 'free' | 'unknown'): TemplateResult {
  return html`<span class="lg"><i class="sw ${what}"></i>${what}</span>`;
}

function gpuRowView(row: GpuRow, state: GpuTableState, events: GpuTableEvents): TemplateResult {
  const open = state.open === row.key;
  const mine = row.tone === 'mine';
  const name = gpuSeries(row.key, 'busy');
  return html`<div
      class="row g ${mine ? 'mk' : ''} ${state.selected.has(row.key) ? 'sel' : ''} ${row.stateTone === 'unknown' ? 'off' : ''}"
      role="row"
      data-key=${row.key}
      aria-expanded=${open}
      aria-selected=${state.selected.has(row.key)}
      data-vscode-context=${JSON.stringify({ webviewSection: 'gpu', gpu: row.key, preventDefaultContextMenuItems: true })}
      title=${rowHover(row)}
      @click=${() => events.toggle(row.key)}
    >
      <span class="ix" role="rowheader">${row.label}</span>
      <span class="ell held" role="gridcell"
        >${row.tone === 'free' ? html`<b class="free">free</b>` : html`<span class=${mine ? 'b' : ''}>${row.who}</span> <span class="dim">${row.what}</span>`}</span
      >
      <span class="c-hist" role="gridcell">
        <div
          class="hist"
          role="img"
          aria-label=${historyLabel(row, state)}
          data-series=${name}
          data-top="100"
          data-unit="%"
          data-tone=${mine ? 'mine' : 'others'}
          data-lane=${gpuSeries(row.key, 'limit')}
          data-fallback=${gpuSeries(row.key, 'power')}
          data-fallback-top=${known(row.powerLimit) ?? 0}
        ></div>
      </span>
      <span class="r b c-busy" role="gridcell">${cell(row.busy, (busy) => quantity({ digits: whole(busy), unit: '%' }))}</span>
      <span class="vram c-vram" role="gridcell">${memoryBar(row)}<span class="r memory">${memoryWords(row)}</span></span>
      <span class="pw c-power" role="gridcell">${powerBar(row)}<span class="r">${cell(row.power, (watts) => quantity({ digits: whole(watts), unit: 'W' }))}</span></span>
      <span class="r c-temp ${row.hot ? 'hot' : ''}" role="gridcell">${cell(row.temperature, (degrees) => quantity({ digits: whole(degrees), unit: '°C' }))}</span>
      <span class="r c-clock" role="gridcell">${clocks(row)}</span>
      <span class="c-limit" role="gridcell">${chip(row, state.grid)}</span>
      <span class="c-state ell t-${row.stateTone}" role="gridcell">${row.stateTone === 'idle' ? icon(idleIcon, 'idle') : nothing}${row.state}</span>
    </div>
    ${row.slices.length > 0 ? html`<div class="mig ${mine ? 'mk' : ''}" role="row">${row.slices.map(sliceView)}</div>` : nothing}
    ${open ? details(row, events) : nothing}`;
}

function memoryBar(row: GpuRow): TemplateResult {
  if (known(row.memoryUsed) === undefined || known(row.memoryTotal) === undefined) {
    return html`<div class="bar hatch"></div>`;
  }
  if (row.slices.length > 0) {
    const total = known(row.memoryTotal) ?? 1;
    return html`<div class="bar">
      ${row.slices.map((slice) => html`<span class="slot" .style=${percentWide((100 * (known(slice.memoryTotal) ?? 0)) / total)}><i class=${slice.tone === 'mine' ? 'm' : 'o'} .style=${percentWide(share(slice.memoryUsed, slice.memoryTotal) ?? 0)}></i></span>`)}
    </div>`;
  }
  const total = known(row.memoryTotal) ?? 1;
  const used = known(row.memoryUsed) ?? 0;
  const unseen = row.hidden > 0 || row.tone === 'unknown' || row.mine + row.others === 0;
  // What a driver needs for itself beside what it tells of each process goes with the larger part.
  const own = unseen ? 0 : Math.max(0, used - row.mine - row.others);
  const mine = Math.min(row.mine + (row.mine >= row.others ? own : 0), used);
  const others = Math.min(row.others + (row.mine >= row.others ? 0 : own), used - mine);
  const part = (bytes: number) => percentWide((100 * bytes) / total);
  return html`<div class="bar">
    ${mine > 0 ? html`<i class="m" .style=${part(mine)}></i>` : nothing}${others > 0 ? html`<i class="o" .style=${part(others)}></i>` : nothing}${used - mine - others > 0
      ? html`<i class=${row.hidden > 0 || row.tone === 'unknown' ? 'x' : 'o'} .style=${part(used - mine - others)}></i>`
      : nothing}
  </div>`;
}

function memoryWords({ memoryUsed, memoryTotal, unified }: GpuRow): TemplateResult | string | typeof nothing {
  if (isAbsent(memoryUsed) && unified) {
    return html`<span class="dim" title="It uses the machine’s own memory">unified</span>`;
  }
  return cell(memoryUsed, (used) => html`${gibibytes(used)}${isAbsent(memoryTotal) ? nothing : html`<span class="u total">of ${gibibytes(memoryTotal)}</span>`}<span class="u">GiB</span>`);
}

function powerBar({ power, powerLimit }: GpuRow): TemplateResult {
  const part = share(power, powerLimit);
  if (part === undefined) {
    return isAbsent(power) ? html`<div class="bar hatch"></div>` : html`<div class="bar"></div>`;
  }
  return html`<div class="bar"><i class=${part >= 99 ? 'cap' : 'p'} .style=${percentWide(part)}></i><i class="lim"></i></div>`;
}

function clocks({ clock, memoryClock }: GpuRow): TemplateResult | string | typeof nothing {
  if (isAbsent(clock)) {
    return unknown(clock.absent);
  }
  return html`${whole(clock)}<span class="dim"> / ${isAbsent(memoryClock) ? unknown(memoryClock.absent) : whole(memoryClock)}</span>`;
}

function chip(row: GpuRow, grid: HistoryGrid): TemplateResult | typeof nothing {
  if (row.stateTone === 'bad') {
    return row.said === null ? nothing : html`<span class="chip red ell" title=${row.said}>${icon(errorIcon)}<span>${row.said}</span></span>`;
  }
  if (row.stateTone === 'unknown') {
    return nothing;
  }
  const name = gpuSeries(row.key, 'limit');
  const heat = grid.share(name, LIMIT_VALUES.heat) ?? 0;
  const any = grid.share(name, LIMIT_VALUES.power) ?? 0;
  const kind: LimitKind | undefined = row.limit ?? (heat >= 5 ? 'heat' : any >= 5 ? 'power' : undefined);
  if (kind === undefined) {
    return nothing;
  }
  const part = kind === 'power' ? any : kind === 'heat' ? heat : (grid.share(name, LIMIT_VALUES[kind]) ?? 0);
  const words = `${LIMIT_WORDS[kind]}${part >= 1 ? ` ${whole(part)}%` : ''}`;
  const now = row.limit === null ? 'Not now, but' : 'Now, and';
  return html`<span class="chip ${kind === 'power' ? 'yellow' : 'red'}" title=${`${now} for ${whole(part)}% of the window`}>${icon(kind === 'heat' ? flameIcon : zapIcon)}<span>${words}</span></span>`;
}

function sliceView({ profile, who, tone, memoryUsed, memoryTotal }: SliceRow): TemplateResult {
  return html`<span class="in" role="gridcell">
    <span>${profile}</span><span class="ell ${tone === 'free' ? 'free' : 'who'}" title=${who}>${who}</span>
    <span class="bar">${known(memoryUsed) === undefined ? nothing : html`<i class=${tone === 'mine' ? 'm' : 'o'} .style=${percentWide(share(memoryUsed, memoryTotal) ?? 0)}></i>`}</span>
    <span>${cell(memoryUsed, (used) => html`<b>${gibibytes(used)}</b> of ${cell(memoryTotal, gibibytes)} GiB`)}</span>
  </span>`;
}

function details(row: GpuRow, events: GpuTableEvents): TemplateResult {
  const percent = (value: GpuRow['encoder']) => cell(value, (part) => `${whole(part)}%`);
  const rate = (value: GpuRow['received']) => cell(value, (bytes) => `${rateQuantity(bytes).digits} ${rateQuantity(bytes).unit}`);
  const facts: readonly (readonly [string, unknown])[] = [
    ['Model', row.name],
    ['Encoder', percent(row.encoder)],
    ['Decoder', percent(row.decoder)],
    ['Memory busy', percent(row.memoryBusy)],
    ['Memory temperature', cell(row.memoryTemperature, (degrees) => `${whole(degrees)} °C`)],
    ['Fan', percent(row.fan)],
    ['PCIe', cell(row.link, (link) => link)],
    ['PCIe in', rate(row.received)],
    ['PCIe out', rate(row.sent)],
    ['Performance state', cell(row.performanceState, (state) => state)],
    ['Uncorrected errors', cell(row.errors, whole)],
    ...(row.hidden > 0 ? [['Held by processes that cannot be seen', `${memoryQuantity(row.hidden).digits} ${memoryQuantity(row.hidden).unit}`] as const] : []),
  ];
  return html`<div role="row"><div role="gridcell"><dl class="details">
    ${facts.map(([title, value]) => html`<div><dt>${title}</dt><dd>${value}</dd></div>`)}
    <div class="uuid">
      <dt>UUID</dt>
      <dd>
        <span class="mono">${row.key}</span>
        <button class="icon-button" title="Copy CUDA_VISIBLE_DEVICES" aria-label="Copy CUDA_VISIBLE_DEVICES" @click=${() => events.copy(row.key)}>${icon(copyIcon)}</button>
      </dd>
    </div>
  </dl></div></div>`;
}

/** What the narrow forms of the table leave out. */
function rowHover(row: GpuRow): string {
  const part = (title: string, value: GpuRow['power'], unit: string) => `${title} ${isAbsent(value) ? 'not known' : `${whole(value)}${unit}`}`;
  return [
    `GPU ${row.label} · ${row.name} · ${row.state}${row.said === null ? '' : ` · ${row.said}`}`,
    `${row.who} ${row.what}`.trim(),
    [part('power', row.power, ' W'), part('temperature', row.temperature, ' °C'), part('clock', row.clock, ' MHz')].join(', '),
    ...(row.limit === null ? [] : [`limited by: ${LIMIT_WORDS[row.limit].toLowerCase()}`]),
  ].join('\n');
}

function historyLabel(row: GpuRow, { grid, windowWords }: GpuTableState): string {
  const extent = grid.extent(gpuSeries(row.key, 'busy'));
  const now = isAbsent(row.busy) ? 'not known' : `${whole(row.busy)}%`;
  return `GPU ${row.label} busy, ${windowWords}, now ${now}${extent === undefined ? '' : `, lowest ${whole(extent.low)}%, highest ${whole(extent.high)}%`}`;
}

