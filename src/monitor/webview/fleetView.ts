import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatCountOf } from '../../base/format.ts';
import { Announcer } from '../../webview/announcer.ts';
import { icon } from '../../webview/icon.ts';
import { closeIcon, filterIcon, refreshIcon } from '../../webview/icons.ts';
import { connectHost } from '../../webview/messageClient.ts';
import { cycleRegions } from '../../webview/regions.ts';
import { fleetRow } from './fleetRow.ts';
import { fleetSide } from './fleetSide.ts';
import { filterBoxes, orderBoxes, parseFleetState } from './fleetOrder.ts';
import type { FleetOrder } from './fleetOrder.ts';
import type { Fleet, FleetAction, FleetHost, FleetPage } from './fleetProtocol.ts';
import { addIcon } from './icons.ts';
import { problemNote } from './problemNote.ts';
import { segment } from './processTable.ts';
import { RowKeys } from './rowKeys.ts';

/** All boxes at a glance: one row for each, and beside them who holds what and what is free. */
export class FleetView {
  private readonly root = document.createElement('main');
  private readonly head = region('hd');
  private readonly problems = region('problems');
  private readonly list = region('boxes');
  private readonly side = region('side');
  private readonly announcer: Announcer;
  private readonly host = connectHost<FleetHost, FleetPage>({
    fleet: (fleet) => this.take(fleet as Fleet),
    problem: (message) => this.setProblem(String(message)),
  });
  private readonly keys = new RowKeys(this.list);
  private order: FleetOrder = parseFleetState(this.host.state.load()).order;
  private fleet: Fleet | undefined;
  /** Milliseconds by which the host's clock is ahead of this machine's. */
  private ahead = 0;
  private filter = '';
  private problem: string | undefined;

  constructor() {
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    this.root.className = 'fleet';
    const columns = document.createElement('div');
    columns.className = 'columns';
    columns.append(this.list, this.side);
    this.root.append(this.head, this.problems, columns);
    document.body.append(this.root, status);
    this.announcer = new Announcer(status);
    cycleRegions(this.root);
    document.addEventListener('keydown', (event) => this.onKey(event));
    // Ages go on though nothing comes.
    setInterval(() => this.draw(), 1000);
    this.draw();
    this.host.ready();
  }

  private take(fleet: Fleet): void {
    const lost = fleet.boxes.find(({ key, isRead }) => !isRead && this.fleet?.boxes.some((box) => box.key === key && box.isRead));
    const found = fleet.boxes.find(({ key, isRead }) => isRead && this.fleet?.boxes.some((box) => box.key === key && !box.isRead));
    if (lost !== undefined) {
      this.announcer.say(`${lost.title}: ${lost.note}`);
    } else if (found !== undefined) {
      this.announcer.say(`${found.title} is read again`);
    }
    this.fleet = fleet;
    this.ahead = fleet.now - Date.now();
    this.draw();
  }

  private onKey(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.row[data-key]');
    if (event.key === 'Escape' && this.filter !== '') {
      this.setFilter('');
    } else if (event.key === ' ' && row !== null && event.target === row) {
      row.click();
      event.preventDefault();
    }
  }

  private setFilter(filter: string): void {
    this.filter = filter;
    this.draw();
  }

  private setProblem(problem: string | undefined): void {
    this.problem = problem;
    this.draw();
  }

  private setOrder(order: FleetOrder): void {
    this.order = order;
    this.host.state.save({ order });
    this.draw();
  }

  private async act(action: FleetAction, key?: string): Promise<void> {
    try {
      await this.host.request('act', { action, ...(key !== undefined && { key }) });
    } catch (error) {
      this.setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  private draw(): void {
    const { fleet } = this;
    render(problemNote(this.problem, () => this.setProblem(undefined)), this.problems);
    render(this.headView(), this.head);
    if (fleet === undefined) {
      render(html`<p class="none dim">Asking for your boxes…</p>`, this.list);
      return;
    }
    const now = Date.now() + this.ahead;
    const shown = orderBoxes(filterBoxes(fleet.boxes, this.filter), this.order);
    render(
      html`<div role="grid" aria-label="Boxes" class="list">
          ${repeat(
            shown,
            ({ key }) => key,
            (box) => fleetRow(box, now, { open: () => void this.act('open', box.key), way: (way) => void this.act(way, box.key) }),
          )}
        </div>
        ${shown.length === 0 ? html`<p class="none dim">No box matches the filter.</p>` : nothing} ${fleet.boxes.length <= 1 ? this.emptyView() : nothing}`,
      this.list,
    );
    render(fleetSide(fleet, (key) => void this.act('open', key)), this.side);
    this.keys.update();
  }

  private headView(): TemplateResult {
    const { fleet } = this;
    return html`<h1>Fleet</h1>
      <span class="dim ell counts">${fleet === undefined ? '' : countWords(fleet)}</span>
      <span class="sp"></span>
      <span class="legend">
        <span class="lg"><i class="sw mine"></i>mine</span><span class="lg"><i class="sw others"></i>others</span><span class="lg"><i class="sw open"></i>free</span
        ><span class="lg"><i class="sw idle"></i>held, idle</span><span class="lg"><i class="sw unknown"></i>unknown</span>
      </span>
      <div class="input">
        ${icon(filterIcon)}
        <input type="text" aria-label="Filter boxes, GPUs, users" placeholder="Filter boxes, GPUs, users" spellcheck="false" .value=${this.filter} @input=${(event: InputEvent) => this.setFilter((event.target as HTMLInputElement).value)} />
        ${this.filter === '' ? nothing : html`<button class="icon-button" title="Clear filter" aria-label="Clear filter" @click=${() => this.setFilter('')}>${icon(closeIcon)}</button>`}
      </div>
      ${segment('Order', [['name', 'As listed'], ['free', 'Most free']], this.order, (value) => this.setOrder(value as FleetOrder))}
      <button class="icon-button" title="Try all boxes again" aria-label="Try all boxes again" data-action="retryAll" @click=${() => void this.act('retryAll')}>${icon(refreshIcon)}</button>
      <button class="icon-button" title="Add box…" aria-label="Add box" data-action="addBox" @click=${() => void this.act('addBox')}>${icon(addIcon)}</button>`;
  }

  private emptyView(): TemplateResult {
    return html`<section class="trouble">
      <h2>${icon(addIcon)}No other boxes yet</h2>
      <p class="dim">Any machine that you reach with ssh can stand here: its GPUs, who holds them, and what is free. It is read over your own ssh, and nothing is installed there.</p>
      <button class="button main small" data-action="addFirst" @click=${() => void this.act('addBox')}>Add box…</button>
    </section>`;
  }
}

function countWords({ boxes, known, freeCount, mine, uncounted }: Fleet): TemplateResult {
  return html`${formatCountOf(boxes.length, 'box', 'boxes')} · <b class=${freeCount > 0 ? 'free' : ''}>${formatCountOf(freeCount, 'GPU')} free</b> of ${known} known · ${mine} mine${uncounted.length === 0 ? '' : ` · ${formatCountOf(uncounted.length, 'box', 'boxes')} not readable`}`;
}

function region(name: string): HTMLElement {
  const element = document.createElement('section');
  element.className = name;
  element.dataset['region'] = '';
  return element;
}
