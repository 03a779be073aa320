import '../../webview/theme.css';
import '../../webview/controls.css';
import '../../webview/plan.css';
import './planPage.css';
import './planParts.css';
import { render } from 'lit/html.js';
import { Announcer } from '../../webview/announcer.ts';
import { FilteredList } from '../../webview/filteredList.ts';
import { connectHost } from '../../webview/messageClient.ts';
import { cycleRegions } from '../../webview/regions.ts';
import { PLAN_ACTIONS } from './planProtocol.ts';
import type { PlanAction, PlanFacts, PlanHost, PlanPage as PlanPageApi, PlanRow } from './planProtocol.ts';
import { planColumns, planTree } from './planTable.ts';
import type { RowEvents } from './planTable.ts';
import { planView } from './planView.ts';
import type { PlanViewEvents } from './planView.ts';
import { announced } from './planWords.ts';

class PlanPage {
  private readonly root = document.createElement('main');
  private readonly announcer: Announcer;
  private readonly host = connectHost<PlanHost, PlanPageApi>({
    show: (facts) => this.show(facts as PlanFacts | undefined),
    problem: (message) => this.setProblem(String(message)),
  });
  private readonly list: FilteredList<PlanAction, PlanRow>;
  private facts: PlanFacts | 'gone' | undefined;
  private problem: string | undefined;

  private readonly events: PlanViewEvents = {
    act: (command, box) => this.ask(() => this.host.request('act', { command, ...(box !== undefined && { box }) })),
    choose: (box) => this.ask(() => this.host.request('choose', { box })),
    toggle: (action) => this.list.toggle(action),
    search: (text) => this.list.search(text),
    clear: () => this.list.clear(),
    release: ({ code }, word) => this.ask(() => this.host.request('release', { code, word })),
    retryRows: () => this.list.rows.retry(),
    dismiss: () => this.setProblem(undefined),
  };

  private readonly rowEvents: RowEvents = {
    setOpen: ({ id }, open) => this.ask(() => this.host.request('setOpen', { id, open })),
    tick: ({ id, tick }) => this.ask(() => this.host.request('tick', { id, on: tick !== 'on' })),
    keep: ({ id }, side) => this.ask(() => this.host.request('keep', { id, side })),
    compare: ({ id }) => this.ask(() => this.host.request('compare', { id })),
  };

  constructor() {
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    document.body.append(this.root, status);
    this.announcer = new Announcer(status);
    this.list = new FilteredList<PlanAction, PlanRow>({
      label: 'Names of the plan',
      columns: planColumns(() => ({ source: this.shownFacts?.direction === 'pull' ? 'there' : 'here', locked: this.isLocked }), this.rowEvents),
      tree: planTree(() => this.isLocked, this.rowEvents),
      actions: PLAN_ACTIONS,
      state: this.host.state,
      fetch: (request) => this.host.request('rows', request),
      onChange: () => this.draw(),
    });
    cycleRegions(this.root);
    this.host.ready();
  }

  private get shownFacts(): PlanFacts | undefined {
    return typeof this.facts === 'object' ? this.facts : undefined;
  }

  /** What runs is what was ticked when it started. */
  private get isLocked(): boolean {
    const phase = this.shownFacts?.boxes.find(({ box }) => box === this.shownFacts?.shown)?.phase;
    return phase !== 'planned';
  }

  private show(facts: PlanFacts | undefined): void {
    const before = this.shownFacts;
    this.facts = facts ?? 'gone';
    if (facts !== undefined) {
      this.list.setId(facts.session);
      const words = announced(before, facts);
      if (words !== '') {
        this.announcer.say(words);
      }
      if (facts.plan !== undefined && (before?.plan === undefined || before.shown !== facts.shown)) {
        this.list.rows.reset();
      } else if (facts.plan?.version !== before?.plan?.version) {
        this.list.rows.renew();
      }
    }
    this.list.draw();
  }

  private ask(request: () => Promise<unknown>): void {
    request().catch((error: unknown) => this.setProblem(error instanceof Error ? error.message : String(error)));
  }

  private setProblem(problem: string | undefined): void {
    this.problem = problem;
    this.draw();
  }

  private draw(): void {
    const { rows, table } = this.list;
    const state = { facts: this.facts, ...this.list.filter, matching: rows.total, problem: this.problem, rowsProblem: rows.problem, table: table.element };
    render(planView(state, this.events, Date.now()), this.root);
  }
}

new PlanPage();
