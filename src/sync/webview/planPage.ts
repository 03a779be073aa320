import '../../webview/theme.css';
import '../../webview/controls.css';
import './planPage.css';
import './planParts.css';
import { render } from 'lit/html.js';
import { Announcer } from '../../webview/announcer.ts';
import { connectHost } from '../../webview/messageClient.ts';
import { PagedRows } from '../../webview/pagedRows.ts';
import { parsePlanList, toggled } from '../../webview/planList.ts';
import type { PlanListState } from '../../webview/planList.ts';
import { cycleRegions } from '../../webview/regions.ts';
import { VirtualTable } from '../../webview/virtualTable.ts';
import { PLAN_ACTIONS } from './planProtocol.ts';
import type { PlanAction, PlanFacts, PlanHost, PlanPage as PlanPageApi, PlanRow } from './planProtocol.ts';
import { planColumns, planTree } from './planTable.ts';
import type { RowEvents } from './planTable.ts';
import { planView } from './planView.ts';
import type { PlanViewEvents } from './planView.ts';
import { announced } from './planWords.ts';

/** Milliseconds without a keystroke before the host is asked to filter. */
const TYPING = 150;

class PlanPage {
  private readonly root = document.createElement('main');
  private readonly announcer: Announcer;
  private readonly host = connectHost<PlanHost, PlanPageApi>({
    show: (facts) => this.show(facts as PlanFacts | undefined),
    problem: (message) => this.setProblem(String(message)),
  });
  private readonly rows: PagedRows<PlanRow>;
  private readonly table: VirtualTable<PlanRow>;
  private saved: PlanListState<PlanAction> = parsePlanList(this.host.state.load(), PLAN_ACTIONS);
  /** The place to go to as soon as the rows are known. */
  private returnTo: PlanListState<PlanAction>['place'] | undefined = this.saved.place;
  private facts: PlanFacts | 'gone' | undefined;
  private problem: string | undefined;
  private typing: ReturnType<typeof setTimeout> | undefined;

  private readonly events: PlanViewEvents = {
    act: (command, box) => this.ask(() => this.host.request('act', { command, ...(box !== undefined && { box }) })),
    choose: (box) => this.ask(() => this.host.request('choose', { box })),
    toggle: (action) => this.filter(toggled(this.saved.actions, action, PLAN_ACTIONS), this.saved.text),
    search: (text) => this.search(text),
    clear: () => this.filter([], ''),
    release: ({ code }, word) => this.ask(() => this.host.request('release', { code, word })),
    retryRows: () => this.rows.retry(),
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
    this.rows = new PagedRows<PlanRow>({
      fetch: (offset, count) => this.host.request('rows', { offset, count }),
      onChange: () => this.onRows(),
    });
    this.table = new VirtualTable<PlanRow>({
      label: 'Names of the plan',
      columns: planColumns(() => ({ source: this.shownFacts?.direction === 'pull' ? 'there' : 'here', locked: this.isLocked }), this.rowEvents),
      rows: this.rows,
      onActive: () => this.draw(),
      tree: planTree(() => this.isLocked, this.rowEvents),
    });
    cycleRegions(this.root);
    window.addEventListener('pagehide', () => this.save());
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
      this.saved = { ...this.saved, id: facts.session };
      const words = announced(before, facts);
      if (words !== '') {
        this.announcer.say(words);
      }
      if (facts.plan !== undefined && (before?.plan === undefined || before.shown !== facts.shown)) {
        // The host has forgotten what a page that was hidden had filtered by.
        this.filter(this.saved.actions, this.saved.text, this.returnTo);
      } else if (facts.plan?.version !== before?.plan?.version) {
        this.rows.renew();
      }
    }
    this.save();
    this.drawAll();
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

  private filter(actions: readonly PlanAction[], text: string, place = { offset: 0, active: 0 }): void {
    clearTimeout(this.typing);
    this.saved = { ...this.saved, actions, text };
    this.returnTo = place;
    this.ask(async () => {
      await this.host.request('filter', { actions, text });
      this.rows.reset();
    });
    this.save();
    this.drawAll();
  }

  private ask(request: () => Promise<unknown>): void {
    request().catch((error: unknown) => this.setProblem(error instanceof Error ? error.message : String(error)));
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
    const state = { facts: this.facts, actions, text, matching: this.rows.total, problem: this.problem, rowsProblem: this.rows.problem, table: this.table.element };
    render(planView(state, this.events, Date.now()), this.root);
  }
}

new PlanPage();
