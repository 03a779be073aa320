import type { TemplateResult } from 'lit/html.js';
import type { Moment } from './model.ts';
import type { PageState } from './pageState.ts';
import { filterProcesses, inHeldOrder, nextSorting, sortProcesses } from './processOrder.ts';
import type { Sorting } from './processOrder.ts';
import { processTable } from './processTable.ts';
import type { ProcessScope } from './protocol.ts';

export interface ProcessListEvents {
  /** To be drawn again, and what is to be found again saved. */
  changed(): void;
  scope(scope: ProcessScope): void;
  select(key: string): void;
}

/** How the process table is sorted and filtered; while somebody is in it, its rows stay where they are. */
export class ProcessList {
  filter = '';
  sorting: Sorting;
  mineOnly: boolean;
  scope: ProcessScope;
  private held: readonly string[] | undefined;

  constructor(
    { sorting, mineOnly, scope }: PageState,
    private readonly events: ProcessListEvents,
  ) {
    this.sorting = sorting;
    this.mineOnly = mineOnly;
    this.scope = scope;
  }

  view({ processes, head, time }: Moment, selected: ReadonlySet<string>, asOf: string | undefined): TemplateResult | undefined {
    if (head === undefined) {
      return undefined;
    }
    const { sorting, filter, mineOnly, scope } = this;
    const kept = filterProcesses(processes, filter, mineOnly);
    const rows = this.held === undefined ? sortProcesses(kept, sorting) : inHeldOrder(kept, this.held);
    return processTable(
      { rows, all: processes, head, time, sorting, filter, mineOnly, scope, selected, asOf },
      {
        sort: (column) => this.change({ sorting: nextSorting(sorting, column) }),
        filter: (text) => this.change({ filter: text }),
        mineOnly: (only) => this.change({ mineOnly: only }),
        scope: (wanted) => {
          this.change({ scope: wanted });
          this.events.scope(wanted);
        },
        select: (key) => this.events.select(key),
        hold: (held) => {
          this.held = held ? (this.held ?? rows.map(({ key }) => key)) : undefined;
        },
      },
    );
  }

  private change(change: Partial<Pick<this, 'sorting' | 'filter' | 'mineOnly' | 'scope'>>): void {
    Object.assign(this, change);
    this.held = undefined;
    this.events.changed();
  }
}
