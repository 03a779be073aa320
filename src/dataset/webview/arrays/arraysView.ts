import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCount } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { errorIcon, refreshIcon } from '../../../webview/icons.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { RovingRows } from '../../../webview/rovingRows.ts';
import { WALKED_AT_ONCE, inspectorView } from './inspector.ts';
import type { ArrayFacts, ArrayRow, ArraysFile, ArraysHost, ArraysPage, StatisticsView } from './protocol.ts';
import { Stage } from './stage.ts';
import { TreeRows } from './treeRows.ts';
import { shapeText, treeView } from './treeView.ts';
import type { Aiming, ViewKind } from './views.ts';
import { aimOf, kindsOf, sliders } from './views.ts';

const KIND_WORDS: Readonly<Record<ViewKind, string>> = { line: 'Line', grid: 'Heat map', picture: 'Picture', table: 'Table' };

/** So few lines at the top that its groups are opened at once. */
const FEW = 4;

/** The page of a file of arrays: its tree, one array of it drawn, and what is known of that. */
export class ArraysView {
  private file: ArraysFile | undefined;
  private failure: { readonly name: string; readonly message: string } | undefined;
  private stale: 'changed' | 'gone' | undefined;
  private readonly tree = new TreeRows();
  private row: ArrayRow | undefined;
  private reading: string | undefined;
  private aim: Aiming | undefined;
  private statistics: StatisticsView | undefined;
  private readonly treeElement = document.createElement('div');
  private readonly rows: RovingRows;
  private readonly stage: Stage;
  private readonly host = connectHost<ArraysHost, ArraysPage>({
    opened: (file) => this.onOpened(file as ArraysFile),
    failed: (params) => {
      this.failure = params as { name: string; message: string };
      this.draw();
    },
    statistics: (view) => {
      this.statistics = view as StatisticsView;
      this.draw();
    },
    stale: (params) => {
      this.stale = (params as { gone: boolean }).gone ? 'gone' : 'changed';
      this.draw();
    },
  });

  constructor() {
    this.stage = new Stage(this.host);
    this.treeElement.className = 'tree';
    this.treeElement.role = 'treegrid';
    this.treeElement.ariaLabel = 'Arrays';
    this.treeElement.dataset['region'] = '';
    this.rows = new RovingRows(this.treeElement);
    this.draw();
    cycleRegions(document.body);
    this.host.ready();
  }

  private onOpened(file: ArraysFile): void {
    this.file = file;
    this.failure = undefined;
    this.stale = undefined;
    this.tree.reset(file.root);
    const kept = this.host.state.load() as { readonly path?: string } | undefined;
    if (file.root.rows.length <= FEW) {
      file.root.rows.filter(({ group, array }) => group && array === undefined).forEach((row) => void this.toggle(row));
    }
    const row = this.tree.lines.find(({ row: other }) => other?.array !== undefined && other.path === kept?.path)?.row ?? this.tree.firstArray;
    if (row) {
      this.choose(row);
    }
    this.draw();
  }

  private async toggle(row: ArrayRow): Promise<void> {
    this.tree.toggle(row.path);
    this.draw();
    if (this.tree.isOpen(row.path) && !this.tree.isLoaded(row.path)) {
      await this.more(row.path, 0);
      const first = this.tree.firstArray;
      if (this.row === undefined && first) {
        this.choose(first);
      }
    }
  }

  private async more(path: string, from: number): Promise<void> {
    try {
      this.tree.add(path, await this.host.request('children', { path, from }));
    } catch (error) {
      this.failure = { name: path, message: (error as Error).message };
    }
    this.draw();
  }

  private choose(row: ArrayRow): void {
    this.row = row;
    this.reading = undefined;
    this.host.state.save({ path: row.path });
    this.look();
    if (row.group && !this.tree.isOpen(row.path)) {
      void this.toggle(row);
    }
  }

  /** The chosen array as it is read now. */
  private get facts(): ArrayFacts | undefined {
    const array = this.row?.array;
    return array && this.reading !== undefined ? { ...array, type: this.reading, numeric: true } : array;
  }

  private look(): void {
    const { facts } = this;
    this.statistics = undefined;
    this.aim = facts && facts.unreadable === undefined ? aimOf(facts, kindsOf(facts)[0] ?? 'table') : undefined;
    if (facts?.unreadable === undefined && facts?.numeric === true && (facts.bytes ?? 0) <= WALKED_AT_ONCE) {
      this.walk();
    } else {
      void this.host.request('stopStatistics').catch(() => undefined);
    }
    this.show();
  }

  private walk(): void {
    if (this.row) {
      const { path } = this.row;
      this.statistics = { path, done: 0, complete: false };
      void this.host.request('startStatistics', { path, ...(this.reading !== undefined && { reading: this.reading }) }).catch(() => undefined);
    }
    this.draw();
  }

  private setAim(aim: Aiming): void {
    this.aim = aim;
    this.show();
  }

  private show(): void {
    this.draw();
    const { facts, row, aim } = this;
    if (facts && row && aim) {
      this.stage.show(row.path, this.reading, facts, aim);
    } else {
      this.stage.clear();
    }
  }

  private draw(): void {
    render(this.template(), document.body);
    render(
      treeView(this.tree.lines, this.row?.path, {
        toggle: (row) => void this.toggle(row),
        choose: (row) => this.choose(row),
        more: (path, from) => void this.more(path, from),
      }),
      this.treeElement,
    );
    this.rows.update();
    this.stage.attach(document.querySelector<HTMLElement>('.stage'));
  }

