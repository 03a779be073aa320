import { render } from 'lit/html.js';
import { formatCountOf } from '../../../base/format.ts';
import { Announcer } from '../../../webview/announcer.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { PagedRows } from '../../../webview/pagedRows.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { RovingRows } from '../../../webview/rovingRows.ts';
import { VirtualTable } from '../../../webview/virtualTable.ts';
import { healthLayout, rowColumns } from './healthLayout.ts';
import type { HealthActions, PairShown } from './healthLayout.ts';
import { PairPictures } from './pairPictures.ts';
import type { HealthGroup, HealthHead, HealthHost, HealthPage, HealthPair, HealthRow } from './protocol.ts';

interface Saved {
  readonly code: string | undefined;
  readonly pair: number;
}

/** The page of a dataset's health: groups of problems on the left, the chosen group on the right. */
export class HealthView {
  private readonly root = document.createElement('main');
  private readonly host = connectHost<HealthHost, HealthPage>({
    show: (state) => this.show(state as { readonly head: HealthHead; readonly groups: readonly HealthGroup[] }),
    problem: (message) => this.fail(new Error(String(message))),
  });
  private readonly announcer: Announcer;
  private readonly roving: RovingRows;
  private readonly rows = new PagedRows<HealthRow>({ fetch: (offset, count) => this.host.request('rows', { code: this.chosen ?? '', offset, count }), onChange: () => this.update() });
  private readonly pairs = new PagedRows<HealthPair>({ fetch: (offset, count) => this.host.request('pairs', { code: this.chosen ?? '', offset, count }), onChange: () => this.update(), pageSize: 50 });
  private readonly pictures = new PairPictures((index, side) => this.host.request('picture', { code: this.chosen ?? '', index, side }), () => this.update());
  private readonly table: VirtualTable<HealthRow>;
  private head: HealthHead | undefined;
  private groups: readonly HealthGroup[] = [];
  private chosen: string | undefined;
  private pair = 0;
  private problem: string | undefined;

  private readonly actions: HealthActions = {
    choose: (code) => this.choose(code),
    start: (full) => this.tell(this.host.request('start', { full })),
    stop: () => this.tell(this.host.request('stop')),
    save: (report) => this.tell(this.host.request('save', { report })),
    open: (index, side) => this.tell(this.host.request('open', { code: this.chosen ?? '', index, ...(side !== undefined && { side }) })),
    goTo: (pair) => this.goTo(pair),
    dismiss: () => {
      this.problem = undefined;
      this.update();
    },
  };

  constructor() {
    const saved = this.host.state.load() as Partial<Saved> | undefined;
    this.chosen = saved?.code;
    this.pair = saved?.pair ?? 0;
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    document.body.append(this.root, status);
    this.announcer = new Announcer(status);
    this.table = new VirtualTable<HealthRow>({ label: 'Problems of the chosen kind', columns: rowColumns((index) => this.actions.open(index)), rows: this.rows, onActive: () => undefined });
    this.table.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && this.rows.at(this.table.active) !== undefined) {
        this.actions.open(this.table.active);
      }
    });
    this.update();
    this.roving = new RovingRows(this.root.querySelector<HTMLElement>('.groups') as HTMLElement);
    this.root.addEventListener('keydown', (event) => this.onKey(event));
    cycleRegions(this.root);
    this.host.ready();
  }

  private get group(): HealthGroup | undefined {
    return this.groups.find(({ code }) => code === this.chosen);
  }

  private show({ head, groups }: { readonly head: HealthHead; readonly groups: readonly HealthGroup[] }): void {
    const before = this.group?.count;
    if (this.head?.state === 'running' && head.state !== 'running') {
      this.announcer.say(`${formatCountOf(groups.reduce((sum, { count }) => sum + count, 0), 'problem')} found`);
    }
    this.head = head;
    this.groups = groups;
    const known = this.group;
    if (known === undefined) {
      this.chosen = groups[0]?.code;
      this.pair = 0;
    }
    if (this.group !== known || known?.count !== before) {
      this.reload();
    }
    this.update();
  }

  private choose(code: string): void {
    if (code !== this.chosen) {
      this.chosen = code;
      this.pair = 0;
      this.host.state.save({ code, pair: 0 } satisfies Saved);
      this.reload();
      this.update();
    }
  }

  /** Asks anew for what is in the chosen group. */
  private reload(): void {
    this.pictures.clear();
    const { group } = this;
    if (group?.form === 'pairs') {
      this.pairs.reset();
    } else if (group !== undefined) {
      this.rows.reset();
    }
  }

  private goTo(pair: number): void {
    const last = (this.pairs.total ?? 1) - 1;
    this.pair = Math.min(last, Math.max(0, pair));
    this.host.state.save({ code: this.chosen, pair: this.pair } satisfies Saved);
    this.pairs.show(this.pair, 1);
    this.update();
  }

  private onKey(event: KeyboardEvent): void {
    const by = event.key === ',' ? -1 : event.key === '.' ? 1 : 0;
    if (by !== 0 && this.group?.form === 'pairs' && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      this.goTo(this.pair + by);
    }
  }

  private tell(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
    this.update();
  }

  private get shownPair(): PairShown | undefined {
    const pair = this.pairs.at(this.pair);
    return pair && { pair, total: this.pairs.total ?? 0, pictures: [this.pictures.at(pair.index, 0), this.pictures.at(pair.index, 1)] };
  }

  private update(): void {
    const { head, groups, group, problem } = this;
    render(
      healthLayout({ head, groups, group, problem: problem ?? (group?.form === 'pairs' ? this.pairs.problem : this.rows.problem), pair: group?.form === 'pairs' ? this.shownPair : undefined, table: this.table.element }, this.actions),
      this.root,
    );
    this.table.update();
    // Not there yet while the first picture of the page is drawn.
    (this.roving as RovingRows | undefined)?.update();
  }
}
