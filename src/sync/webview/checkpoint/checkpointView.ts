import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCount, formatPercent } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { closeIcon, errorIcon, filterIcon, inspectorIcon, refreshIcon, shutIcon, stopIcon, warningIcon } from '../../../webview/icons.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { VirtualTable } from '../../../webview/virtualTable.ts';
import type { TableRows } from '../../../webview/virtualTable.ts';
import { axis, changeChart, dtypeBar, sizeChart } from './charts.ts';
import { inspectorView } from './inspector.ts';
import { layersOf } from './layers.ts';
import type { Layer } from './layers.ts';
import type { ChangeView, CheckpointHost, CheckpointPage, CheckpointView as View, ComparisonView, DifferenceKind, ValuesView, WorkView } from './protocol.ts';
import { flatLines, nameFilter, relativeChange, sortRows, treeLines } from './tensorTree.ts';
import type { Line, Sort } from './tensorTree.ts';
import { STATES, number, percent, shape } from './words.ts';

const SORTS: Readonly<Record<Sort, string>> = { file: 'file order', name: 'name', size: 'size', change: 'change' };
const KIND_WORDS: Readonly<Record<DifferenceKind, string>> = { alike: 'not compared', shape: 'shape differs', dtype: 'type differs', onlyHere: 'only here', onlyThere: 'only there' };
const WORK_WORDS: Readonly<Record<WorkView['kind'], string>> = { values: 'Checking values', change: 'Comparing values', bytes: 'Comparing hashes' };

/** The lines as they are at each moment. */
class Lines implements TableRows<Line> {
  constructor(private readonly lines: () => readonly Line[]) {}

  get total(): number {
    return this.lines().length;
  }

  at(index: number): Line | undefined {
    return this.lines()[index];
  }

  show(): void {
    // All of them are here.
  }
}

/** The page of a checkpoint: sizes by layer, its tensors, one of them looked at, and what differs from another checkpoint. */
export class CheckpointView {
  private view: View | undefined;
  private failure: { readonly name: string; readonly message: string } | undefined;
  private comparison: ComparisonView | undefined;
  private said: string | undefined;
  private work: WorkView | undefined;
  private readonly values = new Map<string, ValuesView>();
  private readonly changes = new Map<string, ChangeView>();
  private kinds: ReadonlyMap<string, DifferenceKind> = new Map();
  private layers: readonly Layer[] = [];
  /** In the order of the layers. */
  private layerChanges: readonly (number | undefined)[] = [];
  private largestChange = 0;
  private lines: readonly Line[] = [];
  private readonly open = new Set<string>();
  private filter = '';
  private sort: Sort = 'file';
  private asTree = true;
  private drawer = false;
  private active: Line | undefined;
  private readonly table: VirtualTable<Line>;
  private readonly host = connectHost<CheckpointHost, CheckpointPage>(
    {
      opened: (view) => this.onOpened(view as View),
      failed: (params) => {
        this.failure = params as { name: string; message: string };
        this.draw();
      },
      compared: (params) => this.onCompared(params as { view?: ComparisonView; said?: string }),
      values: (views) => {
        (views as readonly ValuesView[]).forEach((found) => this.values.set(found.name, found));
        this.refresh();
      },
      changes: (views) => {
        (views as readonly ChangeView[]).forEach((found) => this.changes.set(found.name, found));
        this.refresh();
      },
      work: (view) => {
        this.work = view as WorkView;
        this.draw();
      },
    },
    // A person may take their time to pick what to compare with.
    600_000,
  );

