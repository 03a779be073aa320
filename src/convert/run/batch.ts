import { dirname } from 'node:path';
import type { Media } from '../../media/media.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { Engines } from '../engines/index.ts';
import type { PlanItem } from '../job.ts';
import { SkipItem } from '../preset.ts';
import { ItemError, JobProblem, problemBehind, wordsOf } from './faults.ts';
import { workGroup, type Begun } from './groupWork.ts';
import { advance, beginItem, discardTemporary, isRunnable, type ItemRun, type ItemSetup, type RunnableItem } from './itemRun.ts';
import type { Journal, PlacingLine } from './journal.ts';
import type { JournalState } from './journalState.ts';
import { ledgerEntry, placeGroup, type LedgerAccess, type Verified } from './placer.ts';
import { weightOf, type ProgressMeter } from './progressMeter.ts';
import { ReadyQueue, type Ready } from './readyQueue.ts';
import { recoverPlacing } from './recover.ts';
import type { Settlement } from './settlement.ts';
import { fileStamp } from './stamps.ts';
import { verifyOutput, type Inspect } from './verifyOutput.ts';

export interface BatchSetup extends ItemSetup {
  /** The whole plan, in order. */
  readonly items: AsyncIterable<readonly PlanItem[]>;
  /** What is left of it to do: items, and the sum of their weights. */
  readonly left: { readonly items: number; readonly weight: number };
  readonly before: JournalState;
  readonly engines: Engines;
  readonly runner: ToolRunner;
  readonly inspect: Inspect;
  readonly journal: Journal;
  readonly ledger: LedgerAccess;
  /** Stands for preset, revision and options in the ledger. */
  readonly recipe: string;
  /** The job's output folder. */
  readonly root: string;
  readonly workers: number;
  readonly meter: ProgressMeter;
  readonly settlement: Settlement;
  /** Told often: whenever a tool has got on. */
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

type ReadyItem = Ready & Begun;

/** Groups whose outputs wait for the disk, by worker: beyond that the disk is the slower one, and the workers wait for it. */
const PLACING = 2;

/**
 * Brings the items of a plan to their outputs: a bounded number of them is made ready, laid into groups, run, verified and put in
 * place at a time. Resolves when all of them have come to an end or the signal was raised; no process of ours runs then and no
 * temporary file is left. Rejects with a `JobProblem` where going on makes no sense.
 */
export function runBatch(setup: BatchSetup): Promise<void> {
  return new Batch(setup).run();
}

class Batch {
  private readonly queue: ReadyQueue<ReadyItem>;
  private readonly stop = new AbortController();
  private problem: JobProblem | undefined;
  private idle: number;
  private readonly left: { items: number; weight: number };
  /** Whether more will be ready in a moment, without waiting for anything slow. */
  private isFeeding = true;
  private onRoom = (): void => {};
  private readonly probing = new Set<Promise<void>>();
  private readonly working = new Set<Promise<void>>();
  private readonly placing = new Set<Promise<void>>();
  private readonly callsSeen = { most: 1 };

  constructor(private readonly setup: BatchSetup) {
    this.queue = new ReadyQueue((id) => setup.engines.get(id)?.group ?? { calls: 1, cost: 0 });
    this.idle = setup.workers;
    this.left = { ...setup.left };
  }

  async run(): Promise<void> {
    const { signal, folders } = this.setup;
    const cancel = (): void => this.end();
    signal.addEventListener('abort', cancel);
    if (signal.aborted) {
      cancel();
    }
    try {
      await this.feed().catch((error: unknown) => this.halt(error));
      this.queue.orderSinglesBySize();
      this.dispatch();
      while (this.working.size + this.placing.size > 0) {
        await Promise.all([...this.working, ...this.placing]);
      }
    } finally {
      signal.removeEventListener('abort', cancel);
      this.queue.drain().forEach(({ run }) => discardTemporary(run));
      folders.removeUnused();
    }
    if (this.problem) {
      throw this.problem;
    }
  }

