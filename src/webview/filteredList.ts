import { PagedRows } from './pagedRows.ts';
import type { RowPage } from './pagedRows.ts';
import { parsePlanList, toggled } from './planList.ts';
import type { PlanListState } from './planList.ts';
import { VirtualTable } from './virtualTable.ts';
import type { VirtualTableOptions } from './virtualTable.ts';

/** Milliseconds without a keystroke before the host is asked to filter. */
const TYPING = 150;
const TOP = { offset: 0, active: 0 };

export interface RowsRequest<A> {
  readonly offset: number;
  readonly count: number;
  /** Any, where left out. */
  readonly actions?: readonly A[];
  /** Part of a path, case ignored. */
  readonly text?: string;
}

export interface FilteredListOptions<A, T> extends Omit<VirtualTableOptions<T>, 'rows' | 'onActive'> {
  /** The actions that there are. */
  readonly actions: readonly A[];
  readonly state: { load(): unknown; save(state: unknown): void };
  readonly fetch: (request: RowsRequest<A>) => Promise<RowPage<T>>;
  /** What is around the table is to be drawn: another filter, rows, or another active row. */
  readonly onChange: () => void;
}

/** The list of a plan: a table of rows that stay with the host, filtered by action and text, found again where it was left. */
export class FilteredList<A extends string, T> {
  readonly rows: PagedRows<T>;
  readonly table: VirtualTable<T>;
  private saved: PlanListState<A>;
  /** The place to go to as soon as the rows are known. */
  private returnTo: PlanListState<A>['place'] | undefined;
  private typing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: FilteredListOptions<A, T>) {
    const { label, columns, tree, actions, state, onChange } = options;
    this.saved = parsePlanList(state.load(), actions);
    this.returnTo = this.saved.place;
    this.rows = new PagedRows<T>({ fetch: (offset, count) => this.fetch(offset, count), onChange: () => this.onRows() });
    this.table = new VirtualTable<T>({ label, columns, ...(tree && { tree }), rows: this.rows, onActive: onChange });
    window.addEventListener('pagehide', () => this.save());
  }

  get filter(): Pick<PlanListState<A>, 'actions' | 'text'> {
    return this.saved;
  }

  /** Which plan it is of. */
  setId(id: string): void {
    this.saved = { ...this.saved, id };
    this.save();
  }

  toggle(action: A): void {
    this.setFilter(toggled(this.saved.actions, action, this.options.actions), this.saved.text);
  }

  search(text: string): void {
    clearTimeout(this.typing);
    this.saved = { ...this.saved, text };
    this.typing = setTimeout(() => this.setFilter(this.saved.actions, text), TYPING);
  }

  clear(): void {
    this.setFilter([], '');
  }

  /** Draws all anew, the table too. */
  draw(): void {
    this.options.onChange();
    this.table.update();
  }

  private setFilter(actions: readonly A[], text: string): void {
    clearTimeout(this.typing);
    this.saved = { ...this.saved, actions, text };
    this.returnTo = TOP;
    this.rows.reset();
    this.save();
    this.draw();
  }

  private fetch(offset: number, count: number): Promise<RowPage<T>> {
    const { actions, text } = this.saved;
    return this.options.fetch({ offset, count, ...(actions.length > 0 && { actions }), ...(text !== '' && { text }) });
  }

  private onRows(): void {
    this.draw();
    if (this.returnTo && this.rows.total !== undefined) {
      const place = this.returnTo;
      this.returnTo = undefined;
      this.table.restore(place);
    }
  }

  private save(): void {
    this.saved = { ...this.saved, place: this.returnTo ?? this.table.place };
    this.options.state.save(this.saved);
  }
}