  constructor() {
    this.table = new VirtualTable<Line>({
      label: 'Tensors',
      columns: [
        { id: 'name', title: 'Tensor', cell: (line) => this.nameCell(line) },
        { id: 'shape', title: 'Shape', cell: (line) => html`<span class="mono">${line.row ? shape(line.row.shape) : `${formatCount(line.count)} tensors`}</span>` },
        { id: 'dtype', title: 'dtype', cell: (line) => html`<span class="mono">${line.dtypes}</span>` },
        { id: 'parameters', title: 'Parameters', cell: (line) => formatCount(line.parameters) },
        { id: 'bytes', title: 'Bytes', cell: (line) => formatBytes(line.bytes) },
        { id: 'range', title: 'Range', cell: (line) => this.rangeCell(line) },
        { id: 'change', title: 'Change', cell: (line) => this.changeCell(line) },
      ],
      rows: new Lines(() => this.lines),
      tree: {
        level: ({ level }) => level,
        open: ({ row, path }) => (row ? undefined : this.isOpen(path)),
        setOpen: ({ path }, open) => this.toggle(path, open),
        checked: () => undefined,
        toggle: () => undefined,
      },
      onActive: (index) => this.onActive(index === undefined ? undefined : this.lines[index]),
    });
    this.table.element.addEventListener('click', (event) => this.onClick(event));
    this.draw();
    cycleRegions(document.body);
    this.host.ready();
  }

  private onOpened(view: View): void {
    this.view = view;
    this.failure = undefined;
    this.said = undefined;
    this.work = undefined;
    this.values.clear();
    this.changes.clear();
    this.comparison = undefined;
    this.layers = layersOf(view.rows);
    this.refresh();
  }

  private onCompared({ view, said }: { readonly view?: ComparisonView; readonly said?: string }): void {
    this.comparison = view;
    this.said = said;
    this.changes.clear();
    this.kinds = new Map(view?.rows.map(({ name, kind }) => [name, kind]));
    if (view === undefined && this.sort === 'change') {
      this.sort = 'file';
    }
    this.refresh();
  }

  private onActive(line: Line | undefined): void {
    if (line?.path !== this.active?.path) {
      this.active = line;
      this.draw();
    }
  }

  private isOpen(path: string): boolean {
    return this.open.has(path) || this.filter !== '';
  }

  private toggle(path: string, open: boolean): void {
    this.open[open ? 'add' : 'delete'](path);
    this.refresh();
  }

  private onClick(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.drawn [data-index]') : null;
    const line = row ? this.lines[Number(row.dataset['index'])] : undefined;
    if (line && line.row === undefined) {
      this.toggle(line.path, !this.isOpen(line.path));
    }
  }

  /** Makes the lines anew, and draws. */
  private refresh(): void {
    this.layerChanges = this.layers.map(({ names }) => relativeChange(names, this.changes));
    this.largestChange = this.layerChanges.reduce<number>((most, change = 0) => (Number.isFinite(change) ? Math.max(most, change) : most), 1e-12);
    const fits = nameFilter(this.filter);
    const rows = sortRows((this.view?.rows ?? []).filter(({ name }) => fits(name)), this.sort, this.changes);
    this.lines = this.asTree ? treeLines(rows, (path) => this.isOpen(path)) : flatLines(rows);
    this.draw();
    this.table.update();
  }

  private show(name: string): void {
    this.filter = '';
    const parts = name.split('.');
    parts.slice(0, -1).forEach((_, index) => this.open.add(`${parts.slice(0, index + 1).join('.')}.`));
    this.refresh();
    const at = this.lines.findIndex(({ path }) => path === name);
    if (at >= 0) {
      this.table.restore({ offset: Math.max(0, at - 4) * 24, active: at });
    }
  }

  private ask(asking: Promise<void>): void {
    asking.catch((error: unknown) => {
      this.said = (error as Error).message;
      this.draw();
    });
  }

  private draw(): void {
    render(this.template(), document.body);
  }

