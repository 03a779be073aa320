import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { WorkerThread } from '../../base/workerThread.ts';
import type { BoxState } from '../box.ts';
import type { SyncRecord } from '../history/history.ts';
import type { RunPlace, RunReport } from '../runs/runReport.ts';
import type { SyncApi, SyncEvents } from '../syncApi.ts';
import type { Target } from '../target.ts';
import { syncNodes } from '../view/syncNodes.ts';
import type { SyncNode } from '../view/syncNodes.ts';
import type { PlanFacts } from '../webview/planProtocol.ts';
import type { RunsOfWindow } from './runsOfWindow.ts';
import type { TargetsOfWindow } from './targetsOfWindow.ts';

export type SyncThread = Pick<WorkerThread<SyncApi, SyncEvents>, 'request' | 'requestUntil'>;

/** Syncs that are kept for the view. */
const KEPT_RECORDS = 200;

/** What this window knows of its targets: their plans, their boxes, what was synced. */
export class SyncModel implements Disposable {
  private readonly own = new DisposableStore();
  private readonly changed = this.own.add(new Emitter<void>());
  private readonly toldFacts = this.own.add(new Emitter<PlanFacts>());
  private readonly sessions = new Map<string, { readonly target: Target; facts?: PlanFacts; left?: true }>();
  private readonly boxes = new Map<string, BoxState>();
  private readonly watched = new Map<string, Map<string, { readonly words: string; readonly asks: boolean }>>();
  private readonly reports = new Map<string, RunReport>();
  private history: readonly SyncRecord[] = [];
  private counter = 0;

  /** Something that the view shows is otherwise. */
  readonly onDidChange = this.changed.event;
  readonly onDidTellFacts = this.toldFacts.event;

  constructor(
    private readonly thread: SyncThread,
    private readonly runs: Pick<RunsOfWindow, 'all' | 'onDidChange'>,
    private readonly targets: Pick<TargetsOfWindow, 'targets' | 'problems' | 'onDidChange'>,
  ) {
    this.own.add(targets.onDidChange(() => this.changed.fire()));
    this.own.add(runs.onDidChange(() => this.changed.fire()));
  }

  /** Makes the plans of a target. One session each for a name and direction; what it showed before is gone. */
  async open(target: Target): Promise<string> {
    const session = target.from === 'typed' ? `typed/${++this.counter}` : `${target.direction}/${target.name}`;
    this.sessions.set(session, { target });
    await this.thread.request('open', { session, target });
    return session;
  }

  /** Nobody looks at it any more. A target's own plan is kept for the view; what was typed is forgotten once nothing runs in it. */
  leave(id: string): void {
    const session = this.sessions.get(id);
    if (session?.target.from === 'typed') {
      session.left = true;
      this.forgetLeft(id);
    }
  }

  target(session: string): Target | undefined {
    return this.sessions.get(session)?.target;
  }

  facts(session: string): PlanFacts | undefined {
    return this.sessions.get(session)?.facts;
  }

  get allFacts(): readonly PlanFacts[] {
    return [...this.sessions.values()].flatMap(({ facts }) => facts ?? []);
  }

  tellFacts(facts: PlanFacts): void {
    const session = this.sessions.get(facts.session);
    if (session === undefined) {
      return;
    }
    const before = session.facts;
    session.facts = facts;
    this.toldFacts.fire(facts);
    this.changed.fire();
    if (facts.boxes.some(({ box, phase }) => isEnd(phase) && before?.boxes.find((line) => line.box === box)?.phase !== phase)) {
      void this.readHistory();
    }
    this.forgetLeft(facts.session);
  }

  tellBox(box: string, state: BoxState): void {
    this.boxes.set(box, state);
    this.changed.fire();
  }

  tellWatched(watched: Parameters<SyncEvents['watched']>[0]): void {
    if ('ended' in watched) {
      this.watched.delete(watched.target);
    } else {
      const { target, box, words, asks } = watched;
      this.watched.set(target, new Map(this.watched.get(target)).set(box, { words, asks }));
    }
    this.changed.fire();
  }

  tellRun(report: RunReport): void {
    this.reports.set(`${report.box}:${report.path}`, report);
    this.changed.fire();
  }

  report({ box, path }: RunPlace): RunReport | undefined {
    return this.reports.get(`${box}:${path}`);
  }

  /** Asks a box what it is; a person may be asked to sign in. */
  async probe(box: string): Promise<BoxState> {
    this.tellBox(box, { kind: 'connecting' });
    const state = await this.thread.request('probe', { box });
    this.tellBox(box, state);
    return state;
  }

  async readHistory(): Promise<void> {
    this.history = await this.thread.request('history', { most: KEPT_RECORDS });
    this.changed.fire();
  }

  nodes(now: number): readonly SyncNode[] {
    // What was typed may be called as a target is.
    const facts = new Map([...this.sessions.values()].flatMap(({ target, facts: told }) => (target.from === 'typed' || told === undefined ? [] : [[target.name, told] as const])));
    return syncNodes({ targets: this.targets.targets, problems: this.targets.problems, boxes: this.boxes, facts, watched: this.watched, runs: this.runs.all, reports: this.reports, history: this.history, now });
  }

  dispose(): void {
    this.own.dispose();
  }

  private forgetLeft(id: string): void {
    const session = this.sessions.get(id);
    if (session?.left === true && session.facts?.canCancel !== true) {
      this.sessions.delete(id);
      void this.thread.request('close', { session: id });
    }
  }
}

function isEnd(phase: PlanFacts['boxes'][number]['phase']): boolean {
  return phase === 'done' || phase === 'partial' || phase === 'cancelled';
}
