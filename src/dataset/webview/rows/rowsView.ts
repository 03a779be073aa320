import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../../base/absent.ts';
import { formatBytes, formatCount } from '../../../base/format.ts';
import { Announcer } from '../../../webview/announcer.ts';
import { icon } from '../../../webview/icon.ts';
import { errorIcon, inspectorIcon } from '../../../webview/icons.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { PagedRows } from '../../../webview/pagedRows.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { cellView } from './cells.ts';
import type { MediaDrawing } from './cells.ts';
import { columnHead, widthOf } from './columnHead.ts';
import { ColumnChooser } from './columnChooser.ts';
import { inspectorView, placed } from './inspector.ts';
import type { Tab } from './inspector.ts';
import type { ColumnSummary, OpenedRows, RowDetails, RowsHost, RowsPageEvents, RowsState, ShownColumn, ShownRow } from './protocol.ts';
import { metaOf, notes, sumState } from './chrome.ts';
import type { Kept } from './chrome.ts';
import { RowSearch } from './rowSearch.ts';
import { RowsTable } from './rowsTable.ts';
import type { TableRow } from './rowsTable.ts';
import { Thumbs } from './thumbs.ts';

/** Columns shown at first; of ten thousand nobody looks at all. */
const FIRST_COLUMNS = 30;
const POLL = 400;
const PROBLEM_WIDTH = 240;
/** Pixels of the page from which on the inspector has room beside the table. */
const ROOMY = 900;

/** The page of rows: a table, and the row that is looked at beside it. */
export class RowsView {
  private facts: OpenedRows | undefined;
  private state: RowsState | undefined;
  private problem: string | undefined;
  private remark: string | undefined;
  private columns: readonly ShownColumn[] = [];
  private chosen: ReadonlySet<string> | undefined;
  private sums: ReadonlyMap<string, ColumnSummary> = new Map();
  private summedRows = 0;
  private details: RowDetails | undefined;
  private inspecting: boolean | undefined;
  private tab: Tab = 'Conversation';
  private readonly turned = new Set<string>();
  private hasProblems = false;
  private readonly host = connectHost<RowsHost, RowsPageEvents>({
    changed: (what) => void this.onChanged(what as 'changed' | 'gone'),
    goTo: (row) => this.table.activate(row as number, true),
  });
  private readonly thumbs = new Thumbs(
    (index, nth) => this.host.request('thumbnail', { index, nth }),
    () => this.draw(),
  );
  private readonly media: MediaDrawing = {
    thumb: (index, nth) => this.thumbs.of(index, nth),
    open: (index, nth) => void this.host.request('openMedium', { index, nth }).catch((error: Error) => this.tell(error.message)),
  };
  private readonly rows = new PagedRows<ShownRow>({ fetch: (offset, count) => this.fetch(offset, count), onChange: () => this.draw(), pageSize: 50, maxPages: 40 });
  private readonly table = new RowsTable({
    columns: () => this.tableColumns(),
    total: () => this.state?.rows ?? 0,
    cells: (index) => this.cells(index),
    show: (first, count) => this.rows.show(first, count),
    onActive: (index) => this.look(index),
    around: { begin: () => this.thumbs.begin(), end: (first, last) => this.onShown(first, last) },
  });
  private readonly search = new RowSearch({
    find: (params) => this.host.request('find', params),
    from: () => this.table.active,
    total: () => this.state?.rows ?? 0,
    onFound: (row) => this.table.activate(row, true),
    onChange: () => this.draw(),
  });
  private readonly chooser = new ColumnChooser({ columns: () => this.columns, isShown: (name) => this.isShown(name), onChoose: (names) => this.choose(names), onChange: () => this.draw() });
  private readonly status = document.createElement('div');
  private readonly announcer = new Announcer(this.status);
  private readonly page = document.createElement('div');
  private shownRange = '';
  private wanted = 0;

  constructor() {
    this.page.className = 'rows-page';
    this.status.className = 'spoken';
    this.status.role = 'status';
    document.body.append(this.page, this.status);
    cycleRegions(document.body);
    document.body.addEventListener('keydown', (event) => this.onKey(event));
    this.draw();
    this.host.ready();
    void this.open();
  }

  private async open(): Promise<void> {
    const kept = this.host.state.load() as Kept | undefined;
    this.problem = undefined;
    try {
      this.facts = await this.host.request('open');
    } catch (error) {
      this.problem = (error as Error).message;
      return this.draw();
    }
    this.state = this.facts;
    this.columns = this.facts.columns;
    if (kept) {
      this.chosen = kept.chosen ? new Set(kept.chosen) : undefined;
      this.tab = kept.tab;
      this.inspecting = kept.inspecting;
    }
    this.draw();
    this.rows.reset();
    if (kept) {
      this.table.restore(kept.offset, kept.active);
    }
    this.look(kept?.active ?? 0);
    void this.sum();
    this.poll();
  }

