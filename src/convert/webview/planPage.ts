import '../../webview/theme.css';
import '../../webview/controls.css';
import './planPage.css';
import { render } from 'lit/html.js';
import { Announcer } from '../../webview/announcer.ts';
import { connectHost } from '../../webview/messageClient.ts';
import { PagedRows } from '../../webview/pagedRows.ts';
import { parsePlanList, toggled } from '../../webview/planList.ts';
import type { PlanListState } from '../../webview/planList.ts';
import { cycleRegions } from '../../webview/regions.ts';
import { VirtualTable } from '../../webview/virtualTable.ts';
import { planColumns } from './planTable.ts';
import { planView } from './planView.ts';
import type { PlanViewEvents } from './planView.ts';
import { planFate } from './planWords.ts';
import { ROW_ACTIONS } from './protocol.ts';
import type { JobAction, PlanFacts, PlanHost, PlanPage as PlanPageApi, PlanRow, RowAction } from './protocol.ts';

/** Milliseconds without a keystroke before the host is asked to filter. */
const TYPING = 150;

class PlanPage {
  private readonly root = document.createElement('main');
  private readonly announcer: Announcer;
  private readonly host = connectHost<PlanHost, PlanPageApi>({
    show: (plan) => this.show(plan as PlanFacts | undefined),
    problem: (message) => this.setProblem(String(message)),
  });
  private readonly rows: PagedRows<PlanRow>;
  private readonly table: VirtualTable<PlanRow>;
  private saved: PlanListState<RowAction> = parsePlanList(this.host.state.load(), ROW_ACTIONS);
  /** The place to go to as soon as the rows are known. */
  private returnTo: PlanListState<RowAction>['place'] | undefined = this.saved.place;
  private plan: PlanFacts | 'gone' | undefined;
  private problem: string | undefined;
  private pending: JobAction | 'showJobs' | undefined;
  private typing: ReturnType<typeof setTimeout> | undefined;

  private readonly events: PlanViewEvents = {
    act: (action) => void this.act(action),
    toggle: (action) => this.filter(toggled(this.saved.actions, action, ROW_ACTIONS), this.saved.text),
    search: (text) => this.search(text),
    clear: () => this.filter([], ''),
    retryRows: () => this.rows.retry(),
    dismiss: () => this.setProblem(undefined),
  };

  constructor() {
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    document.body.append(this.root, status);
    this.announcer = new Announcer(status);
    this.rows = new PagedRows<PlanRow>({
      fetch: (offset, count) => this.fetch(offset, count),
      onChange: () => this.onRows(),
    });
    this.table = new VirtualTable<PlanRow>({
      label: 'Files of the plan',
      columns: planColumns(() => (typeof this.plan === 'object' ? this.plan : { base: '', output: '' })),
      rows: this.rows,
      onActive: () => this.draw(),
    });
    cycleRegions(this.root);
    window.addEventListener('pagehide', () => this.save());
    this.host.ready();
  }

  private show(plan: PlanFacts | undefined): void {
    const before = typeof this.plan === 'object' ? this.plan : undefined;
    this.plan = plan ?? 'gone';
    if (plan) {
      this.saved = { ...this.saved, id: plan.id };
      if (before?.state !== plan.state) {
        this.announcer.say(planFate(plan, Date.now()));
      }
      // The rows are the plan's, which no run changes.
      if (plan.state !== 'planning' && (before === undefined || before.state === 'planning')) {
        this.rows.reset();
      }
    }
    this.save();
    this.drawAll();
  }

  private fetch(offset: number, count: number) {
    const { actions, text } = this.saved;
    return this.host.request('rows', { offset, count, ...(actions.length > 0 && { actions }), ...(text !== '' && { text }) });
  }

  private onRows(): void {
    this.drawAll();
    if (this.returnTo && this.rows.total !== undefined) {
      const place = this.returnTo;
      this.returnTo = undefined;
      this.table.restore(place);
    }
  }

  private search(text: string): void {
    clearTimeout(this.typing);
    this.saved = { ...this.saved, text };
    this.typing = setTimeout(() => this.filter(this.saved.actions, text), TYPING);
  }

  private filter(actions: readonly RowAction[], text: string): void {
    clearTimeout(this.typing);
    this.saved = { ...this.saved, actions, text };
    this.returnTo = { offset: 0, active: 0 };
    this.rows.reset();
    this.save();
    this.drawAll();
  }

  private async act(action: JobAction | 'showJobs'): Promise<void> {
    if (this.pending !== undefined) {
      return;
    }
    this.pending = action;
    this.problem = undefined;
    this.draw();
    try {
      await (action === 'showJobs' ? this.host.request('showJobs') : this.host.request('act', { action }));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.pending = undefined;
      this.draw();
    }
  }

  private setProblem(problem: string | undefined): void {
    this.problem = problem;
    this.draw();
  }

  private save(): void {
    this.saved = { ...this.saved, place: this.returnTo ?? this.table.place };
    this.host.state.save(this.saved);
  }

  private drawAll(): void {
    this.draw();
    this.table.update();
  }

  private draw(): void {
    const { actions, text } = this.saved;
    const state = {
      plan: this.plan,
      actions,
      text,
      matching: this.rows.total,
      active: this.rows.at(this.table.active),
      problem: this.problem,
      rowsProblem: this.rows.problem,
      pending: this.pending,
      table: this.table.element,
    };
    render(planView(state, this.events, Date.now()), this.root);
  }
}

new PlanPage();