  private template(): TemplateResult {
    const { file, failure } = this;
    if (file === undefined) {
      return failure === undefined
        ? html`<main class="waiting"><p class="dim">Reading the header…</p></main>`
        : html`<main class="waiting">
            <div class="note bad" role="alert">${icon(errorIcon, 'error')}<span class="words"><b>${failure.name} cannot be shown.</b> ${failure.message}</span>${this.reloadButton()}</div>
          </main>`;
    }
    const summary = [file.format, formatBytes(file.bytes), ...(file.root.total > 1 ? [`${formatCount(file.root.total)} at the top`] : [])];
    return html`<main class="arrays">
      <header class="bar" data-region>
        <h1>${file.name}</h1>
        <span class="dim number">${summary.join(' · ')}</span>
        <span class="room"></span>
        ${this.stale === undefined ? nothing : html`<span class="warning">${this.stale === 'gone' ? 'The file is gone: what was read stays.' : 'The file has changed.'}</span>`} ${this.reloadButton()}
      </header>
      <div class="body ${file.root.total === 1 && file.root.rows[0]?.group === undefined ? 'single' : ''}">
        ${this.treeElement}
        <div class="drawing">${this.drawingView()}</div>
        <aside class="inspector" aria-label="About the array" data-region tabindex="0">
          ${inspectorView(
            { file, row: this.row, reading: this.reading, statistics: this.statistics },
            {
              readAs: (type) => {
                this.reading = type || undefined;
                this.look();
              },
              walk: () => this.walk(),
              stop: () => {
                void this.host.request('stopStatistics').catch(() => undefined);
                this.statistics = this.statistics && { ...this.statistics, complete: true, problem: 'Stopped: of what was read so far.' };
                this.draw();
              },
            },
          )}
        </aside>
      </div>
    </main>`;
  }

  private reloadButton(): TemplateResult {
    return html`<button class="icon-button" title="Read the file again" aria-label="Read the file again" @click=${() => void this.host.request('reload').catch(() => undefined)}>${icon(refreshIcon)}</button>`;
  }

  private drawingView(): TemplateResult {
    const { row, facts, aim } = this;
    if (row === undefined || facts === undefined) {
      return html`<div class="stage empty"><p class="dim">${this.file?.root.total === 0 ? 'It holds no arrays.' : 'Choose an array.'}</p></div>`;
    }
    if (aim === undefined) {
      return html`<div class="stage empty"><p class="dim">${facts.unreadable ?? 'Its values are not shown.'}</p></div>`;
    }
    const kinds = kindsOf(facts);
    return html`<div class="tools" data-region>
        <b class="name" title=${row.path}>${row.path}</b>
        <span class="mono dim">${shapeText(facts.shape)} ${facts.type}</span>
        <span class="room"></span>
        <div class="kinds" role="group" aria-label="Look at it as">
          ${kinds.map((kind) => html`<button class="button small ${kind === aim.kind ? 'on' : ''}" aria-pressed=${kind === aim.kind} @click=${() => this.setAim(aimOf(facts, kind, aim.at))}>${KIND_WORDS[kind]}</button>`)}
        </div>
      </div>
      ${this.dimensionsView(facts, aim)}
      <div class="stage"></div>`;
  }

  private dimensionsView(facts: ArrayFacts, aim: Aiming): TemplateResult | typeof nothing {
    const { shape } = facts;
    const chosen = sliders(aim, shape);
    const several = shape.filter((size) => size > 1).length > 1;
    if (!several || aim.kind === 'picture' ? chosen.length === 0 : false) {
      return nothing;
    }
    const choice = (label: string, value: number | undefined, put: (dimension: number) => Aiming) =>
      value === undefined || !several
        ? nothing
        : html`<label
            >${label}
            <select @change=${(event: Event) => this.setAim(put(Number((event.target as HTMLSelectElement).value)))}>
              ${shape.map((size, nth) => (size > 1 ? html`<option value=${nth} ?selected=${nth === value}>${nth}: ${formatCount(size)}</option>` : nothing))}
            </select></label
          >`;
    return html`<div class="dimensions" data-region>
      ${aim.kind === 'picture' ? nothing : choice(aim.kind === 'line' ? 'Along' : 'Down', aim.rowDimension, (rowDimension) => ({ ...aim, rowDimension, ...(aim.columnDimension === rowDimension && { columnDimension: aim.rowDimension }) }))}
      ${aim.kind === 'picture' ? nothing : choice('Across', aim.columnDimension, (columnDimension) => ({ ...aim, columnDimension, ...(aim.rowDimension === columnDimension && aim.columnDimension !== undefined && { rowDimension: aim.columnDimension }) }))}
      ${chosen.map(
        (dimension) =>
          html`<label class="slider"
            >Index ${dimension}
            <input
              type="range"
              min="0"
              max=${(shape[dimension] ?? 1) - 1}
              .value=${String(aim.at[dimension] ?? 0)}
              aria-valuetext="${(aim.at[dimension] ?? 0) + 1} of ${shape[dimension]}"
              @input=${(event: Event) => this.setAim({ ...aim, at: aim.at.map((at, nth) => (nth === dimension ? Number((event.target as HTMLInputElement).value) : at)) })}
            />
            <span class="number mono">${formatCount(aim.at[dimension] ?? 0)} <span class="dim">of ${formatCount(shape[dimension] ?? 0)}</span></span></label
          >`,
      )}
    </div>`;
  }
}