  private get isStopped(): boolean {
    return this.stop.signal.aborted;
  }

  private end(): void {
    this.stop.abort();
    this.onRoom();
  }

  /** The first problem is the job's; what follows from ending everything is none. */
  private halt(error: unknown): void {
    if (!this.isStopped) {
      this.problem = error instanceof JobProblem ? error : new JobProblem(wordsOf(error));
      this.end();
    }
  }

  private async feed(): Promise<void> {
    for await (const block of this.setup.items) {
      for (const item of block) {
        if (!isRunnable(item) || this.setup.before.isSettled(item.seq)) {
          continue;
        }
        while (this.queue.isFull(this.setup.workers) && !this.isStopped) {
          await this.idleUntil(new Promise<void>((resolve) => (this.onRoom = resolve)));
        }
        if (this.isStopped) {
          break;
        }
        await this.makeReady(item);
      }
      if (this.isStopped) {
        break;
      }
    }
    while (this.probing.size > 0) {
      await this.idleUntil(Promise.race(this.probing));
    }
    this.isFeeding = false;
  }

  /** While nothing more becomes ready, workers take what there is. */
  private async idleUntil(event: Promise<void>): Promise<void> {
    this.isFeeding = false;
    this.dispatch();
    await event;
    this.isFeeding = true;
  }

  /** Gives a promise only where there is something to wait for. */
  private makeReady(item: RunnableItem): Promise<void> | undefined {
    try {
      const placing = this.setup.before.placing.get(item.seq);
      if (placing && recoverPlacing(item, placing)) {
        return this.enterRecovered(item, placing.line);
      }
      const { inputStamp, media } = this.look(item.input);
      if (!(media instanceof Promise)) {
        this.begin(item, media, inputStamp);
        return undefined;
      }
      this.track(this.probing, media.then((found) => this.begin(item, found, inputStamp)).catch((error: unknown) => this.failEarly(item, error)));
    } catch (error) {
      this.failEarly(item, error);
    }
    return this.probing.size >= this.setup.workers ? this.idleUntil(Promise.race(this.probing)) : undefined;
  }

  private look(input: string): { readonly inputStamp: string; readonly media: Media | Promise<Media> } {
    try {
      return { inputStamp: fileStamp(input), media: this.setup.inspect(input) };
    } catch (error) {
      throw new ItemError(`the input cannot be read · ${wordsOf(error)}`);
    }
  }

  private begin(item: RunnableItem, media: Media, inputStamp: string): void {
    if (this.isStopped) {
      return;
    }
    const run = beginItem(item, media, inputStamp, this.setup);
    try {
      const step = advance(run);
      if ('outcome' in step) {
        this.track(this.working, this.withoutCall({ run, outcome: step.outcome }));
        return;
      }
      const weight = weightOf(item.engine, item.cost);
      this.queue.add({ seq: item.seq, engine: item.engine, cost: item.cost, weight, groupable: step.call.groupable, run, call: step.call });
    } catch (error) {
      this.settleError(run, error);
      this.passOver(item);
    }
  }

  /** A method that had nothing to ask of its tool is held to its promise all the same. */
  private async withoutCall(verified: Verified): Promise<void> {
    const { run } = verified;
    try {
      await verifyOutput(run, this.setup);
      this.place([verified]);
    } catch (error) {
      this.settleError(run, error);
    }
    this.passOver(run.item);
  }

  /** A dead run got the output into place and died before it could say so. */
  private async enterRecovered(item: RunnableItem, line: PlacingLine): Promise<void> {
    await this.setup.ledger.append([ledgerEntry(item, this.setup.recipe, line)]);
    this.setup.settlement.done([{ item, damage: line.damage ?? [], notes: line.notes ?? [] }]);
    this.passOver(item);
  }

  private failEarly(item: RunnableItem, error: unknown): void {
    this.settleFailure(item, error);
    this.passOver(item);
  }

