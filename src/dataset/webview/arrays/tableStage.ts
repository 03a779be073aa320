import { html, render } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import type { HostConnection } from '../../../webview/messageClient.ts';
import { VirtualTable } from '../../../webview/virtualTable.ts';
import type { Drawing, Target } from './drawing.ts';
import type { ArraysHost } from './protocol.ts';

const COLUMNS = 16;
const PAGE = 100;

interface Cells {
  readonly nth: number;
  readonly cells: readonly string[];
}

/** Values as they are, row by row; of many columns so many at a time. */
export class TableStage implements Drawing {
  readonly element = document.createElement('div');
  private readonly holder = document.createElement('div');
  private readonly head = document.createElement('div');
  private table: VirtualTable<Cells> | undefined;
  private readonly pages = new Map<number, readonly Cells[]>();
  private readonly asked = new Set<number>();
  private target: Target | undefined;
  private firstColumn = 0;
  private problem: string | undefined;
  private generation = 0;

  constructor(private readonly host: HostConnection<ArraysHost>) {
    this.element.className = 'table-stage';
    this.head.className = 'table-tools';
    this.holder.className = 'holder';
    this.element.append(this.head, this.holder);
  }

  show(target: Target): void {
    if (target.path !== this.target?.path || target.aim.columnDimension !== this.target.aim.columnDimension) {
      this.firstColumn = 0;
    }
    this.target = target;
    this.reset();
  }

  destroy(): void {
    this.generation++;
  }

  private get rows(): number {
    const { facts, aim } = this.target ?? {};
    return facts === undefined || facts.shape.length === 0 ? 1 : (facts.shape[aim?.rowDimension ?? 0] ?? 1);
  }

  private get columns(): number {
    const dimension = this.target?.aim.columnDimension;
    return dimension === undefined ? 1 : (this.target?.facts.shape[dimension] ?? 1);
  }

  private reset(): void {
    this.generation++;
    this.pages.clear();
    this.asked.clear();
    this.problem = undefined;
    const width = Math.min(COLUMNS, this.columns - this.firstColumn);
    const single = this.target?.aim.columnDimension === undefined;
    this.table = new VirtualTable<Cells>({
      label: 'Values',
      columns: [
        { id: 'index', title: '', cell: ({ nth }) => formatCount(nth) },
        ...Array.from({ length: width }, (_, nth) => ({ id: 'value', title: single ? 'value' : formatCount(this.firstColumn + nth), cell: ({ cells }: Cells) => cells[nth] ?? '' })),
      ],
      rows: { total: this.rows, at: (index) => this.pages.get(Math.floor(index / PAGE))?.[index % PAGE], show: (first, count) => this.load(first, count) },
      onActive: () => undefined,
    });
    this.table.element.style.setProperty('--columns', single ? '72px minmax(108px, 1fr)' : `72px repeat(${width}, 108px)`);
    this.holder.replaceChildren(this.table.element);
    this.drawHead(width);
    this.table.update();
  }

  private drawHead(width: number): void {
    const step = (by: number) => {
      this.firstColumn = Math.max(0, Math.min(this.columns - 1, this.firstColumn + by));
      this.reset();
    };
    render(
      html`${this.columns > COLUMNS
          ? html`<button class="button small" ?disabled=${this.firstColumn === 0} @click=${() => step(-COLUMNS)}>Previous columns</button>
              <span class="number dim">columns ${formatCount(this.firstColumn)} – ${formatCount(this.firstColumn + width - 1)} of ${formatCount(this.columns)}</span>
              <button class="button small" ?disabled=${this.firstColumn + COLUMNS >= this.columns} @click=${() => step(COLUMNS)}>Next columns</button>`
          : ''}${this.problem === undefined ? '' : html`<span class="error" role="alert">${this.problem}</span>`}`,
      this.head,
    );
  }

  private load(first: number, count: number): void {
    for (let page = Math.floor(first / PAGE); page <= Math.floor((first + count - 1) / PAGE); page++) {
      if (!this.asked.has(page) && this.target) {
        this.asked.add(page);
        void this.fetch(page, this.target);
      }
    }
  }

  private async fetch(page: number, { path, reading, aim }: Target): Promise<void> {
    const { generation } = this;
    const start = page * PAGE;
    try {
      const { cells, height, width } = await this.host.request('table', {
        path,
        at: aim.at,
        rowDimension: aim.rowDimension,
        rows: { start, stop: Math.min(this.rows, start + PAGE) },
        columns: { start: this.firstColumn, stop: Math.min(this.columns, this.firstColumn + COLUMNS) },
        ...(aim.columnDimension !== undefined && { columnDimension: aim.columnDimension }),
        ...(reading !== undefined && { reading }),
      });
      if (generation === this.generation) {
        this.pages.set(page, Array.from({ length: height }, (_, nth) => ({ nth: start + nth, cells: cells.slice(nth * width, (nth + 1) * width) })));
      }
    } catch (error) {
      if (generation === this.generation) {
        this.problem = (error as Error).message;
        this.drawHead(Math.min(COLUMNS, this.columns - this.firstColumn));
      }
    }
    if (generation === this.generation) {
      this.table?.update();
    }
  }
}
