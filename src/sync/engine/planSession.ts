import { basename } from 'node:path';
import { shownPath } from '../../base/bytePath.ts';
import type { RowPage } from '../../webview/pagedRows.ts';
import type { Approval, Guard, SyncPlan } from '../plan.ts';
import type { SyncOutcome, SyncProgress } from '../run.ts';
import { SyncError } from '../syncError.ts';
import type { Target } from '../target.ts';
import { PlanTree } from '../view/planTree.ts';
import { fractionOf, outcomeWords, paceWords, progressWords } from '../view/runWords.ts';
import type { BoxLine, BoxPhase, GuardNote, PlanFacts, PlanRow, PlanRowsRequest } from '../webview/planProtocol.ts';

/** What a session has done for it. */
export interface SessionWork {
  /** @returns the plan, and with what it will be run: `rsync 3.2.7` */
  plan(target: Target, box: string, signal: AbortSignal): Promise<{ readonly plan: SyncPlan; readonly tool: string }>;
  run(plan: SyncPlan, approval: Approval, onProgress: (progress: SyncProgress) => void, signal: AbortSignal): Promise<SyncOutcome>;
  /** Puts back what the last run to this box overwrote and deleted. */
  undo(target: Target, box: string, signal: AbortSignal): Promise<SyncOutcome>;
}

interface Leg {
  readonly box: string;
  phase: BoxPhase;
  words: string;
  tree?: PlanTree;
  tool: string;
  progress?: SyncProgress;
  outcome?: SyncOutcome;
  remedy?: BoxLine['remedy'];
  /** Of what it does now. */
  ending?: AbortController;
}

/** A target with its plan for each box: shown, ticked, run and undone. No box holds up another. */
export class PlanSession {
  private readonly legs: readonly Leg[];
  private shown: string;
  private version = 0;

  constructor(
    readonly id: string,
    readonly target: Target,
    private readonly work: SessionWork,
    private readonly onChange: () => void,
  ) {
    this.legs = target.boxes.map((box) => ({ box, phase: 'planning', words: 'comparing', tool: '' }));
    this.shown = target.boxes[0] ?? '';
  }

  /** Makes the plans of all boxes, or of one, anew; what runs goes on. Resolves when they are there. */
  async makePlans(box?: string): Promise<void> {
    await Promise.all(this.legsOf(box).map(async (leg) => leg.phase !== 'running' && leg.phase !== 'waiting' && this.makePlan(leg)));
  }

  /** Runs what is ticked, on every box that nothing stands in the way of. Resolves when all have ended. */
  async run(box?: string): Promise<void> {
    await Promise.all(this.legsOf(box).map(async (leg) => this.isReady(leg) && this.runLeg(leg)));
  }

  cancel(box?: string): void {
    this.legsOf(box).forEach(({ ending }) => ending?.abort());
  }

  async undo(box: string): Promise<void> {
    await Promise.all(
      this.legsOf(box).map((leg) =>
        this.does(leg, 'running', 'putting back', async (signal) => {
          const outcome = await this.work.undo(this.target, leg.box, signal);
          this.end(leg, withoutTrash(outcome), `put back · ${outcomeWords(outcome)}`);
        }),
      ),
    );
  }

  choose(box: string): void {
    if (this.legs.some((leg) => leg.box === box)) {
      this.shown = box;
      this.changed();
    }
  }

  /** Of the plan that is shown. */
  rows({ offset, count, actions = [], text = '' }: PlanRowsRequest): RowPage<PlanRow> {
    const { tree } = this;
    tree?.filter(actions, text);
    return { items: tree?.rows(offset, count) ?? [], total: tree?.total ?? 0 };
  }

  /** Changes ticks or what is open in the tree that is shown, while it does not run. */
  edit(change: (tree: PlanTree) => void): void {
    const leg = this.leg;
    if (leg?.tree !== undefined && leg.phase === 'planned') {
      change(leg.tree);
      this.changed();
    }
  }

  setOpen(id: number, open: boolean): void {
    this.tree?.setOpen(id, open);
    this.changed();
  }

  /** Throws a `SyncError` where the word is not the one that was asked for. */
  release(code: string, word: string): void {
    const guard = this.tree?.plan.guards.find((one) => one.code === code);
    if (guard !== undefined && wordOf(guard, this.target) !== undefined && word !== wordOf(guard, this.target)) {
      throw new SyncError('guard', `That is not the folder’s name. Type ${wordOf(guard, this.target)} to let these deletions pass.`);
    }
    this.edit((tree) => tree.release(code));
  }

  /** The plan that is shown, and what of it is ticked. */
  get current(): { readonly plan: SyncPlan; readonly tree: PlanTree } | undefined {
    return this.tree && { plan: this.tree.plan, tree: this.tree };
  }

  /** Some box has a deletion, a conflict or a guard, or could not be compared: a person would want to see that first. */
  get needsLook(): boolean {
    return this.legs.some(({ phase, tree }) => phase !== 'planned' || tree === undefined || tree.sums.delete > 0 || tree.sums.conflict > 0 || tree.plan.guards.some(({ severity }) => severity !== 'note'));
  }

  get isBusy(): boolean {
    return this.legs.some(({ ending }) => ending !== undefined);
  }