  /** The item came to its end without a worker. */
  private passOver(item: RunnableItem): void {
    const weight = weightOf(item.engine, item.cost);
    this.left.items--;
    this.left.weight -= weight;
    this.setup.meter.settle(item.engine, weight);
  }

  private dispatch(): void {
    const { workers } = this.setup;
    // Taken before the round: workers that are free together get equal shares of what is left.
    const share = { items: Math.ceil(this.left.items / workers), weight: this.left.weight / workers };
    while (this.idle > 0 && !this.isStopped) {
      const group = this.queue.take(share, this.isFeeding);
      if (group === undefined) {
        return;
      }
      this.idle--;
      this.left.items -= group.length;
      this.left.weight -= group.reduce((sum, { weight }) => sum + weight, 0);
      this.track(this.working, this.work(group));
    }
  }

  private async work(group: readonly ReadyItem[]): Promise<void> {
    const { meter, engines, runner, journal, onProgress } = this.setup;
    const [first] = group;
    const engine = first && engines.get(first.engine);
    const open = new Set(group.map(({ run }) => run));
    const portion = meter.begin(first?.engine ?? 'ffmpeg', group.map(({ run, weight }) => ({ input: run.item.input, weight })));
    try {
      if (!engine) {
        throw new JobProblem(`There is no engine ${first?.engine}.`);
      }
      journal.append([{ kind: 'started', seqs: group.map(({ seq }) => seq) }]);
      const threads = Math.max(...group.map(({ run }) => this.setup.threadsFor(run.media)));
      const verified = await workGroup(group, {
        runner, engine, threads, portion, onProgress,
        verification: this.setup,
        signal: this.stop.signal,
        callsSeen: this.callsSeen,
        onError: (run, error) => {
          open.delete(run);
          this.settleError(run, error);
        },
      });
      while (this.placing.size >= this.setup.workers * PLACING) {
        await Promise.race(this.placing);
      }
      verified.forEach(({ run }) => open.delete(run));
      portion.end();
      this.place(verified);
    } catch (error) {
      this.halt(error);
    } finally {
      open.forEach(discardTemporary);
      this.idle++;
      this.dispatch();
      this.onRoom();
    }
  }

  private place(verified: readonly Verified[]): void {
    if (verified.length > 0) {
      this.track(this.placing, this.placeAndSettle(verified));
    }
  }

  private async placeAndSettle(verified: readonly Verified[]): Promise<void> {
    const placed = await placeGroup(verified, this.setup).catch((error: unknown) => {
      verified.forEach(({ run }) => discardTemporary(run));
      throw error;
    });
    const inPlace = placed.filter(({ error }) => error === undefined);
    this.setup.settlement.done(inPlace.map(({ run, outcome }) => ({ item: run.item, damage: run.damage, notes: outcome.notes ?? [] })));
    placed.filter(({ error }) => error !== undefined).forEach(({ run, error }) => this.settleError(run, error));
  }

  /** Holds what is under way until it has ended. */
  private track(set: Set<Promise<void>>, task: Promise<void>): void {
    const tracked: Promise<void> = task.catch((error: unknown) => this.halt(error)).then(() => void set.delete(tracked));
    set.add(tracked);
  }

  private settleError(run: ItemRun, error: unknown): void {
    if (error instanceof SkipItem) {
      this.setup.settlement.skipped(run.item, error.message);
    } else {
      this.settleFailure(run.item, error, run);
    }
    discardTemporary(run);
  }

  private settleFailure(item: RunnableItem, error: unknown, run?: ItemRun): void {
    if (this.isStopped || ToolError.is(error, 'cancelled')) {
      return;
    }
    const { root, settlement } = this.setup;
    const problem = problemBehind(error, { root, folder: dirname(item.output), wasThere: run !== undefined });
    settlement.failed(item, error);
    if (problem) {
      this.halt(problem);
    }
  }
}