  private template(): TemplateResult {
    const { view, failure } = this;
    if (failure) {
      return html`<main class="failed">
        <div class="note bad" role="alert">${icon(errorIcon, 'error')}<span class="words">${failure.name} cannot be opened. ${failure.message}</span><button class="button small" @click=${() => this.ask(this.host.request('reload'))}>Try again</button></div>
      </main>`;
    }
    if (view === undefined) {
      return html`<main class="waiting"><p class="dim" role="status">Reading heads and tails…</p></main>`;
    }
    return html`<main class="${this.drawer ? 'drawer' : ''} ${this.comparison ? 'comparing' : ''}">
      ${this.toolbar(view)} ${this.notes(view)}
      ${view.rows.length === 0 ? nothing : html`<div class="charts">${this.charts(view)}</div>`}
      <div class="tensors">${view.rows.length === 0 ? html`<p class="empty">No tensor is shown: ${view.unread ?? 'it holds none'}.</p>` : html`${this.filterBar(view)}${this.table.element}`}</div>
      <aside class="inspector" aria-label="Inspector" data-region tabindex="0">${this.inspector(view)}</aside>
    </main>`;
  }

  private toolbar(view: View): TemplateResult {
    const { comparison } = this;
    const running = this.work?.running === true;
    return html`<header class="toolbar" data-region>
      <h1 title=${view.path}>${view.name}</h1>
      <span class="state ${view.state}">${STATES[view.state]}</span>
      <span class="meta dim number">${view.format} · ${view.parameters === undefined ? '' : `${formatCount(view.parameters)} parameters · `}${formatBytes(view.bytes)}</span>
      <span class="space"></span>
      ${comparison
        ? html`<span class="compared dim">Compared with</span><span class="against" title=${comparison.path}>${comparison.name}</span>
            <button class="icon-button" title="Compare no longer" aria-label="Compare no longer" @click=${() => this.ask(this.host.request('closeOther'))}>${icon(closeIcon)}</button>
            <button class="button" ?hidden=${running} @click=${() => this.ask(this.host.request('compareValues', { by: 'values' }))}>Compare values</button>`
        : html`<button class="button" @click=${() => this.ask(this.host.request('pickOther'))}>Compare with…</button>`}
      <button class="button" ?hidden=${running || !view.rows.some(({ readable }) => readable)} @click=${() => this.ask(this.host.request('checkValues', {}))}>Check values</button>
      <button class="icon-button" title="Read again" aria-label="Read again" @click=${() => this.ask(this.host.request('reload'))}>${icon(refreshIcon)}</button>
      <button class="icon-button narrow" title="Inspector" aria-label="Inspector" aria-expanded=${this.drawer} @click=${() => ((this.drawer = !this.drawer), this.draw())}>${icon(inspectorIcon)}</button>
    </header>`;
  }

  private notes(view: View): TemplateResult {
    const { work } = this;
    const said = this.said ?? (work?.running === false ? work.said : undefined);
    return html`<div class="notes">
      ${view.state === 'complete' ? nothing : html`<div class="note ${view.state === 'damaged' ? 'bad' : ''}" role="status">${icon(view.state === 'damaged' ? errorIcon : warningIcon, view.state === 'damaged' ? 'error' : 'warning')}<span class="words">${view.reason}</span></div>`}
      ${view.left > 0 ? html`<div class="note">${icon(warningIcon, 'warning')}<span class="words">${formatCount(view.left)} more tensors are not shown.</span></div>` : nothing}
      ${said === undefined ? nothing : html`<div class="note bad" role="alert">${icon(errorIcon, 'error')}<span class="words">${said}</span></div>`}
      ${work?.running === true
        ? html`<div class="note" role="status"><span class="words number">${WORK_WORDS[work.kind]}: ${formatBytes(work.bytes)} of ${formatBytes(work.total)}, ${formatPercent(work.total === 0 ? 0 : work.bytes / work.total)}</span>
            <button class="button small" @click=${() => this.ask(this.host.request('stop'))}>${icon(stopIcon)}Stop</button></div>`
        : nothing}
    </div>`;
  }

  private charts(view: View): TemplateResult {
    const { layers, comparison, active } = this;
    const current = active?.row ? layers.find(({ names }) => names.includes(active.path))?.label : undefined;
    return html`<div class="dtype-line">${dtypeBar(view.rows)}</div>
      ${sizeChart(layers, current, ({ names }) => names[0] !== undefined && this.show(names[0]))}
      ${comparison ? changeChart(layers, this.layerChanges, comparison.name) : nothing} ${axis(layers)}`;
  }