  facts(now: number): PlanFacts {
    const { name, direction, local, remote } = this.target;
    const { leg, tree } = this;
    return {
      session: this.id,
      name,
      direction,
      local,
      remote,
      boxes: this.legs.map((each) => line(each, now)),
      shown: this.shown,
      ...(leg !== undefined &&
        tree !== undefined && {
          plan: {
            meta: { tool: leg.tool, madeAt: tree.plan.madeAt, compared: tree.plan.alike + tree.plan.items.length },
            guards: tree.plan.guards.map((guard) => guardNote(guard, tree, this.target)),
            sums: tree.sums,
            version: this.version,
          },
        }),
      canRun: this.legs.some((each) => this.isReady(each)),
      canCancel: this.isBusy,
    };
  }

  private get leg(): Leg | undefined {
    return this.legs.find(({ box }) => box === this.shown);
  }

  private get tree(): PlanTree | undefined {
    return this.leg?.tree;
  }

  private legsOf(box: string | undefined): readonly Leg[] {
    return box === undefined ? this.legs : this.legs.filter((leg) => leg.box === box);
  }

  private isReady({ phase, tree }: Leg): boolean {
    if (phase !== 'planned' || tree === undefined) {
      return false;
    }
    const { changes, conflicts, deletions } = tree.sums.ticked;
    // What is said of a part of the tree holds back that part alone.
    const stopped = tree.plan.guards.some(({ code, severity, below }) => severity === 'refused' || (severity === 'held' && code !== 'manyDeletions' && below === undefined && !tree.isReleased(code)));
    return !stopped && changes + conflicts + deletions > 0;
  }

  private makePlan(leg: Leg): Promise<void> {
    delete leg.tree;
    delete leg.outcome;
    return this.does(leg, 'planning', 'comparing', async (signal) => {
      const { plan, tool } = await this.work.plan(this.target, leg.box, signal);
      leg.tree = new PlanTree(plan, basename(this.target.local));
      leg.tool = tool;
      leg.phase = 'planned';
      leg.words = plan.items.length === 0 ? 'in step' : 'planned';
    });
  }

  private runLeg(leg: Leg): Promise<void> {
    const { tree } = leg;
    return this.does(leg, 'running', 'starting', async (signal) => {
      const outcome = await this.work.run(
        tree!.plan,
        tree!.approval(),
        (progress) => {
          leg.progress = progress;
          leg.phase = progress.phase === 'waiting' ? 'waiting' : 'running';
          leg.words = progressWords(progress);
          this.onChange();
        },
        signal,
      );
      this.end(leg, outcome, outcomeWords(outcome));
    });
  }

  private end(leg: Leg, outcome: SyncOutcome, words: string): void {
    leg.outcome = outcome;
    leg.phase = outcome.state;
    leg.words = words;
  }

  private async does(leg: Leg, phase: BoxPhase, words: string, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
    leg.ending?.abort();
    const ending = new AbortController();
    Object.assign(leg, { ending, phase, words });
    delete leg.remedy;
    delete leg.progress;
    this.changed();
    try {
      await act(ending.signal);
    } catch (error) {
      if (leg.ending === ending) {
        fail(leg, error, ending.signal.aborted);
      }
    } finally {
      if (leg.ending === ending) {
        delete leg.ending;
        delete leg.progress;
        this.changed();
      }
    }
  }

  private changed(): void {
    this.version++;
    this.onChange();
  }
}

function fail(leg: Leg, error: unknown, aborted: boolean): void {
  if (aborted || (error instanceof SyncError && error.reason === 'cancelled')) {
    Object.assign(leg, { phase: 'cancelled', words: 'cancelled' });
    return;
  }
  Object.assign(leg, { phase: 'problem', words: error instanceof Error ? error.message : String(error) });
  leg.remedy = error instanceof SyncError && error.reason === 'signIn' ? 'signIn' : error instanceof SyncError && error.reason === 'noRsync' ? 'copyInstall' : 'retry';
}

function line({ box, phase, words, progress, outcome, remedy }: Leg, now: number): BoxLine {
  const fraction = progress === undefined ? (phase === 'done' ? 1 : undefined) : fractionOf(progress);
  return {
    box,
    phase,
    words,
    ...(fraction !== undefined && { fraction }),
    ...(progress !== undefined && { pace: paceWords(progress, now) }),
    ...(remedy !== undefined && { remedy }),
    canUndo: outcome?.trash !== undefined,
  };
}

function guardNote(guard: Guard, tree: PlanTree, target: Target): GuardNote {
  const { code, severity, message } = guard;
  const word = wordOf(guard, target);
  return { code, severity, message, ...(word !== undefined && { word }), released: tree.isReleased(code) };
}

/** Deletions are let pass by typing the name of the folder that loses them. */
function wordOf({ code, severity, below }: Guard, target: Target): string | undefined {
  return code === 'manyDeletions' && severity === 'held' ? basename(below === undefined || below === '' ? target.remote : shownPath(below)) : undefined;
}

/** What was put back cannot be put back once more. */
function withoutTrash({ trash: _trash, ...outcome }: SyncOutcome): SyncOutcome {
  return outcome;
}