  private async fetch(from: number, count: number): Promise<{ readonly items: readonly ShownRow[]; readonly total: number }> {
    const answer = await this.host.request('rows', { from, count, columns: this.shownColumns().map(({ name }) => name) });
    this.take(answer);
    this.hasProblems ||= answer.items.some(({ problem }) => problem !== undefined);
    return { items: answer.items, total: answer.rows };
  }

  private take(state: RowsState): void {
    const isOther = this.state !== undefined && state.version !== this.state.version;
    const more = state.columnCount > this.columns.length && this.columns.length < 20_000;
    this.state = state;
    if (isOther) {
      this.startAnew();
    } else if (more) {
      void this.host.request('columns').then((columns) => {
        const before = this.shownColumns().length;
        this.columns = columns;
        if (this.shownColumns().length !== before) {
          this.rows.reset();
        }
        this.draw();
      });
    }
  }

  private startAnew(): void {
    this.thumbs.forget();
    this.details = undefined;
    this.hasProblems = false;
    void this.host.request('columns').then((columns) => {
      this.columns = columns;
      this.rows.reset();
      this.look(Math.min(this.table.active, Math.max(0, (this.state?.rows ?? 1) - 1)));
      void this.sum();
    });
  }

  private async onChanged(what: 'changed' | 'gone'): Promise<void> {
    if (this.facts === undefined) {
      return this.open();
    }
    const before = this.state;
    const state = await this.host.request('state').catch(() => undefined);
    if (state === undefined || before === undefined) {
      return;
    }
    this.remark =
      what === 'gone' || state.gone === true
        ? 'The file is gone; what was open of it is shown still.'
        : state.version !== before.version
          ? 'The file was replaced; its rows were read anew.'
          : `The file has grown by ${formatBytes(Math.max(0, state.size - before.size))}.`;
    this.tell(this.remark);
    this.take(state);
    if (state.version === before.version) {
      this.rows.reset();
    }
    this.poll();
  }

  /** Asks how far the file is known, until it is known. */
  private poll(): void {
    const { state } = this;
    if (state === undefined || (!isAbsent(state.total) && state.summed === undefined)) {
      return;
    }
    setTimeout(() => {
      void this.host.request('state').then(
        (next) => {
          const wasSumming = this.state?.summed !== undefined;
          this.take(next);
          this.draw();
          if (wasSumming) {
            void this.sum();
          }
          this.poll();
        },
        () => undefined,
      );
    }, POLL);
  }

  private async sum(): Promise<void> {
    const columns = this.shownColumns().map(({ name }) => name);
    try {
      const { columns: sums, rows, whole } = await this.host.request('summary', { columns: columns.slice(0, 200) });
      this.sums = new Map(sums.map((summary) => [summary.name, summary]));
      this.summedRows = whole ? Infinity : rows;
      this.draw();
    } catch {
      // The heads stay without.
    }
  }

  private look(index: number): void {
    const asked = ++this.wanted;
    this.save();
    if ((this.state?.rows ?? 0) === 0) {
      return;
    }
    void this.host.request('details', { index }).then(
      (details) => {
        if (asked === this.wanted) {
          this.details = details;
          this.turned.clear();
          this.draw();
        }
      },
      (error: Error) => this.tell(error.message),
    );
    this.draw();
  }

  private isShown(name: string): boolean {
    return this.chosen?.has(name) ?? this.columns.slice(0, FIRST_COLUMNS).some((column) => column.name === name);
  }

  private shownColumns(): readonly ShownColumn[] {
    const { chosen } = this;
    return chosen ? this.columns.filter(({ name }) => chosen.has(name)).slice(0, 500) : this.columns.slice(0, FIRST_COLUMNS);
  }

  private choose(names: readonly string[] | undefined): void {
    this.chosen = names && new Set(names);
    this.save();
    this.rows.reset();
    void this.sum();
    this.draw();
  }

  private tableColumns(): ReturnType<ConstructorParameters<typeof RowsTable>[0]['columns']> {
    const columns = this.shownColumns().map((column) => ({ name: column.name, head: columnHead(column, this.sums.get(column.name)), width: widthOf(column) }));
    const problems = this.hasProblems ? [{ name: 'Problems', head: html`<span class="title"><b>Problems</b></span>`, width: PROBLEM_WIDTH }] : [];
    return [...columns, ...problems];
  }

  private cells(index: number): TableRow | undefined {
    const row = this.rows.at(index);
    if (row === undefined) {
      return undefined;
    }
    const { problem, cells } = row;
    const words = problem && html`<span class="problem" title=${placed(problem)}>${icon(errorIcon, 'error')}<span>${placed(problem)}</span></span>`;
    const hasValues = cells.length === 0 || cells.some((cell) => cell.is !== 'missing');
    return {
      cells: [...cells.map((cell) => cellView(cell, index, this.media)), ...(this.hasProblems ? [words ?? nothing] : [])],
      ...(words && { mark: icon(errorIcon, 'error') }),
      ...(words && !hasValues && { whole: words }),
    };
  }

