import '../../webview/theme.css';
import '../../webview/controls.css';
import '../../webview/plan.css';
import './planPage.css';
import { render } from 'lit/html.js';
import { Announcer } from '../../webview/announcer.ts';
import { FilteredList } from '../../webview/filteredList.ts';
import { connectHost } from '../../webview/messageClient.ts';
import { cycleRegions } from '../../webview/regions.ts';
import { planColumns } from './planTable.ts';
import { planView } from './planView.ts';
import type { PlanViewEvents } from './planView.ts';
import { planFate } from './planWords.ts';
import { ROW_ACTIONS } from './protocol.ts';
import type { JobAction, PlanFacts, PlanHost, PlanPage as PlanPageApi, PlanRow, RowAction } from './protocol.ts';

class PlanPage {
  private readonly root = document.createElement('main');
  private readonly announcer: Announcer;
  private readonly host = connectHost<PlanHost, PlanPageApi>({
    show: (plan) => this.show(plan as PlanFacts | undefined),
    problem: (message) => this.setProblem(String(message)),
  });
  private readonly list: FilteredList<RowAction, PlanRow>;
  private plan: PlanFacts | 'gone' | undefined;
  private problem: string | undefined;
  private pending: JobAction | 'showJobs' | undefined;

  private readonly events: PlanViewEvents = {
    act: (action) => void this.act(action),
    toggle: (action) => this.list.toggle(action),
    search: (text) => this.list.search(text),
    clear: () => this.list.clear(),
    retryRows: () => this.list.rows.retry(),
    dismiss: () => this.setProblem(undefined),
  };

  constructor() {
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    document.body.append(this.root, status);
    this.announcer = new Announcer(status);
    this.list = new FilteredList<RowAction, PlanRow>({
      label: 'Files of the plan',
      columns: planColumns(() => (typeof this.plan === 'object' ? this.plan : { base: '', output: '' })),
      actions: ROW_ACTIONS,
      state: this.host.state,
      fetch: (request) => this.host.request('rows', request),
      onChange: () => this.draw(),
    });
    cycleRegions(this.root);
    this.host.ready();
  }

  private show(plan: PlanFacts | undefined): void {
    const before = typeof this.plan === 'object' ? this.plan : undefined;
    this.plan = plan ?? 'gone';
    if (plan) {
      this.list.setId(plan.id);
      if (before?.state !== plan.state) {
        this.announcer.say(planFate(plan, Date.now()));
      }
      // The rows are the plan's, which no run changes.
      if (plan.state !== 'planning' && (before === undefined || before.state === 'planning')) {
        this.list.rows.reset();
      }
    }
    this.list.draw();
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

  private draw(): void {
    const { rows, table } = this.list;
    const state = {
      plan: this.plan,
      ...this.list.filter,
      matching: rows.total,
      active: rows.at(table.active),
      problem: this.problem,
      rowsProblem: rows.problem,
      pending: this.pending,
      table: table.element,
    };
    render(planView(state, this.events, Date.now()), this.root);
  }
}

new PlanPage();