  private filterBar(view: View): TemplateResult {
    const shown = this.lines.reduce((sum, line) => sum + (line.level === 0 ? line.count : 0), 0);
    return html`<div class="filter-bar" data-region>
      <label class="input">${icon(filterIcon)}<input type="text" placeholder="Filter by name, e.g. *.mlp.*" aria-label="Filter by name" .value=${this.filter} @input=${(event: Event) => this.onFilter(event)} /></label>
      ${this.filter === '' ? nothing : html`<span class="dim number" role="status">${formatCount(shown)} of ${formatCount(view.rows.length)}</span>`}
      <select class="select" aria-label="Layout" @change=${(event: Event) => ((this.asTree = (event.target as HTMLSelectElement).value === 'tree'), this.refresh())}>
        <option value="tree" ?selected=${this.asTree}>Tree</option><option value="list" ?selected=${!this.asTree}>List</option>
      </select>
      <select class="select" aria-label="Sort" @change=${(event: Event) => ((this.sort = (event.target as HTMLSelectElement).value as Sort), this.refresh())}>
        ${(Object.entries(SORTS) as [Sort, string][]).filter(([sort]) => sort !== 'change' || this.comparison).map(([sort, words]) => html`<option value=${sort} ?selected=${this.sort === sort}>Sort: ${words}</option>`)}
      </select>
    </div>`;
  }

  private onFilter(event: Event): void {
    this.filter = (event.target as HTMLInputElement).value;
    this.refresh();
  }

  private inspector(view: View): TemplateResult {
    return inspectorView({
      view,
      line: this.active,
      values: this.values,
      changes: this.changes,
      comparison: this.comparison,
      check: (name) => this.ask(this.host.request('checkValues', { names: [name] })),
      show: (name) => this.show(name),
      hash: () => this.ask(this.host.request('compareValues', { by: 'hashes' })),
    });
  }

  private nameCell({ label, level, row, path }: Line): TemplateResult {
    return html`<span class="tensor" .style=${`padding-inline-start:${level * 16}px`} title=${path}>${row ? html`<span class="twig"></span>` : icon(shutIcon, this.isOpen(path) ? 'open' : '')}<span class=${row?.beside === true ? 'dim' : ''}>${label}</span></span>`;
  }

  private rangeCell({ row, path }: Line): unknown {
    const found = this.values.get(path);
    if (row === undefined) {
      return nothing;
    }
    if (found === undefined) {
      return html`<span class="unknown">not read</span>`;
    }
    const bad = found.nan > 0 ? `${formatCount(found.nan)} NaN` : found.infinite > 0 ? `${formatCount(found.infinite)} Inf` : undefined;
    return bad === undefined ? (found.min === undefined ? html`<span class="unknown">empty</span>` : `${number(found.min)} … ${number(found.max ?? 0)}`) : html`<span class="error">${bad}</span>`;
  }

  private changeCell({ row, path, names }: Line): unknown {
    if (this.comparison === undefined) {
      return nothing;
    }
    const kind = row && this.kinds.get(path);
    const change = this.changes.get(path);
    if (change?.same === true) {
      return html`<span class="dim">same bytes</span>`;
    }
    const relative = relativeChange(names, this.changes);
    if (change && relative === undefined) {
      return html`<span class="unknown">${change.by === 'hashes' ? 'other bytes' : 'not finite'}</span>`;
    }
    if (relative === undefined) {
      return html`<span class="unknown">${kind ? KIND_WORDS[kind] : 'not compared'}</span>`;
    }
    if (!Number.isFinite(relative)) {
      return html`<span class="unknown">from zeros</span>`;
    }
    return html`<span class="change-bar"><i .style=${`width:${Math.min(1, relative / this.largestChange) * 100}%`}></i></span><span class="number">${percent(relative)}</span>`;
  }
}