  private onShown(first: number, last: number): void {
    this.shownRange = last > first ? `Rows ${formatCount(first + 1)} – ${formatCount(last)}` : 'No rows';
    this.thumbs.settle();
  }

  private save(): void {
    const { offset, active } = this.table;
    this.host.state.save({ offset, active, chosen: this.chosen ? [...this.chosen] : null, tab: this.tab, inspecting: this.isInspecting() } satisfies Kept);
  }

  private isInspecting(): boolean {
    return this.inspecting ?? document.body.clientWidth >= ROOMY;
  }

  private tell(words: string | undefined): void {
    this.remark = words;
    this.announcer.say(words ?? '');
    this.draw();
  }

  private onKey(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (key === 'f' || key === 'g')) {
      event.preventDefault();
      this.page.querySelector<HTMLInputElement>(key === 'f' ? '.find input' : '.go input')?.select();
    } else if (event.key === 'F3') {
      event.preventDefault();
      void this.search.next(event.shiftKey);
    }
  }

  private draw(): void {
    render(this.template(), this.page);
    const slot = this.page.querySelector('.table-slot');
    if (slot && this.table.element.parentElement !== slot) {
      slot.append(this.table.element);
    }
    this.table.update();
    const range = this.page.querySelector('.range');
    if (range && range.textContent !== this.shownRange) {
      range.textContent = this.shownRange;
    }
  }

  private template(): TemplateResult {
    if (this.problem !== undefined) {
      return html`<div class="stopped">
        ${icon(errorIcon, 'error')}
        <p>${this.problem}</p>
        <button class="button" @click=${() => void this.open()}>Try again</button>
      </div>`;
    }
    const inspecting = this.isInspecting();
    return html`${this.toolbar(inspecting)}
      ${notes({ problem: this.state?.problem, remark: this.remark, rowsProblem: this.rows.problem }, { dismiss: () => this.tell(undefined), retry: () => this.rows.retry() })}
      <main class="body ${inspecting ? 'inspecting' : ''}">
        <div class="table-slot"></div>
        ${inspecting
          ? inspectorView(
              { details: this.details, tab: this.tab, tree: { turned: this.turned, turn: (path) => this.turn(path) } },
              { choose: (tab) => this.setTab(tab), copy: (text) => void navigator.clipboard.writeText(text).then(() => this.tell('Copied.')) },
              this.media,
            )
          : nothing}
      </main>
      <footer class="status-bar dim number"><span class="range"></span>${this.sums.size === 0 || this.state === undefined ? nothing : sumState(this.state, this.summedRows, (stop) => void this.sumAll(stop))}</footer>`;
  }

  private turn(path: string): void {
    if (!this.turned.delete(path)) {
      this.turned.add(path);
    }
    this.draw();
  }

  private setTab(tab: Tab): void {
    this.tab = tab;
    this.save();
    this.draw();
  }

  private toolbar(inspecting: boolean): TemplateResult {
    const { facts, state, columns } = this;
    const shown = this.shownColumns().length;
    return html`<header class="toolbar" data-region="toolbar">
      <h1 title=${facts?.name ?? ''}>${facts?.name ?? ''}</h1>
      <span class="meta dim number" title=${facts?.facts.join(' · ') ?? ''}>${state === undefined ? 'opening…' : metaOf(state)}</span>
      ${this.search.template()}
      <label class="input go"><span class="dim">Row</span><input inputmode="numeric" aria-label="Go to row" placeholder="1" @change=${(event: Event) => this.go(event.target as HTMLInputElement)} /></label>
      <button class="button columns" aria-expanded=${this.chooser.isOpen} @click=${() => this.chooser.toggle()}>${columns.length === 0 ? 'Columns' : `${formatCount(shown)} of ${formatCount(state?.columnCount ?? columns.length)} columns`}</button>
      <button class="icon-button" aria-pressed=${inspecting} title="Row beside the table" aria-label="Row beside the table" @click=${() => this.toggleInspector()}>${icon(inspectorIcon)}</button>
      ${this.chooser.isOpen ? this.chooser.template() : nothing}
    </header>`;
  }

  private toggleInspector(): void {
    this.inspecting = !this.isInspecting();
    this.save();
    this.draw();
  }

  private go(input: HTMLInputElement): void {
    const row = Number(input.value.replace(/[^\d]/g, ''));
    input.value = '';
    if (row >= 1) {
      if (row > (this.state?.rows ?? 0)) {
        this.tell(isAbsent(this.state?.total) ? `Row ${formatCount(row)} is not counted yet.` : `There are ${formatCount(this.state?.rows ?? 0)} rows.`);
      }
      this.table.activate(row - 1, true);
      this.table.element.focus();
    }
  }

  private async sumAll(stop: boolean): Promise<void> {
    const columns = this.shownColumns()
      .map(({ name }) => name)
      .slice(0, 200);
    await this.host.request('sumAll', { columns, stop });
    const state = await this.host.request('state');
    this.take(state);
    this.draw();
    if (state.summed === undefined) {
      await this.sum();
    }
    this.poll();
  }
}
